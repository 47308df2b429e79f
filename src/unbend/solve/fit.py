"""The choice of how to fit a formula: exactly where all parameters are linear, by search otherwise."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from ..arrays import Array
from ..errors import DataError, FormulaError
from ..formula.equation import Equation
from .model_data import Columns, columns, names_of
from .result import Fit

Bounds = Mapping[str, tuple[float | None, float | None]]


def fit_formula(
    formula: Equation,
    data: Any,
    *,
    start: Mapping[str, float] | Sequence[float] | None,
    sigma: Any,
    bounds: Bounds | None,
    seed: int,
) -> Fit:
    """See ``Formula.fit``."""
    if formula.response is None:
        raise FormulaError("solve.no_response", at=0, text=str(formula))
    table, names = names_of(data)
    formula = formula.with_columns(names)
    if not formula.variables and len(formula.parameters) > 1:
        raise DataError("solve.no_variable", names=", ".join(formula.parameters), known=", ".join(names))
    response = [n for n in formula.response_names if n not in formula.variables]
    extra: dict[str, Any] = {}
    wanted = [*response, *formula.variables]
    if isinstance(sigma, str):
        wanted.append(sigma)
    elif sigma is not None:
        rows = len(table[wanted[0]])
        extra["sigma"] = np.full(rows, float(sigma)) if np.ndim(sigma) == 0 else sigma
    found = columns(table, list(dict.fromkeys(wanted)), extra)
    deviations = found.values.get(sigma if isinstance(sigma, str) else "sigma") if sigma is not None else None
    return _fit(formula, found, deviations, start, bounds, seed)


def _fit(formula: Equation, found: Columns, sigma: Array | None, start: Any, bounds: Bounds | None, seed: int) -> Fit:
    from .arguments import check_bounds, check_sigma, check_start
    from .linear_least_squares.linear_fit import fit_linear

    weights = check_sigma(sigma)
    limits = check_bounds(formula, bounds)
    first = check_start(formula, start, limits)
    together = formula.linearity.parameters
    if together is None or (together.verdict in ("linear", "affine") and not limits):
        return fit_linear(formula, found, weights)
    from .nonlinear_least_squares.multistart import fit_search

    return fit_search(formula, found, weights, first, limits, seed)
