"""Doubles interpreted as the decimals they were read from, in extended precision (on machines that have it)."""

from __future__ import annotations

import numpy as np

from ...arrays import Array


def to_extended(values: Array) -> Array:
    """The column as ``longdouble``: as decimals of 15 digits (at most 22 places) if they fit, else as it is."""
    for places in range(23):
        with np.errstate(over="ignore"):
            scaled = np.rint(values * 10.0**places)
        if (np.abs(scaled) < 1e15).all() and (scaled / 10.0**places == values).all():
            return np.asarray(scaled.astype(np.longdouble) / np.longdouble(10) ** places)
    return values.astype(np.longdouble)
