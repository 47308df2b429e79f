"""`ExactSums`: sums of doubles without rounding, so that neither order nor grouping changes a bit of them.

Each sum is an integer in digits of 32 bits (a superaccumulator: Kulisch, Computer Arithmetic and Validity, 2013), kept
in int64 numbers, so that 2**28 terms can be added before a carry.
"""

from __future__ import annotations

import numpy as np

from ...arrays import Array

_BITS = 32  # of a digit
_MASK = (1 << _BITS) - 1
_TERMS = 1 << 28  # that may be added to a digit before carries: a term adds less than 2**34 to it


class ExactSums:
    """An array of exact sums, zero at first. Pickles are small: only the digits in use are stored.

    Parameters
    ----------
    shape : tuple of int
        Of the array.
    """

    def __init__(self, shape: tuple[int, ...]) -> None:
        self.shape = shape
        self._lowest = 0  # the place of the first digit: digits[i] counts 2**(32 * (lowest + i))
        self._digits = np.zeros((0, int(np.prod(shape))), np.int64)
        self._terms = 0

    def add(self, values: Array, exponents: Array | int = 0, places: Array | None = None) -> None:
        """Add values * 2**exponents, both of the sums' shape or broadcast to it; the values must be finite.

        With ``places`` (in the raveled array) all three have one shape, of whatever size.
        """
        shape = self.shape if places is None else places.shape
        mantissas, powers = np.frexp(np.broadcast_to(values, shape).ravel())
        integers = (mantissas * 2.0**53).astype(np.int64)
        some = np.flatnonzero(integers)
        if not len(some):
            return
        integers, at = integers[some], some if places is None else places.ravel()[some]
        powers = powers[some].astype(np.int64) - 53 + np.broadcast_to(exponents, shape).ravel()[some]
        digits, shifts = powers // _BITS, powers % _BITS
        self._reserve(int(digits.min()), int(digits.max()) + 3)
        low = (integers & _MASK) << shifts  # below 2**63
        high = (integers >> _BITS) << shifts
        at = at + (digits - self._lowest) * self._digits.shape[1]
        flat = self._digits.ravel()
        np.add.at(flat, at, low & _MASK)
        np.add.at(flat, at + self._digits.shape[1], (low >> _BITS) + (high & _MASK))
        np.add.at(flat, at + 2 * self._digits.shape[1], high >> _BITS)
        self._count(1 if places is None else places.size)

    def merge(self, other: ExactSums) -> None:
        """Add the sums of another of the same shape."""
        if not len(other._digits):
            return
        self._reserve(other._lowest, other._lowest + len(other._digits))
        start = other._lowest - self._lowest
        self._digits[start : start + len(other._digits)] += other._digits
        self._count(other._terms)

    def integers(self) -> tuple[list[int], int]:
        """(integers, exponent): the sums are integer * 2**exponent, in the order of the raveled array."""
        totals = [0] * self._digits.shape[1]
        for digits in self._digits[::-1]:
            totals = [(total << _BITS) + digit for total, digit in zip(totals, digits.tolist(), strict=True)]
        return totals, _BITS * self._lowest

    def doubles(self) -> Array:
        """The sums, each rounded once to a double."""
        integers, exponent = self.integers()
        up, down = 1 << max(exponent, 0), 1 << max(-exponent, 0)
        return np.array([i * up / down for i in integers]).reshape(self.shape)

    def _reserve(self, start: int, stop: int) -> None:
        """Make room for the digits at places start…stop-1."""
        if not len(self._digits):
            self._lowest, self._digits = start, np.zeros((stop - start, self._digits.shape[1]), np.int64)
            return
        below = max(0, self._lowest - start)
        above = max(0, stop - self._lowest - len(self._digits))
        if below or above:
            self._digits = np.pad(self._digits, ((below, above), (0, 0)))
            self._lowest -= below

    def _count(self, terms: int) -> None:
        self._terms += terms
        if self._terms > _TERMS:
            self._reserve(self._lowest, self._lowest + len(self._digits) + 1)
            for i in range(len(self._digits) - 1):
                self._digits[i + 1] += self._digits[i] >> _BITS
                self._digits[i] &= _MASK
            self._terms = 1
