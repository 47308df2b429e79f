"""Gram matrices without any rounding: columns are cut into short integers, whose products BLAS adds up exactly.

Every column is a sum of slices, integers of at most 20 bits times a power of two. The product of two slices over 4096
rows is below 2**53, so that it is exact in whatever order and on however many threads it is added (Ozaki, Ogita, Oishi
& Rump, Numerical Algorithms 59, 2012). Doubles that are decimals of up to 15 digits are read as those decimals, as in
``precision/``: 0.1 is one tenth.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from ...arrays import Array
from .exact_sums import ExactSums

ROWS = 1 << 12  # of a block, at most
_BITS, _HALF_DOUBLE = 20, 26  # 2**(20 + 20 + 12) and the product of two numbers of 26 bits are exact in doubles
_DIGITS, _PLACES = 15, 22  # 10**22 is the largest power of ten that is a double
_POWERS = np.array([float(f"1e{places}") for places in range(_PLACES + 1)])
_LEAST_SIZES = np.array([float(f"1e{_DIGITS - 1 - places}") for places in range(_PLACES, -2, -1)])  # for so many places
_SPLITTER = 2.0**27 + 1

Slice = tuple[Array, Array]  # integers (rows, columns) as doubles, and the exponent of each column's unit


def slices(values: Array, bits: int = _BITS) -> Iterator[Slice]:
    """The slices of finite doubles (rows, columns) that add up to them, from large to small."""
    rest = np.array(values, dtype=np.float64)
    while rest.any():
        exponents = np.frexp(np.abs(rest).max(axis=0))[1].astype(np.int64) - bits
        integers = np.trunc(_shift(rest, -exponents))
        rest -= _shift(integers, exponents)
        yield integers, exponents


def decimal_rests(values: Array) -> Array:
    """What the decimals that doubles stand for have beyond them, (…): 0 for those that stand for none.

    A decimal has at most 15 digits, 22 of them behind the point.
    """
    sizes = np.abs(values)
    places = _PLACES + 1 - np.searchsorted(_LEAST_SIZES, sizes, side="right")
    powers = _POWERS[np.clip(places, 0, _PLACES)]
    numerators = np.rint(np.where(sizes < 10.0**_DIGITS, values, 0.0) * powers)
    read = (np.abs(numerators) <= 10.0**_DIGITS) & (numerators / powers == values)
    product, error = _product(np.where(read, values, 0.0), powers)
    return np.where(read, ((numerators - product) - error) / powers, 0.0)


def add_products(sums: ExactSums, columns: list[Array], weights: Array | None) -> None:
    """Add X'WX of a block to the sums (k, k); X (rows, k) is the sum of ``columns``, each (rows, k), W of (rows,)."""
    right = [one for part in columns for one in slices(part)]
    if weights is None:
        for i, (a, a_exponents) in enumerate(right):
            for b, b_exponents in right[: i + 1]:
                product, exponents = a.T @ b, a_exponents[:, None] + b_exponents
                sums.add(product, exponents)
                if a is not b:
                    sums.add(product.T, exponents.T)
        return
    for left, left_exponents in _weighted(columns, weights):
        for b, b_exponents in right:
            sums.add(left.T @ b, left_exponents[:, None] + b_exponents)


def _weighted(columns: list[Array], weights: Array) -> Iterator[Slice]:
    """The slices of all columns times the weights (rows,)."""
    for w, w_exponents in slices(weights[:, None], _HALF_DOUBLE):
        for part in columns:
            for x, x_exponents in slices(part, _HALF_DOUBLE):
                for integers, exponents in slices(w * x):
                    yield integers, exponents + w_exponents + x_exponents


def _shift(values: Array, exponents: Array) -> Array:
    """values * 2**exponents; exponents beyond those of a double are no harm: the result is 0 or in range."""
    return np.asarray(np.ldexp(values, exponents.astype(np.int32)))


def _product(a: Array, b: Array) -> tuple[Array, Array]:
    """a*b and its rounding error (Dekker 1971)."""
    product = a * b
    a_high, b_high = (_SPLITTER * v - (_SPLITTER * v - v) for v in (a, b))
    a_low, b_low = a - a_high, b - b_high
    return product, ((a_high * b_high - product) + a_high * b_low + a_low * b_high) + a_low * b_low
