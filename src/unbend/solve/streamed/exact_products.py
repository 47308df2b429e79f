"""Gram matrices without any rounding: columns are cut into short integers, whose products BLAS adds up exactly.

Every column is a sum of slices, integers of at most 20 bits times a power of two. The product of two slices over 4096
rows is below 2**53, so that it is exact in whatever order and on however many threads it is added (Ozaki, Ogita, Oishi
& Rump, Numerical Algorithms 59, 2012). Doubles that are decimals of up to 15 digits are read as those decimals, as in
``precision/``: 0.1 is one tenth.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

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
    while (sizes := np.maximum(rest.max(axis=0, initial=0.0), -rest.min(axis=0, initial=0.0))).any():
        exponents = np.frexp(sizes)[1].astype(np.int64) - bits
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
    """Add X'WX of a block, on and above the diagonal, to the sums (k, k).

    X (rows, k) is the sum of ``columns``, each (rows, k); the weights are (rows,).
    """
    right = _join([one for part in columns for one in slices(part)])
    left = right if weights is None else _join(list(_weighted(columns, weights)))
    if right is None or left is None:
        return
    above = left.origins[:, None] <= right.origins
    places = (left.origins[:, None] * sums.shape[1] + right.origins)[above]
    exponents = (left.exponents[:, None] + right.exponents)[above]
    sums.add((left.integers.T @ right.integers)[above], exponents, places)


class _Joined(NamedTuple):
    """The columns of several slices that are not zero, next to each other."""

    integers: Array
    exponents: Array
    origins: Array  # the number of the column that each is a slice of


def _join(parts: list[Slice]) -> _Joined | None:
    used = [integers.any(axis=0) for integers, _ in parts]
    if not parts:
        return None
    return _Joined(
        np.concatenate([integers[:, own] for (integers, _), own in zip(parts, used, strict=True)], axis=1),
        np.concatenate([exponents[own] for (_, exponents), own in zip(parts, used, strict=True)]),
        np.concatenate([np.flatnonzero(own) for own in used]),
    )


def _weighted(columns: list[Array], weights: Array) -> Iterator[Slice]:
    """The slices of all columns times the weights (rows,)."""
    for w, w_exponents in slices(weights[:, None], _HALF_DOUBLE):
        for part in columns:
            for x, x_exponents in slices(part, _HALF_DOUBLE):
                for integers, exponents in slices(w * x):
                    yield integers, exponents + w_exponents + x_exponents


def _shift(values: Array, exponents: Array) -> Array:
    """values * 2**exponents; exponents beyond those of a double are no harm: the result is 0 or in range."""
    if np.abs(exponents).max(initial=0) < 1000:
        return np.asarray(values * np.ldexp(1.0, exponents))
    return np.asarray(np.ldexp(values, exponents))


def _product(a: Array, b: Array) -> tuple[Array, Array]:
    """a*b and its rounding error (Dekker 1971)."""
    product = a * b
    a_high, b_high = (_SPLITTER * v - (_SPLITTER * v - v) for v in (a, b))
    a_low, b_low = a - a_high, b - b_high
    return product, ((a_high * b_high - product) + a_high * b_low + a_low * b_high) + a_low * b_low
