"""`fit_linear`: fits a formula whose parameters all enter linearly, by exact least squares on its design matrix."""

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
from ..model_data import ModelData
from ..precision import decimal_arithmetic
from ..precision.data_rounding import DataRounding
from ..precision.extended_precision import to_extended
from ..result import Fit, freedom_note
from .normal_equations import solve_normal_equations
from .refined_qr import solve_nearly_dependent, solve_refined_qr
from .solution import LinearSolution

_MAX_EXACT_WORK = 400_000  # products of decimals, about a tenth of a second
_FUNCTION_WORK = 300  # the cost of a function of decimals, in products


def fit_linear(formula: Equation, data: ModelData, weights: Array | None) -> Fit:
    """The exact fit. Raises ``DataError`` if a column or the response has no value in some row."""
    tape = formula.design.tape
    rounding = DataRounding(formula.design.columns, data.values, [n for n in data.values if n in tape.names])
    rows, k = data.rows, len(formula.parameters)
    functions = sum(1 for step in tape.steps if step.kind == "apply" and step.operation in FUNCTIONS)
    work = rows * ((k + 2) * (k + 3) // 2 + _FUNCTION_WORK * functions)
    if work <= _MAX_EXACT_WORK:
        return _to_fit(formula, data, _solve_in_decimals(tape, data, weights, rounding))
    solution = _solve_in_doubles(tape, data, weights)
    if solution.rank < k or solution.condition * rounding.near > 1:  # doubles cannot tell whether columns are dependent
        if work <= 10 * _MAX_EXACT_WORK:
            solution = _solve_in_decimals(tape, data, weights, rounding)
        else:
            solution = _solve_in_doubles(tape, data, weights, rounding)
    return _to_fit(formula, data, solution)


def _solve_in_decimals(
    tape: Tape[Any], data: ModelData, weights: Array | None, rounding: DataRounding
) -> LinearSolution:
    with decimal_arithmetic.context():
        to_decimals, rows = decimal_arithmetic.to_decimals, data.rows
        try:
            values = tape.run({n: to_decimals(v) for n, v in data.values.items()}, decimal_arithmetic.Decimals())
        except decimal_arithmetic.NoValue as error:
            raise DataError("solve.no_value", row=_first_undefined_row(tape, data)) from error
        arrays = [v if isinstance(v, np.ndarray) else np.array([v] * rows, dtype=object) for v in values]
        *columns, offset, response = arrays
        decimal_weights = None if weights is None else to_decimals(weights)
        return solve_normal_equations(columns, response - offset, decimal_weights, rounding)


def _solve_in_doubles(
    tape: Tape[Any], data: ModelData, weights: Array | None, rounding: DataRounding | None = None
) -> LinearSolution:
    with np.errstate(all="ignore"):
        values = tape.run({n: to_extended(v) for n, v in data.values.items()}, Floats(np.longdouble))
    *columns, offset, response = [np.broadcast_to(v, (data.rows,)) for v in values]
    if not all(np.isfinite(v).all() for v in values):
        raise DataError("solve.no_value", row=_first_undefined_row(tape, data))
    if rounding is not None:
        return solve_nearly_dependent(columns, response - offset, rounding, weights)
    return solve_refined_qr(columns, response - offset, weights)


def _first_undefined_row(tape: Tape[Any], data: ModelData) -> int:
    """The first row of the data (from 1), among those in use, in which something has no value."""
    with np.errstate(all="ignore"):
        total = sum(np.asarray(v) * 0 for v in tape.run(data.values, Floats()))
    undefined = np.flatnonzero(~np.isfinite(np.atleast_1d(total)))
    return int(np.flatnonzero(data.mask)[undefined[0]]) + 1 if len(undefined) else 1


def _to_fit(formula: Equation, data: ModelData, solution: LinearSolution) -> Fit:
    """The fit with standard errors; NaN for the parameters of dependent columns."""
    rows, names = data.rows, formula.parameters
    dof = rows - solution.rank
    sd = math.sqrt(solution.rss / dof) if dof > 0 else math.nan
    covariance = solution.inverse_gram * sd**2 if dof > 0 else np.full_like(solution.inverse_gram, np.nan)
    involved = {j for column, others in solution.dependencies for j in (column, *others)}
    errors = {
        name: math.nan if i in involved else math.sqrt(max(covariance[i, i], 0.0)) if dof > 0 else math.nan
        for i, name in enumerate(names)
    }
    note = freedom_note(rows, len(names), solution.rank)
    return Fit(
        formula=formula,
        values=dict(zip(names, map(float, solution.coefficients), strict=True)),
        standard_errors=errors,
        covariance=covariance,
        rss=solution.rss,
        residual_sd=sd,
        r2=1 - solution.rss / solution.tss if names and solution.tss > 0 else math.nan,
        rows=rows,
        dof=dof,
        method="exact",
        digits_lost=math.log10(max(solution.condition, 1.0)),
        columns=data.values,
        undetermined=tuple(_dependency(formula, column, others) for column, others in solution.dependencies),
        notes=(*data.notes, *([note] if note else [])),
    )


def _dependency(formula: Equation, column: int, others: dict[int, float]) -> str:
    """The linear dependency between columns of the design matrix, in words."""
    texts = formula.design.texts
    name = formula.parameters[column]
    if not others:
        return say("solve.zero_column", name=name, column=texts[column])
    return say(
        "solve.dependent_columns",
        name=name,
        column=f"[{texts[column]}]",
        right=" + ".join(f"{factor:.6g}*[{texts[j]}]" for j, factor in others.items()),
        others=", ".join([name, *(formula.parameters[j] for j in others)]),
    )
