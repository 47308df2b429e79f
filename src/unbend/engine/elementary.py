"""exp, log, tanh and their like on lanes, as series short enough to read.

Each is within a few units in the last place of the exact value and treats NaN, infinities and zeros as NumPy does.
The lanes of a float32 need fewer terms than those of a float64; ``short`` tells them apart while compiling.
"""

from __future__ import annotations

from typing import Any

from .compiling import inner
from .lanes import number, short
from .lanes_functions import exponent, fma, magnitude, nearest, power_of_two, significand, where

_LOG2_E = 1.4426950408889634
# ln 2 in two parts: the first has few digits, so that a whole number times it is exact
_LN2_FLOAT, _LN2_FLOAT_REST = 0.693359375, -2.1219444005469057e-4
_LN2_DOUBLE, _LN2_DOUBLE_REST = 0.6931471803691238, 1.9082149292705877e-10


@inner
def _less_one(r: Any) -> Any:
    """e**r - 1 for |r| <= ln(2)/2, from the series r + r**2/2! + r**3/3! + …"""
    if short(r):
        p = fma(r, number(r, 1 / 5040), number(r, 1 / 720))
    else:
        p = fma(r, number(r, 1 / 6227020800), number(r, 1 / 479001600))
        p = fma(p, r, number(r, 1 / 39916800))
        p = fma(p, r, number(r, 1 / 3628800))
        p = fma(p, r, number(r, 1 / 362880))
        p = fma(p, r, number(r, 1 / 40320))
        p = fma(p, r, number(r, 1 / 5040))
        p = fma(p, r, number(r, 1 / 720))
    p = fma(p, r, number(r, 1 / 120))
    p = fma(p, r, number(r, 1 / 24))
    p = fma(p, r, number(r, 1 / 6))
    p = fma(p, r, number(r, 1 / 2))
    return fma(p * r, r, r)


@inner
def _reduced(x: Any, low: float, high: float) -> Any:
    """(n, r) with x = n ln(2) + r, n whole and |r| <= ln(2)/2, for x moved into [low, high]; r is NaN where x is."""
    y = where(x > number(x, low), x, number(x, low))  # a NaN becomes low, so that n is a number
    y = where(y < number(x, high), y, number(x, high))
    n = nearest(y * number(x, _LOG2_E))
    y = where(x == x, y, x)
    if short(x):
        return n, fma(n, number(x, -_LN2_FLOAT_REST), fma(n, number(x, -_LN2_FLOAT), y))
    return n, fma(n, number(x, -_LN2_DOUBLE_REST), fma(n, number(x, -_LN2_DOUBLE), y))


@inner
def exp(x: Any) -> Any:
    """e**x."""
    n, r = _reduced(x, -104.0, 89.0) if short(x) else _reduced(x, -746.0, 710.0)  # beyond: 0 and infinity
    # 2**n in two factors: one alone would leave the range of floats before e**x does
    half = nearest(n * number(x, 0.5))
    return (_less_one(r) + number(x, 1.0)) * power_of_two(half) * power_of_two(n - half)


@inner
def expm1(x: Any) -> Any:
    """e**x - 1, exact for small x too: 2**n (e**r - 1) + (2**n - 1)."""
    n, r = _reduced(x, -25.0, 89.0) if short(x) else _reduced(x, -45.0, 710.0)  # below, -1 whatever x is
    scale = power_of_two(n - number(x, 1.0))  # one power less and doubled at the end, to stay in range
    p = fma(_less_one(r), scale, scale - number(x, 0.5))
    return where(x == number(x, 0.0), x, p + p)


@inner
def tanh(x: Any) -> Any:
    """(1 - t)/(1 + t) with t = e**(-2|x|), and the sign of x."""
    t = expm1(magnitude(x) * number(x, -2.0))
    return where(x < number(x, 0.0), t, -t) / (number(x, 2.0) + t)


@inner
def log(x: Any) -> Any:
    """The natural logarithm: x = m 2**e, log m = 2 artanh s with s = (m - 1)/(m + 1), |s| <= 0.172."""
    one = number(x, 1.0)
    tiny = x < number(x, 1.1754943508222875e-38 if short(x) else 2.2250738585072014e-308)
    scaled = where(tiny, x * number(x, 16777216.0 if short(x) else 18014398509481984.0), x)
    m, e = significand(scaled), exponent(scaled)
    e = e - where(tiny, number(x, 24.0 if short(x) else 54.0), number(x, 0.0))
    above = m > number(x, 1.4142135623730951)
    m, e = where(above, m * number(x, 0.5), m), where(above, e + one, e)
    s = (m - one) / (m + one)
    q = s * s
    if short(x):
        p = fma(q, number(x, 1 / 9), number(x, 1 / 7))
    else:
        p = fma(q, number(x, 1 / 21), number(x, 1 / 19))
        p = fma(p, q, number(x, 1 / 17))
        p = fma(p, q, number(x, 1 / 15))
        p = fma(p, q, number(x, 1 / 13))
        p = fma(p, q, number(x, 1 / 11))
        p = fma(p, q, number(x, 1 / 9))
        p = fma(p, q, number(x, 1 / 7))
    p = fma(p, q, number(x, 1 / 5))
    p = fma(p, q, number(x, 1 / 3))
    twice = s + s
    low = fma(e, number(x, _LN2_FLOAT_REST if short(x) else _LN2_DOUBLE_REST), twice * q * p)
    y = fma(e, number(x, _LN2_FLOAT if short(x) else _LN2_DOUBLE), low + twice)
    # 0 gives -inf, what is below NaN, infinity and NaN themselves
    y = where(x > number(x, 0.0), y, where(x == number(x, 0.0), number(x, -float("inf")), number(x, float("nan"))))
    return where(x < number(x, float("inf")), y, x)


@inner
def log1p(x: Any) -> Any:
    """log(1 + x), exact for small x too: what the rounding of 1 + x lost is put back."""
    one = number(x, 1.0)
    u = one + x
    y = log(u) + (x - (u - one)) / u
    return where((u > number(x, 0.0)) * (u < number(x, float("inf"))), y, log(u))
