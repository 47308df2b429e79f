"""Doubles read as the decimals they stand for, in the machine's extended precision (where it has one)."""

from __future__ import annotations

import numpy as np

from ...arrays import Array


def extended(values: Array) -> Array:
    """The column in ``longdouble``: as decimals where 15 digits, at most 22 after the point, say it; else as it is."""
    for places in range(23):
        with np.errstate(over="ignore"):
            scaled = np.rint(values * 10.0**places)
        if (np.abs(scaled) < 1e15).all() and (scaled / 10.0**places == values).all():
            return np.asarray(scaled.astype(np.longdouble) / np.longdouble(10) ** places)
    return values.astype(np.longdouble)
