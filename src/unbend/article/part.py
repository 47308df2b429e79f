"""What a part of the article comes to when it is run: whether its claim holds, one line, and the whole calculation."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from ..words import say


@dataclass(frozen=True)
class Outcome:
    """``ok``: the claim holds; ``values`` fill the result's line; ``lines`` show the calculation, code and numbers."""

    ok: bool
    values: dict[str, Any] = field(default_factory=dict)
    lines: tuple[str, ...] = ()


@dataclass(frozen=True)
class Row:
    """One part that was run. Texts are in the language in use when they are asked for."""

    id: str
    outcome: Outcome

    @property
    def ok(self) -> bool:
        """Whether the claim holds (for a slip: whether what holds instead was shown)."""
        return self.outcome.ok

    @property
    def claim(self) -> str:
        """What the part says, in our words."""
        return say(f"article.{self.id}")

    @property
    def slip(self) -> str | None:
        """For E01 to E15: what the article says instead."""
        return say(f"article.{self.id}_slip") if self.id.startswith("E") else None

    @property
    def result(self) -> str:
        """One line on what came out."""
        return say(f"article.{self.id}_result", **self.outcome.values)

    def to_dict(self) -> dict[str, Any]:
        """For JSON."""
        shown = {"id": self.id, "claim": self.claim, "ok": self.ok, "result": self.result}
        return {**shown, **({"slip": self.slip} if self.slip else {}), "lines": list(self.outcome.lines)}


Run = Callable[[], Outcome]
PARTS: dict[str, Run] = {}


def part(name: str) -> Callable[[Run], Run]:
    """Registers the function that runs a part."""

    def register(run: Run) -> Run:
        PARTS[name] = run
        return run

    return register


def show(code: str, value: Any) -> list[str]:
    """A line of code and what it answers, as at Python's prompt."""
    return [f">>> {code}", *str(value).splitlines()]
