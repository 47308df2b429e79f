"""Candidate terms of a formula: squares, logarithms, products, sines, hinges and steps at the data's quantiles."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from math import floor, log10, pi

import numpy as np

from ...arrays import Array

KNOTS = np.linspace(0.05, 0.95, 19)  # quantiles where hinges and steps are tried
CYCLES = np.arange(0.5, 8.25, 0.25)  # of a sine, within the range of its argument
PAIR_KNOTS = np.linspace(0.125, 0.875, 7)  # quantiles for steps in two columns


@dataclass(frozen=True, eq=False)
class Term:
    """``text`` in a formula's syntax, ``values`` (n,); ``inputs``: the columns (n, 1 or 2) that it depends on.

    ``complexity``: 0 for the simplest, larger where it takes more to read. ``nearby`` gives the same term at points
    nearby.
    """

    text: str
    values: Array
    complexity: float
    inputs: Array
    nearby: Callable[[], Iterator[Term]] | None = None


@dataclass(frozen=True, eq=False)
class Input:
    """A column as a formula's variable: its ``name`` there, and its values (n,)."""

    name: str
    values: Array


def terms_of_one(x: Input, residuals: Array) -> Iterator[Term]:
    """Terms of one column; the phase of sines is fitted to the ``residuals`` (n,)."""
    v, name, inputs = x.values, x.name, x.values[:, None]
    low, high = float(v.min()), float(v.max())
    if len(np.unique(v)) <= 2:
        return

    def term(text: str, values: Array, complexity: float) -> Term:
        return Term(text, values, complexity, inputs)

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
    yield from _hinge_functions_and_steps(x, KNOTS)
    yield from _sines(name, v, inputs, residuals, 2)


def terms_of_two(x: Input, z: Input, residuals: Array) -> Iterator[Term]:
    """Terms of two columns jointly; residuals as in `terms_of_one`."""
    a, b, text = x.values, z.values, f"{x.name}*{z.name}"
    product, inputs = a * b, np.column_stack([a, b])
    yield Term(text, product, 0, inputs)
    for first, second in ((x, z), (z, x)):
        if second.values.min() > 0:
            yield Term(f"{first.name}/{second.name}", first.values / second.values, 1, inputs)
        if len(np.unique(first.values)) > 2:
            yield Term(f"{first.name}**2*{second.name}", first.values**2 * second.values, 2, inputs)
            if first.values.min() > 0:
                yield Term(f"log({first.name})*{second.name}", np.log(first.values) * second.values, 2, inputs)
        for c in _points(first.values, KNOTS[::2]):
            hinge, step = np.maximum(0, first.values - c), first.values > c
            yield Term(f"max(0, {_minus(first.name, c)})*{second.name}", hinge * second.values, 2, inputs)
            yield Term(f"where({first.name} > {_number(c)}, {second.name}, 0)", step * second.values, 2, inputs)
    if len(np.unique(product)) > 4:
        yield Term(f"({text})**2", product**2, 2, inputs)
        if product.min() >= 0:
            yield Term(f"sqrt({text})", np.sqrt(product), 2, inputs)
        yield from _sines(text, product, inputs, residuals, 3)
    yield from _quadrants(x, z, PAIR_KNOTS, PAIR_KNOTS)


def _hinge_functions_and_steps(x: Input, quantiles: Array) -> Iterator[Term]:
    """Hinges and steps of one column."""
    v, name, inputs = x.values, x.name, x.values[:, None]
    for c in _points(v, quantiles):
        near = partial(_hinge_functions_and_steps, x, _nearby(v, c, quantiles))
        yield Term(f"max(0, {_minus(name, c)})", np.maximum(0, v - c), 1, inputs, near)
        yield Term(f"where({name} > {_number(c)}, 1, 0)", (v > c).astype(float), 1, inputs, near)


def _quadrants(x: Input, z: Input, quantiles_x: Array, quantiles_z: Array) -> Iterator[Term]:
    """Steps of two columns: where both are on the same side of their points (exclusive or), where both are above."""
    a, b = x.values, z.values
    inputs = np.column_stack([a, b])
    for c, d in itertools.product(_points(a, quantiles_x), _points(b, quantiles_z)):
        near = partial(_quadrants, x, z, _nearby(a, c, quantiles_x), _nearby(b, d, quantiles_z))
        text = f"where({_bracketed(x.name, c)}*{_bracketed(z.name, d)} > 0, 1, 0)"
        yield Term(text, ((a - c) * (b - d) > 0).astype(float), 1, inputs, near)
        text = f"where({x.name} > {_number(c)}, 1, 0)*where({z.name} > {_number(d)}, 1, 0)"
        yield Term(text, ((a > c) & (b > d)).astype(float), 1.5, inputs, near)


def _nearby(v: Array, c: float, quantiles: Array) -> Array:
    """Nine quantiles around c, within the distance of its neighbours."""
    at, distance = float(np.mean(v <= c)), float(quantiles[1] - quantiles[0])
    return np.clip(at + distance * np.linspace(-0.8, 0.8, 9), 0.01, 0.99)


def _sines(name: str, v: Array, inputs: Array, residuals: Array, complexity: float) -> Iterator[Term]:
    """sin(w*x + phase) for frequencies from half a cycle up, with phase 0 and with the residuals' best phase."""
    width = float(np.ptp(v))
    linear = np.column_stack([np.ones(len(v)), (v - v.mean()) / width])
    for cycles in CYCLES:
        w = float(f"{2 * pi * cycles / width:.3g}")
        design = np.column_stack([linear, np.sin(w * v), np.cos(w * v)])
        sine, cosine = np.linalg.lstsq(design, residuals, rcond=None)[0][2:]
        for phase in dict.fromkeys((0.0, round(float(np.arctan2(cosine, sine)), 1))):
            shift = "" if phase == 0 else f" {'-' if phase < 0 else '+'} {abs(phase):g}"
            yield Term(f"sin({w:g}*{name}{shift})", np.sin(w * v + phase), complexity + (phase != 0) / 4, inputs)


def _points(v: Array, quantiles: Array) -> list[float]:
    """The values' quantiles inside their range, rounded to two or three digits of that range."""
    low, high = np.quantile(v, [0.05, 0.95])
    width = float(high - low) or float(np.ptp(v))
    if width <= 0:
        return []
    digits = 2 - floor(log10(width))
    distinct = np.unique(v)
    if len(distinct) <= len(quantiles):
        points = (distinct[1:] + distinct[:-1]) / 2
    else:
        points = np.quantile(v, quantiles)
    rounded = dict.fromkeys(round(float(c), digits) + 0.0 for c in points)
    return [c for c in rounded if distinct[0] <= c < distinct[-1]]


def _number(c: float) -> str:
    return repr(int(c)) if c == int(c) and abs(c) < 1e15 else repr(c)


def _minus(name: str, c: float) -> str:
    """name - c, without a double sign."""
    return name if c == 0 else f"{name} {'+' if c < 0 else '-'} {_number(abs(c))}"


def _bracketed(name: str, c: float) -> str:
    return name if c == 0 else f"({_minus(name, c)})"
