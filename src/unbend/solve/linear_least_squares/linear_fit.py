"""The fit of a formula whose parameters all enter linearly: its design matrix, and exact least squares on it."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from ...arrays import Array
from ...errors import DataError
from ...formula.equation import Equation
from ...formula.evaluate.floats import Floats
from ...formula.evaluate.tape import Tape
from ...formula.language.functions import FUNCTIONS
from ...words import say
from ..model_data import Columns
from ..precision import decimal_arithmetic as decimals
from ..precision.extended_precision import extended
from ..result import Fit
from . import normal_equations as exact
from . import refined_qr as refined
from .normal_equations import Solution

_EXACT_WORK = 400_000  # products of decimals, about a tenth of a second
_FUNCTION_WORK = 300  # what a function of decimals costs, in products


def fit_linear(formula: Equation, found: Columns, weights: Array | None) -> Fit:
    """The exact fit. Raises ``DataError`` where a column or the response has no value in some row."""
    tape = formula.design.tape
    rows, k = int(found.kept.sum()), len(formula.parameters)
    functions = sum(1 for step in tape.steps if step.kind == "apply" and step.operation in FUNCTIONS)
    work = rows * ((k + 2) * (k + 3) // 2 + _FUNCTION_WORK * functions)
    solution = _exact(tape, found, rows, weights) if work <= _EXACT_WORK else _refined(tape, found, rows, weights)
    return _result(formula, found, solution, rows, weights)


def _exact(tape: Tape[Any], found: Columns, rows: int, weights: Array | None) -> Solution:
    with decimals.context():
        try:
            values = tape.run({n: decimals.read(v) for n, v in found.values.items()}, decimals.Decimals())
        except decimals.NoValue as error:
            raise DataError("solve.no_value", row=_first_bad(tape, found)) from error
        whole = [v if isinstance(v, np.ndarray) else np.array([v] * rows, dtype=object) for v in values]
        *columns, rest, response = whole
        return exact.solve(columns, response - rest, None if weights is None else decimals.read(weights))


def _refined(tape: Tape[Any], found: Columns, rows: int, weights: Array | None) -> Solution:
    with np.errstate(all="ignore"):
        values = tape.run({n: extended(v) for n, v in found.values.items()}, Floats(np.longdouble))
    *columns, rest, response = [np.broadcast_to(v, (rows,)) for v in values]
    if not all(np.isfinite(v).all() for v in values):
        raise DataError("solve.no_value", row=_first_bad(tape, found))
    return refined.solve(columns, response - rest, weights)


def _first_bad(tape: Tape[Any], found: Columns) -> int:
    """The first row (from 1, among the rows used) where something has no value."""
    with np.errstate(all="ignore"):
        total = sum(np.asarray(v) * 0 for v in tape.run(found.values, Floats()))
    bad = np.flatnonzero(~np.isfinite(np.atleast_1d(total)))
    kept = np.flatnonzero(found.kept)
    return int(kept[bad[0]]) + 1 if len(bad) else 1


def _result(formula: Equation, found: Columns, solution: Solution, rows: int, weights: Array | None) -> Fit:
    dof = rows - solution.rank
    sd = math.sqrt(solution.rss / dof) if dof > 0 else math.nan
    covariance = solution.inverse * sd**2 if dof > 0 else np.full_like(solution.inverse, np.nan)
    names = formula.parameters
    involved = {j for column, others in solution.dependent for j in (column, *others)}
    errors = {
        name: math.nan if i in involved else math.sqrt(max(covariance[i, i], 0.0)) if dof > 0 else math.nan
        for i, name in enumerate(names)
    }
    notes = list(found.notes)
    if dof == 0:
        notes.append(say("solve.no_freedom", rows=rows, parameters=solution.rank))
    return Fit(
        formula, dict(zip(names, map(float, solution.coefficients), strict=True)), errors, covariance, solution.rss, sd,
        1 - solution.rss / solution.centred if solution.centred > 0 else math.nan, rows, dof, "exact",
        math.log10(max(solution.condition, 1.0)), found.values,
        tuple(_dependence(formula, column, others) for column, others in solution.dependent), notes=tuple(notes),
    )  # fmt: skip


def _dependence(formula: Equation, column: int, others: dict[int, float]) -> str:
    """The dependence between columns of the design matrix, in words."""
    texts = formula.design.texts
    name = formula.parameters[column]
    if not others:
        return say("solve.zero_column", name=name, column=texts[column])
    right = " + ".join(f"{factor:.6g}*[{texts[j]}]" for j, factor in others.items())
    return say("solve.dependent_columns", name=name, column=f"[{texts[column]}]", right=right,
               others=", ".join([name, *(formula.parameters[j] for j in others)]))  # fmt: skip
