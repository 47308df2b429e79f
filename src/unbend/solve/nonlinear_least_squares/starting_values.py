"""Starting values made from the data: of the size that a parameter's units and the columns' sizes give."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import numpy as np

from ...arrays import Array
from ...formula.evaluate.derivative import derivative
from ...formula.evaluate.floats import Floats
from ...formula.evaluate.tape import run
from ...formula.language.tree import Call, Name, Node, depends_on, walk
from ..arguments import Limits
from .dimensional_analysis import units

_SPREAD = 0.5  # standard deviation, in powers of ten, added to every size


class Starts:
    """Draws values for the searched parameters; one row for each start."""

    def __init__(self, tree: Node, values: Mapping[str, Array], y: Array, names: Sequence[str], limits: Limits) -> None:
        self.names = list(names)
        variables = list(values)
        self.exponents = units(tree, variables, names)
        self.sizes = [_sizes(values[v]) for v in variables] + [_sizes(y)]
        self.columns = [values[v] for v in variables]
        self.turns = _turns(tree, variables, names)
        self.limits = [limits.get(n, (-math.inf, math.inf)) for n in names]

    def draw(self, rng: np.random.Generator, count: int) -> Array:
        """(count, parameters) starts."""
        along = [self.along(rng, j, count) for j in range(len(self.names))]
        return np.stack(along, axis=1) if along else np.empty((count, 0))

    def along(self, rng: np.random.Generator, j: int, count: int) -> Array:
        """(count,) values for one parameter."""
        exponents = self.exponents[self.names[j]]
        place = self._place(exponents)
        if self.names[j] in self.turns and place is not None:
            values = self._waves(rng, place[0], place[1], count, self.turns[self.names[j]])
        else:
            values = self._magnitudes(rng, exponents, count)
            if place is not None and place[1] == 1:  # a place among the data, or a width
                column = self.columns[place[0]]
                low, high = column.min(), column.max()
                reach = 0.25 * (high - low)
                inside = rng.uniform(low - reach, high + reach, count)
                values = np.where(rng.random(count) < 0.5, inside, values)
        return self._inside(rng, j, values)

    def _place(self, exponents: Array) -> tuple[int, int] | None:
        """(variable, 1 or -1) where the parameter has the unit of one variable, or of one over it."""
        rounded = np.round(exponents, 6)
        where = np.flatnonzero(rounded)
        if len(where) == 1 and where[0] < len(self.columns) and abs(rounded[where[0]]) == 1:
            return int(where[0]), int(rounded[where[0]])
        return None

    def _magnitudes(self, rng: np.random.Generator, exponents: Array, count: int) -> Array:
        logs = rng.normal(0, _SPREAD if np.any(np.round(exponents, 6)) else 1.5 * _SPREAD, count)
        for exponent, (small, large) in zip(exponents, self.sizes, strict=True):
            if abs(exponent) > 1e-6:
                logs = logs + exponent * rng.uniform(math.log10(small), math.log10(large), count)
        return 10 ** np.clip(logs, -200, 200) * np.where(rng.random(count) < 0.75, 1, -1)

    def _waves(self, rng: np.random.Generator, variable: int, power: int, count: int, turn: float) -> Array:
        """Periods or frequencies the data can tell apart: between one wave over all rows and two rows a wave.

        ``turn``: the angle for each unit of the variable where the parameter is 1.
        """
        spacing, _ = self.sizes[variable]
        column = self.columns[variable]
        reach = float(column.max() - column.min()) or 1.0
        # half of them evenly over the slower fifth of the frequencies, where they are mostly looked for
        top = np.where(rng.random(count) < 0.5, 0.5, 0.1) / spacing
        frequency = rng.uniform(0.4 / reach, np.maximum(top, 0.8 / reach))
        ratio = turn / (2 * math.pi * frequency)
        return ratio if power > 0 else 1 / ratio

    def oddity(self, beta: Mapping[str, float]) -> tuple[float, int, float]:
        """For choosing among equal fits: quick waves (those that alias), minus signs, sizes far from 1."""
        speed = 0.0
        for name, turn in self.turns.items():
            place = self._place(self.exponents[name])
            if place is not None and beta[name]:
                speed += turn / abs(beta[name]) if place[1] > 0 else turn * abs(beta[name])
        sizes = [math.log(abs(b)) for b in beta.values() if b]
        return float(f"{speed:.5g}"), sum(b < 0 for b in beta.values()), sum(s * s for s in sizes)

    def _inside(self, rng: np.random.Generator, j: int, values: Array) -> Array:
        low, high = self.limits[j]
        outside = (values <= low) | (values >= high)
        if not outside.any():
            return values
        if math.isfinite(low) and math.isfinite(high):
            return np.where(outside, rng.uniform(low, high, len(values)), values)
        edge, sign = (low, 1) if math.isfinite(low) else (high, -1)
        return np.where(outside, edge + sign * np.abs(values - edge), values)


def _turns(tree: Node, variables: Sequence[str], names: Sequence[str]) -> dict[str, float]:
    """The parameters that set how fast an angle turns, with the angle for each unit of a variable where all are 1."""
    found: dict[str, float] = {}
    for node in walk(tree):
        if not (isinstance(node, Call) and node.function in ("sin", "cos", "tan")):
            continue
        angle = node.arguments[0]
        inside = {n.name for n in walk(angle) if isinstance(n, Name)} & {*variables, *names}
        for variable in inside & set(variables):
            speed = derivative(angle, variable)
            for name in names:
                if depends_on(speed, (name,)):
                    with np.errstate(all="ignore"):
                        turn = abs(float(run(speed, dict.fromkeys(inside, np.float64(1)), Floats())))
                    if math.isfinite(turn) and turn > 0:
                        found.setdefault(name, turn)
    return found


def _sizes(values: Array) -> tuple[float, float]:
    """The smallest and the largest size that matter in a column: the typical step, and the reach."""
    distinct = np.unique(values)
    reach = max(float(np.max(np.abs(values))), float(distinct[-1] - distinct[0]))
    if len(distinct) < 2 or reach == 0:
        return (reach or 1.0, reach or 1.0)
    step = float(np.median(np.diff(distinct)))
    return max(step, reach * 1e-4), reach
