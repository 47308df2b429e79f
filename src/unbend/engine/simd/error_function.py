"""erf, erfc and cbrt of vectors."""

from __future__ import annotations

from typing import Any

from ...formula.language.erfc_series import ERFC_SERIES
from ...kernels.compiling import inlined
from ...kernels.vector import broadcast, fma, is_float32
from .elementary import exp, log
from .functions import absolute, sign, where

_SERIES = ERFC_SERIES
_REVERSED_FLOAT32 = _SERIES[11:0:-1]
# the series as a polynomial in 2t - 1, for float64: the coefficients of even powers, and of odd ones, highest first
_EVEN = (
    1.2051665995883637e-09, -9.744756625932259e-09, 2.9041985444209086e-08, -1.6982724012935727e-09,
    -2.8554818238341167e-07, 1.00091858626541e-06, -5.628166935192923e-07, -1.0848057268891096e-05,
    7.223535061438544e-05, -0.00033153674761946043, 0.0015453060290576439, -0.010755330944716365, 0.13973604627802688,
)  # fmt: skip
_CONSTANT = 0.5107913526210115
_ODD = (
    -1.05903331435718e-09, 1.3216325517632649e-08, -6.965842943409138e-08, 1.7867229479168536e-07,
    -1.3754508233185964e-08, -1.8150355080541665e-06, 8.05787586714734e-06, -1.7073781133818914e-05,
    -1.7185831874889752e-05, 0.0004186480432791111, -0.0032395925345820673, 0.01822111575345904, 0.34358034220690514,
)  # fmt: skip


@inlined
def erfc(x: Any) -> Any:
    """1 - erf(x), to full relative precision where it is small: a Chebyshev series, summed by Clenshaw's recurrence."""
    z = absolute(x)
    t = broadcast(x, 2.0) / (broadcast(x, 2.0) + z)
    u = t + t - broadcast(x, 1.0)
    if is_float32(x):
        b, before, twice = broadcast(x, 0.0), broadcast(x, 0.0), u + u
        for c in _REVERSED_FLOAT32:
            b, before = fma(twice, b, broadcast(x, c) - before), b
        series = fma(u, b, broadcast(x, _SERIES[0]) - before)
    else:
        q, even, odd = u * u, broadcast(x, 0.0), broadcast(x, 0.0)
        for c in _EVEN:
            even = fma(even, q, broadcast(x, c))
        for c in _ODD:
            odd = fma(odd, q, broadcast(x, c))
        series = fma(u, odd, fma(q, even, broadcast(x, _CONSTANT)))
    square = z * z
    lost = fma(z, z, -square)  # the rounding error of the square matters where the square is large
    y = t * series * exp(-square) * (broadcast(x, 1.0) - lost)
    y = where(square < broadcast(x, 1e4), y, where(z == z, broadcast(x, 0.0), z))
    return where(x < broadcast(x, 0.0), broadcast(x, 2.0) - y, y)


@inlined
def erf(x: Any) -> Any:
    """The error function: its series near 0, 1 - erfc(x) elsewhere."""
    q = x * x
    if is_float32(x):
        p = broadcast(x, 1 / 9360)
    else:
        p = fma(q, broadcast(x, 1 / 11975040000), broadcast(x, -1 / 918086400))
        p = fma(p, q, broadcast(x, 1 / 76204800))
        p = fma(p, q, broadcast(x, -1 / 6894720))
        p = fma(p, q, broadcast(x, 1 / 685440))
        p = fma(p, q, broadcast(x, -1 / 75600))
        p = fma(p, q, broadcast(x, 1 / 9360))
    p = fma(p, q, broadcast(x, -1 / 1320))
    p = fma(p, q, broadcast(x, 1 / 216))
    p = fma(p, q, broadcast(x, -1 / 42))
    p = fma(p, q, broadcast(x, 1 / 10))
    p = fma(p, q, broadcast(x, -1 / 3))
    near = x * fma(p, q, broadcast(x, 1.0)) * broadcast(x, 1.1283791670955126)
    far = sign(x) * (broadcast(x, 1.0) - erfc(absolute(x)))
    return where(absolute(x) < broadcast(x, 0.5), near, far)


@inlined
def cbrt(x: Any) -> Any:
    """The cube root, by logarithm and one step of Newton's method."""
    a = absolute(x)
    y = exp(log(a) * broadcast(x, 1 / 3))
    y = y - (y - a / (y * y)) * broadcast(x, 1 / 3)
    regular = (a > broadcast(x, 0.0)) * (a < broadcast(x, float("inf")))
    return where(regular, where(x < broadcast(x, 0.0), -y, y), x)
