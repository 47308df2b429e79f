"""erf, erfc and the cube root on lanes."""

from __future__ import annotations

from typing import Any

from .compiling import inner
from .elementary import exp, log
from .lanes import number, short
from .lanes_functions import fma, magnitude, sign, where

# erfc(z) e**(z*z) / t as a Chebyshev series in 2t - 1, with t = 2/(2 + z), for all z >= 0
_SERIES = (
    0.5770337386164697, 0.3554369212704985, 0.06509515882878653, 0.003671142395836639, -0.0011128447433526325,
    -0.0001607582991537808, 3.278031574173137e-05, 5.442441645505016e-06, -1.5154665553171482e-06,
    -1.4297608181169865e-07, 8.234608827419493e-08, -1.2962846852306563e-09, -4.154721631015199e-09,
    6.347058278362811e-10, 1.4320822712256225e-10, -6.160390105204585e-11, 2.0612138554721698e-12,
    3.5714931488477042e-12, -8.586422843251796e-13, -6.14560021379063e-14, 7.418725748596617e-14,
    -1.2895042755032325e-14, -2.358726385710632e-15, 1.5729349381685912e-15, -2.2782966239546465e-16,
    -6.31233045075643e-17, 3.5916763531814925e-17,
)  # fmt: skip
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
