"""A user's formula as a third model in the comparison, fitted inside each fold and scored on the same held-out rows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from ..arrays import Array
from ..data import Problem
from ..errors import FormulaError
from ..solve.named_functions import column_identifiers
from .compare import Comparison
from .decide import LEVEL, gain_interval

if TYPE_CHECKING:
    from ..solve import Fit, Formula


@dataclass(frozen=True, eq=False)
class FormulaModel:
    """The formula fitted to all rows, with its held-out scores.

    ``gain`` is the fraction of the linear model's held-out error that it removes, ``interval`` its 95 % confidence
    interval; ``interval_against_network`` the interval against the network (above 0: the formula is better than the
    network).
    """

    fit: Fit
    rmse: float
    score: float
    gain: float
    interval: tuple[float, float]
    interval_against_network: tuple[float, float]

    @property
    def text(self) -> str:
        """The formula as it was given."""
        return str(self.fit.formula)

    def to_json(self) -> dict[str, object]:
        """The numbers by name."""
        return {
            "text": self.text,
            "values": self.fit.values,
            "standard_errors": self.fit.standard_errors,
            "score": self.score,
            "rmse": self.rmse,
            "gain": self.gain,
            "interval": list(self.interval),
            "interval_against_network": list(self.interval_against_network),
        }


def read_formula(text: str, problem: Problem) -> Formula:
    """The formula of a regression's target by its columns; ``"a*x + b"`` is taken as ``"target = a*x + b"``.

    Raises ``FormulaError`` where it cannot be read, gives something else than the target, or the target is a class.
    """
    if problem.classes:
        raise FormulaError("verdict.formula_of_classes", at=0, target=problem.target)
    from ..solve import Formula  # many modules, which a fit without a formula does not need

    formula, names = Formula(text), column_identifiers(problem.table.column_names)
    target = names[problem.target]
    if formula.response is None:
        formula = Formula(f"{target} = {text}")
    if formula.response_names != (target,) or str(formula).partition(" = ")[0] != target:
        raise FormulaError("verdict.formula_target", at=0, target=target, text=str(formula))
    return formula.with_columns(tuple(names.values()))


def held_out_outputs(formula: Formula, problem: Problem, train: Array, test: Array, seed: int) -> Array:
    """(len(test), 1) predictions of the test rows by the formula fitted to the training rows; the training rows' mean
    where the formula has no value for a row (a missing cell, a logarithm of a negative number)."""  # fmt: skip
    fit = formula.fit(problem.table.take(pa.array(train)), seed=seed)
    predicted = fit.predict(problem.table.take(pa.array(test)))
    filled: Array = np.where(np.isfinite(predicted), predicted, problem.y[train].mean())
    return filled[:, None]


def fit_formula_model(formula: Formula, problem: Problem, comparison: Comparison, seed: int) -> FormulaModel:
    """The formula fitted to all rows, with its held-out scores from the comparison."""
    linear, network, own = (comparison.of(name) for name in ("linear", "network", "formula"))
    loss = float(own.mean())
    return FormulaModel(
        fit=formula.fit(problem.table, seed=seed),
        rmse=float(np.sqrt(loss)),
        score=1 - loss / comparison.mean("constant"),
        gain=1 - loss / float(linear.mean()),
        interval=gain_interval(linear, own, comparison.ratio, LEVEL),
        interval_against_network=gain_interval(network, own, comparison.ratio, LEVEL),
    )
