"""Checks of the arguments of a fit: starting values, bounds and standard deviations."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import numpy as np

from ..arrays import Array
from ..errors import BadInput, DataError
from ..formula.equation import Equation

Limits = dict[str, tuple[float, float]]  # {parameter: (low, high)}, infinite where open


def check_sigma(sigma: Array | None) -> Array | None:
    """The weights 1/sigma**2, (rows,). Raises ``DataError`` for a standard deviation that is not positive."""
    if sigma is None:
        return None
    if not (sigma > 0).all():
        raise DataError("solve.sigma_not_positive", row=int(np.flatnonzero(~(sigma > 0))[0]) + 1)
    return 1 / sigma**2


def check_bounds(formula: Equation, bounds: Mapping[str, tuple[float | None, float | None]] | None) -> Limits:
    """{name: (low, high)} of the parameters that have a bound. Raises ``BadInput``."""
    limits: Limits = {}
    for name, pair in (bounds or {}).items():
        if name not in formula.parameters:
            raise BadInput("solve.no_parameter", name=name, known=", ".join(formula.parameters))
        try:
            low = -math.inf if pair[0] is None else float(pair[0])
            high = math.inf if pair[1] is None else float(pair[1])
        except (TypeError, ValueError, IndexError) as error:
            raise BadInput("solve.bad_bounds", name=name) from error
        if not low < high:
            raise BadInput("solve.empty_bounds", name=name, low=low, high=high)
        if low > -math.inf or high < math.inf:
            limits[name] = (low, high)
    return limits


def check_start(formula: Equation, start: Mapping[str, float] | Sequence[float] | None, limits: Limits) -> Array | None:
    """The starting values, (parameters,), inside the bounds; None if there are none. Raises ``BadInput``."""
    if start is None:
        return None
    names = formula.parameters
    if isinstance(start, Mapping):
        for name in start:
            if name not in names:
                raise BadInput("solve.no_parameter", name=name, known=", ".join(names))
        missing = [name for name in names if name not in start]
        if missing:
            raise BadInput("solve.start_missing", names=", ".join(missing))
        values = [start[name] for name in names]
    else:
        values = list(start)
        if len(values) != len(names):
            raise BadInput("solve.start_length", want=len(names), got=len(values), names=", ".join(names))
    array = np.asarray(values, dtype=float)
    if not np.isfinite(array).all():
        raise BadInput("solve.start_not_finite")
    for name, value in zip(names, array.tolist(), strict=True):
        low, high = limits.get(name, (-math.inf, math.inf))
        if not low <= value <= high:
            raise BadInput("solve.start_outside", name=name, value=value, low=low, high=high)
    return array
