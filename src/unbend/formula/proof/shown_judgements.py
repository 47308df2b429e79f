"""Which verdicts on a formula are shown: those on its single names, and the joint ones that say more."""

from __future__ import annotations

from ..equation import Equation
from .judgement import Judgement

ALONE = 50  # single verdicts shown


def alone(formula: Equation) -> tuple[list[Judgement], tuple[str, ...]]:
    """The verdicts on single names, and the names of a wide formula for which the joint ones must do."""
    names = (*formula.variables, *formula.parameters)
    return [formula.linearity.of(name) for name in names[:ALONE]], names[ALONE:]


def groups(formula: Equation) -> list[tuple[str, Judgement]]:
    """The joint verdicts that say more than the single ones, each with "variables", "parameters" or "everything"."""
    linearity = formula.linearity
    found: list[tuple[str, Judgement]] = []
    for key, judgement in (("variables", linearity.variables), ("parameters", linearity.parameters)):
        if judgement is not None and len(judgement.subject) > 1:
            found.append((key, judgement))
    everything = linearity.everything
    if everything is not None and formula.variables and formula.parameters:
        found.append(("everything", everything))
    return found
