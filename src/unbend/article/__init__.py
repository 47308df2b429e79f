"""The claims of the article behind ``unbend article``: `names` lists them, `run` computes one as a `PartResult`."""

from __future__ import annotations

from ..errors import BadInput
from .part import PARTS, Outcome, PartResult

__all__ = ["Outcome", "PartResult", "names", "run"]


def names() -> tuple[str, ...]:
    """The parts' names in order: A01 to A28, then the slips E01 to E15."""
    _load()
    return tuple(sorted(PARTS))


def run(name: str) -> PartResult:
    """Run one part, such as ``"A12"``. Raises ``BadInput`` where there is none of that name."""
    _load()
    identifier = name.upper()
    if identifier not in PARTS:
        raise BadInput("article.no_such_part", got=name)
    return PartResult(identifier, PARTS[identifier]())


def _load() -> None:
    from . import activations, linear_models, networks, slips, vectors  # noqa: F401  (each registers its parts)
