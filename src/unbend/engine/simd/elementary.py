"""exp, expm1, tanh, log and log1p of vectors: range reduction and a short series.

Each is within a few ulps of the exact value and treats NaN, infinities and zeros as NumPy does. float32 needs fewer
terms than float64; ``is_float32`` chooses at compile time.
"""

from __future__ import annotations

from typing import Any

from ...kernels.compiling import inlined
from ...kernels.vector import broadcast, fma, is_float32
from .functions import absolute, exponent, power_of_two, rint, significand, where

_LOG2_E = 1.4426950408889634
# ln 2 as a sum of two floats: the first has few digits, so that an integer times it is exact (Cody & Waite 1980)
_LN2_FLOAT, _LN2_FLOAT_REST = 0.693359375, -2.1219444005469057e-4
_LN2_DOUBLE, _LN2_DOUBLE_REST = 0.6931471803691238, 1.9082149292705877e-10


@inlined
def _expm1_near_0(r: Any) -> Any:
    """e**r - 1 for |r| <= ln(2)/2, from the series r + r**2/2! + r**3/3! + …"""
    if is_float32(r):
        p = fma(r, broadcast(r, 1 / 5040), broadcast(r, 1 / 720))
    else:
        p = fma(r, broadcast(r, 1 / 6227020800), broadcast(r, 1 / 479001600))
        p = fma(p, r, broadcast(r, 1 / 39916800))
        p = fma(p, r, broadcast(r, 1 / 3628800))
        p = fma(p, r, broadcast(r, 1 / 362880))
        p = fma(p, r, broadcast(r, 1 / 40320))
        p = fma(p, r, broadcast(r, 1 / 5040))
        p = fma(p, r, broadcast(r, 1 / 720))
    p = fma(p, r, broadcast(r, 1 / 120))
    p = fma(p, r, broadcast(r, 1 / 24))
    p = fma(p, r, broadcast(r, 1 / 6))
    p = fma(p, r, broadcast(r, 1 / 2))
    return fma(p * r, r, r)


@inlined
def _reduce_range(x: Any, low: float, high: float) -> Any:
    """(n, r) with x = n ln(2) + r, n integral and |r| <= ln(2)/2, for x clipped to [low, high]; r is NaN where x is."""
    y = where(x > broadcast(x, low), x, broadcast(x, low))  # NaN becomes low, so that n is finite
    y = where(y < broadcast(x, high), y, broadcast(x, high))
    n = rint(y * broadcast(x, _LOG2_E))
    y = where(x == x, y, x)
    if is_float32(x):
        return n, fma(n, broadcast(x, -_LN2_FLOAT_REST), fma(n, broadcast(x, -_LN2_FLOAT), y))
    return n, fma(n, broadcast(x, -_LN2_DOUBLE_REST), fma(n, broadcast(x, -_LN2_DOUBLE), y))


@inlined
def exp(x: Any) -> Any:
    """e**x."""
    n, r = (
        _reduce_range(x, -104.0, 89.0) if is_float32(x) else _reduce_range(x, -746.0, 710.0)
    )  # beyond: 0 and infinity
    # 2**n in two factors: one alone would leave the range of floats before e**x does
    half = rint(n * broadcast(x, 0.5))
    return (_expm1_near_0(r) + broadcast(x, 1.0)) * power_of_two(half) * power_of_two(n - half)


@inlined
def expm1(x: Any) -> Any:
    """e**x - 1, accurate for small x too: 2**n (e**r - 1) + (2**n - 1)."""
    n, r = (
        _reduce_range(x, -25.0, 89.0) if is_float32(x) else _reduce_range(x, -45.0, 710.0)
    )  # below that, -1 to full precision
    scale = power_of_two(n - broadcast(x, 1.0))  # one power less and doubled at the end, to stay in range
    p = fma(_expm1_near_0(r), scale, scale - broadcast(x, 0.5))
    return where(x == broadcast(x, 0.0), x, p + p)


@inlined
def tanh(x: Any) -> Any:
    """(1 - t)/(1 + t) with t = e**(-2|x|), and the sign of x."""
    t = expm1(absolute(x) * broadcast(x, -2.0))
    return where(x < broadcast(x, 0.0), t, -t) / (broadcast(x, 2.0) + t)


@inlined
def log(x: Any) -> Any:
    """The natural logarithm: x = m 2**e, log m = 2 artanh s with s = (m - 1)/(m + 1), |s| <= 0.172."""
    one = broadcast(x, 1.0)
    tiny = x < broadcast(x, 1.1754943508222875e-38 if is_float32(x) else 2.2250738585072014e-308)
    scaled = where(tiny, x * broadcast(x, 16777216.0 if is_float32(x) else 18014398509481984.0), x)
    m, e = significand(scaled), exponent(scaled)
    e = e - where(tiny, broadcast(x, 24.0 if is_float32(x) else 54.0), broadcast(x, 0.0))
    above = m > broadcast(x, 1.4142135623730951)
    m, e = where(above, m * broadcast(x, 0.5), m), where(above, e + one, e)
    s = (m - one) / (m + one)
    q = s * s
    if is_float32(x):
        p = fma(q, broadcast(x, 1 / 9), broadcast(x, 1 / 7))
    else:
        p = fma(q, broadcast(x, 1 / 21), broadcast(x, 1 / 19))
        p = fma(p, q, broadcast(x, 1 / 17))
        p = fma(p, q, broadcast(x, 1 / 15))
        p = fma(p, q, broadcast(x, 1 / 13))
        p = fma(p, q, broadcast(x, 1 / 11))
        p = fma(p, q, broadcast(x, 1 / 9))
        p = fma(p, q, broadcast(x, 1 / 7))
    p = fma(p, q, broadcast(x, 1 / 5))
    p = fma(p, q, broadcast(x, 1 / 3))
    twice = s + s
    low = fma(e, broadcast(x, _LN2_FLOAT_REST if is_float32(x) else _LN2_DOUBLE_REST), twice * q * p)
    y = fma(e, broadcast(x, _LN2_FLOAT if is_float32(x) else _LN2_DOUBLE), low + twice)
    # log(0) = -inf, log(x < 0) = NaN; infinity and NaN are returned as they are
    y = where(
        x > broadcast(x, 0.0), y, where(x == broadcast(x, 0.0), broadcast(x, -float("inf")), broadcast(x, float("nan")))
    )
    return where(x < broadcast(x, float("inf")), y, x)


@inlined
def log1p(x: Any) -> Any:
    """log(1 + x), accurate for small x too: the rounding error of 1 + x is compensated."""
    one = broadcast(x, 1.0)
    u = one + x
    y = log(u) + (x - (u - one)) / u
    return where((u > broadcast(x, 0.0)) * (u < broadcast(x, float("inf"))), y, log(u))
