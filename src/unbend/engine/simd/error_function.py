"""erf, erfc and cbrt of vectors."""

from __future__ import annotations

from typing import Any

from ...formula.language.erfc_series import ERFC_SERIES
from ...kernels.compiling import inlined
from ...kernels.vector import broadcast, fma, is_float32
from .elementary import exp, log
from .functions import absolute, sign, where

_SERIES = ERFC_SERIES
_REVERSED = _SERIES[:0:-1]
_REVERSED_FLOAT32 = _SERIES[11:0:-1]


@inlined
def erfc(x: Any) -> Any:
    """1 - erf(x), to full relative precision where it is small: a Chebyshev series, summed by Clenshaw's recurrence."""
    z = absolute(x)
    t = broadcast(x, 2.0) / (broadcast(x, 2.0) + z)
    u = t + t - broadcast(x, 1.0)
    b, before, twice = broadcast(x, 0.0), broadcast(x, 0.0), u + u
    if is_float32(x):
        for c in _REVERSED_FLOAT32:
            b, before = fma(twice, b, broadcast(x, c) - before), b
    else:
        for c in _REVERSED:
            b, before = fma(twice, b, broadcast(x, c) - before), b
    series = fma(u, b, broadcast(x, _SERIES[0]) - before)
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
