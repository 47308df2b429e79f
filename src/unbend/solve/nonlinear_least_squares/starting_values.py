"""`StartingValues`: draws starting values of the magnitude that parameters' units and columns' scales imply."""

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
from .dimensional_analysis import parameter_units

_LOG_SPREAD = 0.5  # standard deviation, in powers of ten, of every magnitude


class StartingValues:
    """Draws values for the nonlinear parameters; one row for each starting point."""

    def __init__(
        self,
        tree: Node,
        *,
        variables: Mapping[str, Array],
        y: Array,
        parameters: Sequence[str],
        limits: Limits,
        prominent: Array,
    ) -> None:
        """``prominent``: rows at which locations are likely, see ``row_selection``."""
        self.names = list(parameters)
        names = list(variables)
        self.units = parameter_units(tree, names, parameters)
        self.scales = [_scales(variables[v]) for v in names] + [_scales(y)]
        self.columns = [variables[v] for v in names]
        self.angular_rates = _angular_rates(tree, names, parameters)
        self.prominent = prominent
        self.limits = [limits.get(n, (-math.inf, math.inf)) for n in parameters]

    def draw(self, rng: np.random.Generator, count: int) -> Array:
        """(count, parameters) starting points."""
        columns = [self.draw_parameter(rng, j, count) for j in range(len(self.names))]
        return np.stack(columns, axis=1) if columns else np.empty((count, 0))

    def draw_parameter(self, rng: np.random.Generator, j: int, count: int) -> Array:
        """(count,) values for one parameter."""
        units = self.units[self.names[j]]
        variable = self._variable_with_units(units)
        if self.names[j] in self.angular_rates and variable is not None:
            values = self._periods(rng, variable[0], variable[1], count, rate=self.angular_rates[self.names[j]])
        else:
            values = self._magnitudes(rng, units, count)
            if variable is not None and variable[1] == 1:  # a location among the data, or a width
                column = self.columns[variable[0]]
                low, high = column.min(), column.max()
                margin = 0.25 * (high - low)
                locations = rng.uniform(low - margin, high + margin, count)
                if len(self.prominent):
                    at_rows = column[rng.choice(self.prominent, count)]
                    locations = np.where(rng.random(count) < 0.5, at_rows, locations)
                values = np.where(rng.random(count) < 0.5, locations, values)
        return self._inside_limits(rng, j, values)

    def tie_break(self, beta: Mapping[str, float]) -> tuple[float, int, float]:
        """A sort key among equal fits: high frequencies (those that alias), minus signs, magnitudes far from 1."""
        frequency = 0.0
        for name, rate in self.angular_rates.items():
            variable = self._variable_with_units(self.units[name])
            if variable is not None and beta[name]:
                frequency += rate / abs(beta[name]) if variable[1] > 0 else rate * abs(beta[name])
        logs = [math.log(abs(b)) for b in beta.values() if b]
        return float(f"{frequency:.5g}"), sum(b < 0 for b in beta.values()), sum(s * s for s in logs)

    def _variable_with_units(self, units: Array) -> tuple[int, int] | None:
        """(variable, 1 or -1) if the units are those of one variable, or of one over it."""
        rounded = np.round(units, 6)
        where = np.flatnonzero(rounded)
        if len(where) == 1 and where[0] < len(self.columns) and abs(rounded[where[0]]) == 1:
            return int(where[0]), int(rounded[where[0]])
        return None

    def _magnitudes(self, rng: np.random.Generator, units: Array, count: int) -> Array:
        """Values of both signs, log-normal around the scales of the columns to the powers of the units."""
        logs = rng.normal(0, _LOG_SPREAD if np.any(np.round(units, 6)) else 1.5 * _LOG_SPREAD, count)
        for exponent, (small, large) in zip(units, self.scales, strict=True):
            if abs(exponent) > 1e-6:
                logs = logs + exponent * rng.uniform(math.log10(small), math.log10(large), count)
        return 10 ** np.clip(logs, -200, 200) * np.where(rng.random(count) < 0.75, 1, -1)

    def _periods(self, rng: np.random.Generator, variable: int, power: int, count: int, *, rate: float) -> Array:
        """Periods (power 1) or frequencies (-1) that the data can resolve: from one wave over all rows to Nyquist's.

        ``rate``: the angle for each unit of the variable if the parameter is 1.
        """
        spacing, _ = self.scales[variable]
        column = self.columns[variable]
        extent = float(column.max() - column.min()) or 1.0
        # half of them uniform over the lower fifth of the frequencies, where they usually are
        top = np.where(rng.random(count) < 0.5, 0.5, 0.1) / spacing
        frequency = rng.uniform(0.4 / extent, np.maximum(top, 0.8 / extent))
        ratio = rate / (2 * math.pi * frequency)
        return ratio if power > 0 else 1 / ratio

    def _inside_limits(self, rng: np.random.Generator, j: int, values: Array) -> Array:
        """The values; those outside the bounds are redrawn, or reflected at the only bound."""
        low, high = self.limits[j]
        outside = (values <= low) | (values >= high)
        if not outside.any():
            return values
        if math.isfinite(low) and math.isfinite(high):
            return np.where(outside, rng.uniform(low, high, len(values)), values)
        bound, sign = (low, 1) if math.isfinite(low) else (high, -1)
        return np.where(outside, bound + sign * np.abs(values - bound), values)


def _angular_rates(tree: Node, variables: Sequence[str], parameters: Sequence[str]) -> dict[str, float]:
    """{parameter inside a sin, cos or tan: the angle for each unit of its variable if all names are 1}."""
    rates: dict[str, float] = {}
    for node in walk(tree):
        if not (isinstance(node, Call) and node.function in ("sin", "cos", "tan")):
            continue
        angle = node.arguments[0]
        names = {n.name for n in walk(angle) if isinstance(n, Name)} & {*variables, *parameters}
        for variable in [v for v in variables if v in names]:
            slope = derivative(angle, variable)
            for name in parameters:
                if depends_on(slope, [name]):
                    with np.errstate(all="ignore"):
                        rate = abs(float(run(slope, dict.fromkeys(names, np.float64(1)), Floats())))
                    if math.isfinite(rate) and rate > 0:
                        rates.setdefault(name, rate)
    return rates


def _scales(values: Array) -> tuple[float, float]:
    """The smallest and the largest relevant scale of a column: the typical step, and the range."""
    distinct = np.unique(values)
    largest = max(float(np.max(np.abs(values))), float(distinct[-1] - distinct[0]))
    if len(distinct) < 2 or largest == 0:
        return (largest or 1.0, largest or 1.0)
    step = float(np.median(np.diff(distinct)))
    return max(step, largest * 1e-4), largest
