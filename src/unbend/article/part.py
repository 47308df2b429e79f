"""The registry of the checks behind ``unbend article``: `part` registers a function that verifies one claim.

The article (docs/article.md) leads from a network of a few neurons to the question what *linear* means. A01 to A28 are
its claims, E01 to E15 its errors. A check returns an `Outcome`; `PartResult` adds the texts.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from ..words import say


@dataclass(frozen=True)
class Outcome:
    """What a part's function returns.

    ``ok``: whether the claim holds; ``values`` are put into the message of the result; ``lines`` are the calculation as
    in a Python session.
    """

    ok: bool
    values: dict[str, Any] = field(default_factory=dict)
    lines: tuple[str, ...] = ()


@dataclass(frozen=True)
class PartResult:
    """The result of one part; texts are in the language in use when they are read."""

    id: str
    outcome: Outcome

    @property
    def ok(self) -> bool:
        """Whether the claim holds (for a slip: whether the correction does)."""
        return self.outcome.ok

    @property
    def claim(self) -> str:
        """The part's claim."""
        return say(f"article.{self.id}")

    @property
    def slip(self) -> str | None:
        """For E01 to E15: the article's erroneous text."""
        return say(f"article.{self.id}_slip") if self.id.startswith("E") else None

    @property
    def result(self) -> str:
        """The computed result in one line."""
        return say(f"article.{self.id}_result", **self.outcome.values)

    def to_dict(self) -> dict[str, Any]:
        """For JSON."""
        shown = {"id": self.id, "claim": self.claim, "ok": self.ok, "result": self.result}
        return {**shown, **({"slip": self.slip} if self.slip else {}), "lines": list(self.outcome.lines)}


Run = Callable[[], Outcome]
PARTS: dict[str, Run] = {}


def part(name: str) -> Callable[[Run], Run]:
    """Decorator that registers the function of a part."""

    def register(run: Run) -> Run:
        PARTS[name] = run
        return run

    return register


def show(code: str, value: Any) -> list[str]:
    """A line of code and its output, as in a Python session."""
    return [f">>> {code}", *str(value).splitlines()]
