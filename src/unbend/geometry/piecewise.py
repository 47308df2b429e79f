"""Piecewise affine functions of one variable in exact rational arithmetic, closed under what formulas can do."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from itertools import pairwise

Line = tuple[Fraction, Fraction]  # slope, intercept
_ZERO, _ONE = Fraction(0), Fraction(1)


class NotAffine(Exception):
    """The function is no longer straight on finitely many intervals."""


@dataclass(frozen=True)
class Piecewise:
    """Straight on the open intervals between ``breaks``: ``lines`` has one (slope, intercept) more than ``breaks``.

    ``at`` are the values on the breaks themselves, which belong to neither side where the function jumps.
    """

    breaks: tuple[Fraction, ...]
    lines: tuple[Line, ...]
    at: tuple[Fraction, ...]

    def __call__(self, x: Fraction) -> Fraction:
        """The value at x."""
        for place, value in zip(self.breaks, self.at, strict=True):
            if x == place:
                return value
        slope, intercept = self.lines[sum(place < x for place in self.breaks)]
        return slope * x + intercept

    def limits(self, k: int) -> tuple[Fraction, Fraction]:
        """The limits from the left and the right at ``breaks[k]``."""
        x = self.breaks[k]
        (a, b), (c, d) = self.lines[k], self.lines[k + 1]
        return a * x + b, c * x + d

    @cached_property
    def jumps(self) -> tuple[bool, ...]:
        """For each break, whether the function jumps there."""
        return tuple(len({*self.limits(k), self.at[k]}) > 1 for k in range(len(self.breaks)))


def constant(value: Fraction) -> Piecewise:
    """The same value everywhere."""
    return Piecewise((), ((_ZERO, value),), ())


VARIABLE = Piecewise((), ((_ONE, _ZERO),), ())


def pointwise(
    functions: tuple[Piecewise, ...],
    on_lines: Callable[..., Line],
    on_values: Callable[..., Fraction],
    roots_of: tuple[Callable[..., Line], ...] = (),
) -> Piecewise:
    """The function whose lines and values come from those of ``functions``.

    ``roots_of`` are lines whose sign ``on_lines`` depends on: their zeros become breaks first, and ``on_lines`` gets a
    point inside the interval as its first argument.
    """
    breaks = sorted({b for f in functions for b in f.breaks})
    for left, right in pairwise([None, *breaks, None]):
        inside = _inside(left, right)
        for line in roots_of:
            slope, intercept = line(*(_line(f, inside) for f in functions))
            if slope:
                root = -intercept / slope
                if (left is None or left < root) and (right is None or root < right):
                    breaks.append(root)
    breaks = sorted(set(breaks))
    middles = [_inside(left, right) for left, right in pairwise([None, *breaks, None])]
    lines = [on_lines(x, *(_line(f, x) for f in functions)) for x in middles]
    at = [on_values(*(f(b) for f in functions)) for b in breaks]
    return _simple(breaks, lines, at)


def _inside(left: Fraction | None, right: Fraction | None) -> Fraction:
    if left is None:
        return _ZERO if right is None else right - 1
    return left + 1 if right is None else (left + right) / 2


def _line(f: Piecewise, x: Fraction) -> Line:
    return f.lines[sum(place < x for place in f.breaks)]


def _simple(breaks: list[Fraction], lines: list[Line], at: list[Fraction]) -> Piecewise:
    """Without breaks where nothing happens."""
    kept = [k for k, b in enumerate(breaks)
            if lines[k] != lines[k + 1] or at[k] != lines[k][0] * b + lines[k][1]]  # fmt: skip
    return Piecewise(
        tuple(breaks[k] for k in kept), (lines[0], *(lines[k + 1] for k in kept)), tuple(at[k] for k in kept)
    )


def value_at(line: Line, x: Fraction) -> Fraction:
    """slope*x + intercept."""
    return line[0] * x + line[1]


def add(f: Piecewise, g: Piecewise, sign: int = 1) -> Piecewise:
    """f + sign*g."""
    return pointwise(
        (f, g), lambda _, a, b: (a[0] + sign * b[0], a[1] + sign * b[1]), lambda u, v: u + sign * v
    )  # fmt: skip


def multiply(f: Piecewise, g: Piecewise) -> Piecewise:
    """f*g where on every interval one of the two is constant; else ``NotAffine``."""

    def product(_: Fraction, a: Line, b: Line) -> Line:
        if a[0] and b[0]:
            raise NotAffine
        return a[0] * b[1] + b[0] * a[1], a[1] * b[1]

    return pointwise((f, g), product, lambda u, v: u * v)


def divide(f: Piecewise, g: Piecewise) -> Piecewise:
    """f/g where g is constant on every interval and nowhere 0; else ``NotAffine``."""
    if any(slope or not intercept for slope, intercept in g.lines) or not all(g.at):
        raise NotAffine
    return multiply(f, Piecewise(g.breaks, tuple((_ZERO, 1 / b) for _, b in g.lines), tuple(1 / v for v in g.at)))


def choose(condition: Piecewise, yes: Piecewise, no: Piecewise) -> Piecewise:
    """``yes`` where the condition is not 0, else ``no``."""
    return pointwise(
        (condition, yes, no),
        lambda x, c, a, b: a if value_at(c, x) else b,
        lambda c, u, v: u if c else v,
        (lambda c, a, b: c,),
    )


def compare(f: Piecewise, g: Piecewise, holds: Callable[[Fraction, Fraction], bool]) -> Piecewise:
    """1 where ``holds(f, g)``, else 0."""
    return pointwise(
        (f, g),
        lambda x, a, b: (_ZERO, Fraction(holds(value_at(a, x), value_at(b, x)))),
        lambda u, v: Fraction(holds(u, v)),
        (lambda a, b: (a[0] - b[0], a[1] - b[1]),),
    )
