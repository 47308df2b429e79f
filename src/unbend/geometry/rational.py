"""`integers`: a float array as exact integers over a common power of two."""

from __future__ import annotations

import numpy as np

from ..arrays import Array

IntegerArray = tuple[Array, int]  # Python integers (object array) and their common denominator


def integers(array: Array) -> IntegerArray:
    """The exact values of a float array as integers over one power of two."""
    fraction, exponent = np.frexp(array.astype(np.float64))
    mantissa = np.ldexp(fraction, 53).astype(np.int64)
    trailing_zeros = np.where(mantissa == 0, 0, np.log2(np.maximum(mantissa & -mantissa, 1))).astype(np.int64)
    last_bit = np.where(mantissa == 0, 0, exponent - 53 + trailing_zeros)  # its exponent
    least = min(int(last_bit.min(initial=0)), 0)
    numerators: Array = (mantissa >> trailing_zeros).astype(object) << (last_bit - least).astype(object)
    return numerators, 1 << -least
