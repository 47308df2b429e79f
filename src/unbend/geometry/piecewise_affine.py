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
    """The result of an operation is not affine on finitely many intervals."""


@dataclass(frozen=True)
class PiecewiseAffine:
    """Affine on the open intervals between ``breaks``: ``lines`` has one (slope, intercept) more than ``breaks``.

    ``at`` are the values at the breaks themselves, which are neither side's limit in general where the function jumps.
    """

    breaks: tuple[Fraction, ...]
    lines: tuple[Line, ...]
    at: tuple[Fraction, ...]

    def __call__(self, x: Fraction) -> Fraction:
        """The value at x."""
        for kink, value in zip(self.breaks, self.at, strict=True):
            if x == kink:
                return value
        slope, intercept = self.lines[sum(kink < x for kink in self.breaks)]
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


def constant(value: Fraction) -> PiecewiseAffine:
    """The same value everywhere."""
    return PiecewiseAffine((), ((_ZERO, value),), ())


VARIABLE = PiecewiseAffine((), ((_ONE, _ZERO),), ())


def pointwise(
    functions: tuple[PiecewiseAffine, ...],
    on_lines: Callable[..., Line],
    on_values: Callable[..., Fraction],
    roots_of: tuple[Callable[..., Line], ...] = (),
) -> PiecewiseAffine:
    """Combine functions interval by interval (``on_lines``) and break by break (``on_values``).

    ``roots_of`` are lines whose sign ``on_lines`` depends on: their zeros become breaks first, and ``on_lines`` gets a
    point inside the interval as its first argument.
    """
    breaks = sorted({b for f in functions for b in f.breaks})
    for left, right in pairwise([None, *breaks, None]):
        x = _inside(left, right)
        for line in roots_of:
            slope, intercept = line(*(_line(f, x) for f in functions))
            if slope:
                root = -intercept / slope
                if (left is None or left < root) and (right is None or root < right):
                    breaks.append(root)
    breaks = sorted(set(breaks))
    interior = [_inside(left, right) for left, right in pairwise([None, *breaks, None])]
    lines = [on_lines(x, *(_line(f, x) for f in functions)) for x in interior]
    at = [on_values(*(f(b) for f in functions)) for b in breaks]
    return _without_false_breaks(breaks, lines, at)


def _inside(left: Fraction | None, right: Fraction | None) -> Fraction:
    """A point inside the interval; None is an infinite end."""
    if left is None:
        return _ZERO if right is None else right - 1
    return left + 1 if right is None else (left + right) / 2


def _line(f: PiecewiseAffine, x: Fraction) -> Line:
    """The line of f around x, which is no break."""
    return f.lines[sum(kink < x for kink in f.breaks)]


def _without_false_breaks(breaks: list[Fraction], lines: list[Line], at: list[Fraction]) -> PiecewiseAffine:
    """The function without breaks at which it neither bends nor jumps."""
    true = [k for k, b in enumerate(breaks)
            if lines[k] != lines[k + 1] or at[k] != lines[k][0] * b + lines[k][1]]  # fmt: skip
    return PiecewiseAffine(
        tuple(breaks[k] for k in true), (lines[0], *(lines[k + 1] for k in true)), tuple(at[k] for k in true)
    )


def value_at(line: Line, x: Fraction) -> Fraction:
    """slope*x + intercept."""
    return line[0] * x + line[1]


def add(f: PiecewiseAffine, g: PiecewiseAffine, sign: int = 1) -> PiecewiseAffine:
    """f + sign*g."""
    return pointwise(
        (f, g), lambda _, a, b: (a[0] + sign * b[0], a[1] + sign * b[1]), lambda u, v: u + sign * v
    )  # fmt: skip


def multiply(f: PiecewiseAffine, g: PiecewiseAffine) -> PiecewiseAffine:
    """f*g where on every interval one of the two is constant; else ``NotAffine``."""

    def product(_: Fraction, a: Line, b: Line) -> Line:
        if a[0] and b[0]:
            raise NotAffine
        return a[0] * b[1] + b[0] * a[1], a[1] * b[1]

    return pointwise((f, g), product, lambda u, v: u * v)


def divide(f: PiecewiseAffine, g: PiecewiseAffine) -> PiecewiseAffine:
    """f/g where g is constant on every interval and nowhere 0; else ``NotAffine``."""
    if any(slope or not intercept for slope, intercept in g.lines) or not all(g.at):
        raise NotAffine
    return multiply(f, PiecewiseAffine(g.breaks, tuple((_ZERO, 1 / b) for _, b in g.lines), tuple(1 / v for v in g.at)))


def choose(condition: PiecewiseAffine, yes: PiecewiseAffine, no: PiecewiseAffine) -> PiecewiseAffine:
    """``yes`` where the condition is not 0, else ``no``."""
    return pointwise(
        (condition, yes, no),
        lambda x, c, a, b: a if value_at(c, x) else b,
        lambda c, u, v: u if c else v,
        (lambda c, a, b: c,),
    )


def compare(f: PiecewiseAffine, g: PiecewiseAffine, holds: Callable[[Fraction, Fraction], bool]) -> PiecewiseAffine:
    """1 where ``holds(f, g)``, else 0."""
    return pointwise(
        (f, g),
        lambda x, a, b: (_ZERO, Fraction(holds(value_at(a, x), value_at(b, x)))),
        lambda u, v: Fraction(holds(u, v)),
        (lambda a, b: (a[0] - b[0], a[1] - b[1]),),
    )
