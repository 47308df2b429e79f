"""A counterexample to linearity: two points, two numbers, and the two sides that should be equal and are not."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from itertools import islice

Point = dict[str, Fraction]
_SHOWN = 8  # names of a point in print


@dataclass(frozen=True)
class Counterexample:
    """f(alpha*u + beta*v) against alpha*f(u) + beta*f(v), with the names in ``others`` held fixed.

    ``left`` and ``right`` are the two sides: exact fractions where they are rational, else floats of enclosures
    with 60 digits that do not meet. A tested function or network gives floats throughout.
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
    text = str(value)  # a decimal has room for exponents that a double has not
    return text if len(text) <= 24 else f"{(Decimal(value.numerator) / Decimal(value.denominator)).normalize():.10g}"


def _values(point: Mapping[str, Fraction | float]) -> str:
    shown = [f"{name} = {_short(value)}" for name, value in islice(point.items(), _SHOWN)]
    return ", ".join([*shown, "…"] if len(point) > _SHOWN else shown)
