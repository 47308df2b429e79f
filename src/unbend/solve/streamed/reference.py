"""`reference_scaler`: numbers near the means and deviations of columns, for standardising rows without error."""

from __future__ import annotations

import numpy as np

from ...arrays import Array
from ...network.scaling import Scaler


def reference_scaler(x: Array, y: Array) -> Scaler:
    """The scaler of some rows of a stream, x (rows, columns) and y (rows,), for `LeastSquaresSums`: (columns + 1,).

    The scales are powers of two near the standard deviations, and the centres are rounded to a fourth of these: then
    (x - centre) / scale has no rounding error for numbers in single precision, and rarely one in double precision.
    """
    rows = Scaler.of(np.column_stack([np.asarray(x, np.float64), y]))
    exponents = np.frexp(rows.scale)[1]
    step = np.ldexp(1.0, exponents - 3)
    varies = np.any(rows.scale != 1.0)
    with np.errstate(over="ignore", invalid="ignore"):
        rounded = np.rint(rows.centre / step) * step
    centre = np.where(np.isfinite(rounded) & varies, rounded, rows.centre)
    return Scaler(centre, np.ldexp(1.0, exponents - 1))
