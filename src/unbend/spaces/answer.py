"""The answer to one axiom: what is claimed, how surely, and the evidence."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from ..words import say
from .search import Counterexample, show
from .space import Space

AXIOMS = tuple(f"V{i}" for i in range(1, 11))


@dataclass(frozen=True)
class Answer:
    """One axiom of one space.

    ``verdict`` is "proved", "refuted" (with ``counterexample``), "tested" (``trials`` times, without refutation) or
    "senseless" (it cannot be stated, because another axiom fails). ``why`` names the reason's message.
    """

    axiom: str
    verdict: str
    why: str
    values: Mapping[str, Any] = field(default_factory=dict)
    counterexample: Counterexample | None = None
    trials: int = 0

    @property
    def statement(self) -> str:
        """The axiom in words and signs, in the language in use."""
        return say(f"spaces.{self.axiom}")

    @property
    def reason(self) -> str:
        """Why the verdict is what it is, in the language in use."""
        return say(f"spaces.{self.why}", **{k: v if isinstance(v, str) else show(v) for k, v in self.values.items()})

    def to_dict(self) -> dict[str, Any]:
        """For JSON."""
        found = self.counterexample
        shown = None if found is None else {
            "values": {k: show(v) for k, v in found.values.items()}, "left": found.left, "right": found.right,
        }  # fmt: skip
        return {
            "axiom": self.axiom, "statement": self.statement, "verdict": self.verdict, "reason": self.reason,
            "counterexample": shown, "trials": self.trials,
        }  # fmt: skip


@dataclass(frozen=True)
class Answers(Mapping[str, Answer]):
    """The ten answers, by axiom: ``answers["V7"].verdict``."""

    space: Space
    answers: Mapping[str, Answer]

    def __getitem__(self, axiom: str) -> Answer:
        return self.answers[axiom]

    def __iter__(self) -> Iterator[str]:
        return iter(self.answers)

    def __len__(self) -> int:
        return len(self.answers)

    @property
    def is_vector_space(self) -> bool | None:
        """True where all ten are proved, False where one fails, None where some are tested only."""
        verdicts = {a.verdict for a in self.values()}
        if verdicts & {"refuted", "senseless"}:
            return False
        return True if verdicts == {"proved"} else None

    @property
    def summary(self) -> str:
        """The whole answer in one line, in the language in use."""
        failing = [a.axiom for a in self.values() if a.verdict in ("refuted", "senseless")]
        open_ = [a.axiom for a in self.values() if a.verdict == "tested"]
        if failing:
            return say("spaces.is_not_one", failing=", ".join(failing))
        return say("spaces.seems_one", open=", ".join(open_)) if open_ else say("spaces.is_one")

    def to_dict(self) -> dict[str, Any]:
        """For JSON."""
        s = self.space
        rules = {k: v if isinstance(v, str | None) else str(v) for k, v in (("add", s.add), ("scale", s.scale))}
        return {
            "space": s.name, "dimension": s.dimension, **rules, "field": s.field,
            "member": s.member if isinstance(s.member, str | None) else str(s.member),
            "is_vector_space": self.is_vector_space, "axioms": [a.to_dict() for a in self.values()],
        }  # fmt: skip

    def __str__(self) -> str:
        rows = [f"{a.axiom:>3}  {say('spaces.' + a.verdict):<8}  {a.statement}. {a.reason}" for a in self.values()]
        return "\n".join([*rows, self.summary])
