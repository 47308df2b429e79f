"""The article, part by part: every claim run, and every slip beside what holds."""

from __future__ import annotations

from ..errors import BadInput
from .part import PARTS, Outcome, Row

__all__ = ["Outcome", "Row", "names", "run"]


def names() -> tuple[str, ...]:
    """The parts' names in order: A01 to A28, then the slips E01 to E15."""
    _load()
    return tuple(sorted(PARTS))


def run(name: str) -> Row:
    """Run one part. Raises ``BadInput`` where there is none of that name."""
    _load()
    wanted = name.upper()
    if wanted not in PARTS:
        raise BadInput("article.no_such_part", got=name)
    return Row(wanted, PARTS[wanted]())


def _load() -> None:
    from . import activations, lines, networks, slips, vectors  # noqa: F401  (each registers its parts)
