"""`Counterexample`: two points, two weights, and the two sides that differ: a formula is not linear."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from itertools import islice

Point = dict[str, Fraction]
_MAX_SHOWN = 8  # names of a point in print


@dataclass(frozen=True)
class Counterexample:
    """Two points where f(alpha*u + beta*v) differs from alpha*f(u) + beta*f(v).

    Attributes
    ----------
    alpha, beta : Fraction or float
        The weights. Where alpha + beta = 1, the counterexample refutes *affine* too.
    u, v : mapping of str to Fraction or float
        The two points, by the names that are judged.
    others : mapping of str to Fraction or float
        The values at which all other names are held fixed.
    left, right : Fraction or float
        The two sides: exact fractions where they are rational, else midpoints of disjoint intervals of 60 digits.
        A tested function or network gives floats throughout.

    Examples
    --------
    >>> import unbend as ub
    >>> found = ub.Formula("y = a*x + b").linearity.of("x").counterexample
    >>> found.left == found.right
    False
    """

    alpha: Fraction | float
    beta: Fraction | float
    u: Mapping[str, Fraction | float]
    v: Mapping[str, Fraction | float]
    others: Mapping[str, Fraction | float]
    left: Fraction | float
    right: Fraction | float

    @property
    def between(self) -> dict[str, Fraction | float]:
        """alpha*u + beta*v"""
        return {n: self.alpha * self.u[n] + self.beta * self.v[n] for n in self.u}

    def __str__(self) -> str:
        """The two sides with their numbers: f(1/2*u + 1/2*v) = 1, 1/2*f(u) + 1/2*f(v) = 5; u: x = 3; v: x = -1."""
        fixed = f"; {_values(self.others)}" if self.others else ""
        inside, outside = (self._sum(u, v) for u, v in (("u", "v"), ("f(u)", "f(v)")))
        return (
            f"f({inside}) = {_short(self.left)}, {outside} = {_short(self.right)}; "
            f"u: {_values(self.u)}; v: {_values(self.v)}{fixed}"
        )

    def _sum(self, u: str, v: str) -> str:
        """alpha*u + beta*v in print: 2*u - v"""
        first = f"-{_times(-self.alpha, u)}" if self.alpha < 0 else _times(self.alpha, u)
        sign, size = ("-", -self.beta) if self.beta < 0 else ("+", self.beta)
        return f"{first} {sign} {_times(size, v)}"


def _times(factor: Fraction | float, name: str) -> str:
    return name if factor == 1 else f"{_short(factor)}*{name}"


def _short(value: Fraction | float) -> str:
    if not isinstance(value, Fraction):
        return f"{value:.10g}"
    text = str(value)  # Decimal: its exponents go beyond those of a double
    return text if len(text) <= 24 else f"{(Decimal(value.numerator) / Decimal(value.denominator)).normalize():.10g}"


def _values(point: Mapping[str, Fraction | float]) -> str:
    shown = [f"{name} = {_short(value)}" for name, value in islice(point.items(), _MAX_SHOWN)]
    return ", ".join([*shown, "…"] if len(point) > _MAX_SHOWN else shown)
