"""`fit_formula`: fits a formula, by exact linear least squares if all parameters enter linearly, else by a search."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from ..arrays import Array
from ..errors import DataError, FormulaError
from ..formula.equation import Equation
from .arguments import check_bounds, check_sigma, check_start
from .linear_least_squares.linear_fit import fit_linear
from .model_data import ModelData, model_data, named_columns
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
    columns, names = named_columns(data)
    formula = formula.with_columns(names)
    if not formula.variables and len(formula.parameters) > 1:
        raise DataError("solve.no_variable", names=", ".join(formula.parameters), known=", ".join(names))
    response = [n for n in formula.response_names if n not in formula.variables]
    needed = [*response, *formula.variables]
    extra: dict[str, Any] = {}
    if isinstance(sigma, str):
        needed.append(sigma)
    elif sigma is not None:
        rows = len(columns[needed[0]])
        extra["sigma"] = np.full(rows, float(sigma)) if np.ndim(sigma) == 0 else sigma
    used = model_data(columns, list(dict.fromkeys(needed)), extra)
    deviations = used.values.get(sigma if isinstance(sigma, str) else "sigma") if sigma is not None else None
    return _fit(formula, used, sigma=deviations, start=start, bounds=bounds, seed=seed)


def _fit(
    formula: Equation, data: ModelData, *, sigma: Array | None, start: Any, bounds: Bounds | None, seed: int
) -> Fit:
    weights = check_sigma(sigma)
    limits = check_bounds(formula, bounds)
    first = check_start(formula, start, limits)
    joint = formula.linearity.parameters
    if joint is None or (joint.verdict in ("linear", "affine") and not limits):
        return fit_linear(formula, data, weights)
    from .nonlinear_least_squares.multistart import fit_multistart  # loads scipy.optimize

    return fit_multistart(formula, data, weights=weights, start=first, limits=limits, seed=seed)
