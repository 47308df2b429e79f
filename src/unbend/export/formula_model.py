"""Fitted formulas as what the targets of formulas write: one expression of a table's columns."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ..errors import ModelError
from ..formula.equation import Equation
from ..formula.language.tree import Negative, Node, Number, substitute
from ..formula.printing.text import to_text
from ..solve.result import Fit


@dataclass(frozen=True, eq=False)
class FormulaModel:
    """``tree``: the right side with the parameters' values; ``columns``: its variables; ``target``: the left side."""

    tree: Node
    columns: tuple[str, ...]
    target: str

    @property
    def text(self) -> str:
        """The formula in unbend's own language."""
        return f"{self.target} = {to_text(self.tree)}"


def to_formula_model(model: Any) -> FormulaModel | None:
    """A fit, or a formula without parameters; None for anything else.

    Raises ``ModelError`` for a formula whose parameters have no values.
    """
    formula, values = (model.formula, model.values) if isinstance(model, Fit) else (model, {})
    if not isinstance(formula, Equation):
        return None
    if missing := [name for name in formula.parameters if name not in values]:
        raise ModelError("export.formula_parameters", names=", ".join(missing))
    target = "y" if formula.response is None else to_text(formula.response)
    numbers: dict[str, Node] = {}
    for name, value in values.items():
        size = Number(repr(abs(float(value))))
        numbers[name] = Negative(size) if value < 0 else size
    return FormulaModel(substitute(formula.tree, numbers), formula.variables, target)
