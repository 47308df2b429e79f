"""erf, erfc and the cube root on lanes."""

from __future__ import annotations

from typing import Any

from ..formula.language.erfc_series import ERFC_SERIES
from .compiling import inner
from .elementary import exp, log
from .lanes import number, short
from .lanes_functions import fma, magnitude, sign, where

_SERIES = ERFC_SERIES
_TURNED = _SERIES[:0:-1]
_TURNED_SHORT = _SERIES[11:0:-1]


@inner
def erfc(x: Any) -> Any:
    """1 - erf(x), with all its digits where it is small."""
    z = magnitude(x)
    t = number(x, 2.0) / (number(x, 2.0) + z)
    u = t + t - number(x, 1.0)
    b, before, twice = number(x, 0.0), number(x, 0.0), u + u
    if short(x):
        for c in _TURNED_SHORT:
            b, before = fma(twice, b, number(x, c) - before), b
    else:
        for c in _TURNED:
            b, before = fma(twice, b, number(x, c) - before), b
    series = fma(u, b, number(x, _SERIES[0]) - before)
    square = z * z
    lost = fma(z, z, -square)  # what rounding took from the square matters where it is large
    y = t * series * exp(-square) * (number(x, 1.0) - lost)
    y = where(square < number(x, 1e4), y, where(z == z, number(x, 0.0), z))
    return where(x < number(x, 0.0), number(x, 2.0) - y, y)


@inner
def erf(x: Any) -> Any:
    """The error function: its series near 0, 1 - erfc(x) elsewhere."""
    q = x * x
    if short(x):
        p = number(x, 1 / 9360)
    else:
        p = fma(q, number(x, 1 / 11975040000), number(x, -1 / 918086400))
        p = fma(p, q, number(x, 1 / 76204800))
        p = fma(p, q, number(x, -1 / 6894720))
        p = fma(p, q, number(x, 1 / 685440))
        p = fma(p, q, number(x, -1 / 75600))
        p = fma(p, q, number(x, 1 / 9360))
    p = fma(p, q, number(x, -1 / 1320))
    p = fma(p, q, number(x, 1 / 216))
    p = fma(p, q, number(x, -1 / 42))
    p = fma(p, q, number(x, 1 / 10))
    p = fma(p, q, number(x, -1 / 3))
    near = x * fma(p, q, number(x, 1.0)) * number(x, 1.1283791670955126)
    far = sign(x) * (number(x, 1.0) - erfc(magnitude(x)))
    return where(magnitude(x) < number(x, 0.5), near, far)


@inner
def cbrt(x: Any) -> Any:
    """The cube root, by logarithm and one step of Newton's method."""
    a = magnitude(x)
    y = exp(log(a) * number(x, 1 / 3))
    y = y - (y - a / (y * y)) * number(x, 1 / 3)
    plain = (a > number(x, 0.0)) * (a < number(x, float("inf")))
    return where(plain, where(x < number(x, 0.0), -y, y), x)
