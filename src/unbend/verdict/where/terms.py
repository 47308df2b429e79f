"""Simple terms that a formula can write: squares, logarithms, products, sines, hinges and steps at found points."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from itertools import product
from math import floor, log10, pi

import numpy as np

from ...arrays import Array
from .shapes import Shape

KNOTS = np.linspace(0.05, 0.95, 19)  # quantiles where hinges and steps are tried
CYCLES = np.arange(0.5, 8.25, 0.25)  # of a sine, within the range of its argument
EDGES = np.linspace(0.125, 0.875, 7)  # the same for steps in two columns


@dataclass(frozen=True, eq=False)
class Term:
    """``text`` as a formula writes it, ``values`` (n,); ``inputs``: the columns (n, 1 or 2) it is made of.

    ``rank``: 0 the plainest, larger where it takes more to read. ``finer`` gives the same at points nearby.
    """

    text: str
    values: Array
    rank: float
    inputs: Array
    finer: Callable[[], Iterator[Term]] | None = None


@dataclass(frozen=True, eq=False)
class Input:
    """A column as a formula sees it: the ``name`` it has there, and its values (n,)."""

    name: str
    values: Array

    @classmethod
    def of(cls, shape: Shape, name: str) -> Input:
        """The column of a shape."""
        return cls(name, shape.values)


def of_one(x: Input, rest: Array) -> Iterator[Term]:
    """Terms of one column; ``rest`` (n,), what is left to explain, finds the phase of sines."""
    v, name = x.values, x.name
    low, high = float(v.min()), float(v.max())
    if len(np.unique(v)) <= 2:
        return

    def term(text: str, values: Array, rank: float) -> Term:
        return Term(text, values, rank, v[:, None])

    yield term(f"{name}**2", v**2, 0)
    if low > 0:
        yield term(f"log({name})", np.log(v), 0)
        yield term(f"1/{name}", 1 / v, 1)
    if low >= 0:
        yield term(f"sqrt({name})", np.sqrt(v), 0)
    yield term(f"{name}**3", v**3, 2)
    if max(abs(low), abs(high)) <= 20:
        yield term(f"exp({name})", np.exp(v), 1)
        yield term(f"exp(-{name})", np.exp(-v), 1)
    yield from _bent_at(x, KNOTS)
    yield from _sines(name, v, v[:, None], rest, 2)


def of_two(x: Input, z: Input, rest: Array) -> Iterator[Term]:
    """Terms of two columns together."""
    a, b, text = x.values, z.values, f"{x.name}*{z.name}"
    both, inputs = a * b, np.column_stack([a, b])
    yield Term(text, both, 0, inputs)
    for top, below in ((x, z), (z, x)):
        if below.values.min() > 0:
            yield Term(f"{top.name}/{below.name}", top.values / below.values, 1, inputs)
        if len(np.unique(top.values)) > 2:
            yield Term(f"{top.name}**2*{below.name}", top.values**2 * below.values, 2, inputs)
            if top.values.min() > 0:
                yield Term(f"log({top.name})*{below.name}", np.log(top.values) * below.values, 2, inputs)
        for c in _places(top.values, KNOTS[::2]):
            hinge, step = np.maximum(0, top.values - c), top.values > c
            yield Term(f"max(0, {_less(top.name, c)})*{below.name}", hinge * below.values, 2, inputs)
            yield Term(f"where({top.name} > {_number(c)}, {below.name}, 0)", step * below.values, 2, inputs)
    if len(np.unique(both)) > 4:
        yield Term(f"({text})**2", both**2, 2, inputs)
        if both.min() >= 0:
            yield Term(f"sqrt({text})", np.sqrt(both), 2, inputs)
        yield from _sines(text, both, inputs, rest, 3)
    yield from _quarters(x, z, EDGES, EDGES)


def _bent_at(x: Input, quantiles: Array) -> Iterator[Term]:
    """Hinges and steps of one column."""
    v, name = x.values, x.name
    for c in _places(v, quantiles):
        near = partial(_bent_at, x, _nearby(v, c, quantiles))
        yield Term(f"max(0, {_less(name, c)})", np.maximum(0, v - c), 1, v[:, None], near)
        yield Term(f"where({name} > {_number(c)}, 1, 0)", (v > c).astype(float), 1, v[:, None], near)


def _quarters(x: Input, z: Input, across: Array, along: Array) -> Iterator[Term]:
    """Steps of two columns: where both are on the same side of their points (exclusive or), where both are above."""
    a, b = x.values, z.values
    inputs = np.column_stack([a, b])
    for c, d in product(_places(a, across), _places(b, along)):
        near = partial(_quarters, x, z, _nearby(a, c, across), _nearby(b, d, along))
        text = f"where({_bracketed(x.name, c)}*{_bracketed(z.name, d)} > 0, 1, 0)"
        yield Term(text, ((a - c) * (b - d) > 0).astype(float), 1, inputs, near)
        text = f"where({x.name} > {_number(c)}, 1, 0)*where({z.name} > {_number(d)}, 1, 0)"
        yield Term(text, ((a > c) & (b > d)).astype(float), 1.5, inputs, near)


def _nearby(v: Array, c: float, quantiles: Array) -> Array:
    """Nine quantiles around c, as far as those next to it."""
    at, reach = float(np.mean(v <= c)), float(quantiles[1] - quantiles[0])
    return np.clip(at + reach * np.linspace(-0.8, 0.8, 9), 0.01, 0.99)


def _sines(name: str, v: Array, inputs: Array, rest: Array, rank: float) -> Iterator[Term]:
    """sin(w*x + phase) for frequencies from half a cycle up, each with the phase that fits the rest best."""
    width = float(np.ptp(v))
    straight = np.column_stack([np.ones(len(v)), (v - v.mean()) / width])
    for cycles in CYCLES:
        w = float(f"{2 * pi * cycles / width:.3g}")
        design = np.column_stack([straight, np.sin(w * v), np.cos(w * v)])
        along, across = np.linalg.lstsq(design, rest, rcond=None)[0][2:]
        for phase in dict.fromkeys((0.0, round(float(np.arctan2(across, along)), 1))):
            shift = "" if phase == 0 else f" {'-' if phase < 0 else '+'} {abs(phase):g}"
            yield Term(f"sin({w:g}*{name}{shift})", np.sin(w * v + phase), rank + (phase != 0) / 4, inputs)


def _places(v: Array, quantiles: Array) -> list[float]:
    """Found points inside the values' range, rounded as far as the values' spread lets one round."""
    low, high = np.quantile(v, [0.05, 0.95])
    spread = float(high - low) or float(np.ptp(v))
    if spread <= 0:
        return []
    digits = 2 - floor(log10(spread))
    distinct = np.unique(v)
    if len(distinct) <= len(quantiles):
        found = (distinct[1:] + distinct[:-1]) / 2
    else:
        found = np.quantile(v, quantiles)
    rounded = dict.fromkeys(round(float(c), digits) + 0.0 for c in found)
    return [c for c in rounded if distinct[0] <= c < distinct[-1]]


def _number(c: float) -> str:
    return repr(int(c)) if c == int(c) and abs(c) < 1e15 else repr(c)


def _less(name: str, c: float) -> str:
    """name - c, without a double sign."""
    return name if c == 0 else f"{name} {'+' if c < 0 else '-'} {_number(abs(c))}"


def _bracketed(name: str, c: float) -> str:
    return name if c == 0 else f"({_less(name, c)})"
