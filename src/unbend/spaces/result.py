"""`AxiomResults`: the results of the axiom check: verdict, reason and evidence of each axiom."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from ..display import Displayed
from ..words import say
from .evaluate.exact_values import ends
from .space import Space

AXIOMS = tuple(f"V{i}" for i in range(1, 11))


@dataclass(frozen=True)
class Counterexample:
    """Numbers for which an axiom fails.

    Attributes
    ----------
    values : mapping of str to number or tuple
        The scalars and vectors, by letter.
    left, right : str
        The two sides with their values; for a closure ``right`` is empty: the left side leaves the set.
    """

    values: Mapping[str, Any]
    left: str
    right: str = ""

    def __str__(self) -> str:
        given = ", ".join(f"{name} = {format_value(value)}" for name, value in self.values.items())
        return f"{given}: {self.left}" + (f" ≠ {self.right}" if self.right else "")


@dataclass(frozen=True)
class AxiomResult(Displayed):
    """The result for one axiom of one space.

    Attributes
    ----------
    axiom : str
        "V1" … "V10".
    verdict : {"proved", "refuted", "tested", "senseless"}
        "refuted" comes with a ``counterexample``; "tested" means ``trials`` times without refutation; "senseless" that
        the axiom cannot be stated, because another one fails.
    why : str
        The key of the reason's message, ``values`` what is put into it.
    counterexample : Counterexample or None
    trials : int
        The number of cases tried.
    statement, reason : str
        The axiom, and why the verdict is what it is, in the language in use.
    """

    axiom: str
    verdict: str
    why: str
    values: Mapping[str, Any] = field(default_factory=dict)
    counterexample: Counterexample | None = None
    trials: int = 0

    @property
    def statement(self) -> str:
        """The axiom in words and symbols, in the language in use."""
        return say(f"spaces.{self.axiom}")

    @property
    def reason(self) -> str:
        """Why the verdict is what it is, in the language in use."""
        return say(
            f"spaces.{self.why}", **{k: v if isinstance(v, str) else format_value(v) for k, v in self.values.items()}
        )

    def to_dict(self) -> dict[str, Any]:
        """For JSON."""
        c = self.counterexample
        shown = None if c is None else {
            "values": {k: format_value(v) for k, v in c.values.items()}, "left": c.left, "right": c.right,
        }  # fmt: skip
        return {
            "axiom": self.axiom, "statement": self.statement, "verdict": self.verdict, "reason": self.reason,
            "counterexample": shown, "trials": self.trials,
        }  # fmt: skip


@dataclass(frozen=True)
class AxiomResults(Displayed, Mapping[str, AxiomResult]):
    """The results for the ten axioms of a space: a mapping from "V1" … "V10" to `AxiomResult`.

    Attributes
    ----------
    space : Space
    is_vector_space : bool or None
        True where all ten are proved, False where one fails, None where some are tested only.
    summary : str
        One line, in the language in use.
    """

    space: Space
    results: Mapping[str, AxiomResult]

    def __getitem__(self, axiom: str) -> AxiomResult:
        return self.results[axiom]

    def __iter__(self) -> Iterator[str]:
        return iter(self.results)

    def __len__(self) -> int:
        return len(self.results)

    @property
    def is_vector_space(self) -> bool | None:
        """True where all ten are proved, False where one fails, None where some are tested only."""
        verdicts = {a.verdict for a in self.values()}
        if verdicts & {"refuted", "senseless"}:
            return False
        return True if verdicts == {"proved"} else None

    @property
    def summary(self) -> str:
        """The result in one line, in the language in use."""
        failing = [a.axiom for a in self.values() if a.verdict in ("refuted", "senseless")]
        undecided = [a.axiom for a in self.values() if a.verdict == "tested"]
        if failing:
            return say("spaces.is_not_one", failing=", ".join(failing))
        return say("spaces.seems_one", open=", ".join(undecided)) if undecided else say("spaces.is_one")

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

    def __repr__(self) -> str:
        verdicts = ", ".join(f"{a.axiom} {a.verdict}" for a in self.values())
        return f"AxiomResults({self.space.name or 'space'}: {verdicts})"


def format_value(value: Any) -> str:
    """A number or a vector as a reader writes it: 3/2, (1, 0), ≈ 1.41421."""
    if isinstance(value, Fraction):
        return str(value)
    if isinstance(value, list | tuple):
        return format_value(value[0]) if len(value) == 1 else f"({', '.join(format_value(x) for x in value)})"
    if hasattr(value, "_mpi_"):
        return f"≈ {float(ends(value)[0]):.6g}"
    return str(value)
