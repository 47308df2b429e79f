"""`fit_multistart`: fits a formula with nonlinear parameters from many starting points, or from a given one.

Starting points are drawn from the units of the parameters and the scale of the data. All are improved jointly on the
projected residuals, and the best are polished to their minimum. Rounds go on until the best minimum has been reached
several times. The starting point at all ones is always among them.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ...arrays import Array
from ...formula.equation import Equation
from ..arguments import Limits
from ..model_data import ModelData
from ..result import Fit
from .inference import fit_from_minima
from .levenberg_marquardt import levenberg_marquardt
from .polish import FullModel, LocalMinimum, gauss_newton, minimise
from .row_selection import select_rows
from .starting_values import StartingValues
from .variable_projection import SeparableModel

_MAX_ROUNDS = 8
_HITS = 4  # times the best minimum must be reached before the search ends
_SAME = 1e-7  # relative difference of sums of squares below which two minima count as one
_MAX_ROWS = 600  # rows on which starting points are compared; polishing uses all


def fit_multistart(
    formula: Equation, data: ModelData, *, weights: Array | None, start: Array | None, limits: Limits, seed: int
) -> Fit:
    """The best fit reached from the given starting point (parameters,), or from many of its own."""
    search = MultistartSearch(formula, data, weights=weights, limits=limits, seed=seed)
    if start is not None:
        search.run_from(start)
    else:
        search.run_from(np.clip(np.ones(len(formula.parameters)), search.low, search.high))
        for number in range(_MAX_ROUNDS):
            search.run_round(number)
            if search.is_settled():
                break
    return fit_from_minima(
        formula,
        data,
        model=search.full,
        minima=search.minima,
        bounds=(search.low, search.high),
        tie_break=search.starts.tie_break,
        nonlinear=search.separable.nonlinear,
        starts=search.evaluated,
    )


class MultistartSearch:
    """The state of one search: the minima found and the number of starting points evaluated."""

    def __init__(self, formula: Equation, data: ModelData, *, weights: Array | None, limits: Limits, seed: int) -> None:
        self.formula = formula
        self.full = FullModel(formula, data.values, weights)
        variables = {name: data.values[name] for name in formula.variables}
        selection = select_rows(list(variables.values()), self.full.y, _MAX_ROWS)
        subset = selection.rows
        all_rows = len(subset) == len(self.full.y)
        self.separable = SeparableModel(
            formula,
            values={n: v[subset] for n, v in variables.items()},
            y=self.full.y[subset],
            weights=weights if all_rows else selection.weights * (1 if weights is None else weights[subset]),
            searched=list(limits),
        )
        nonlinear = self.separable.nonlinear
        self.low, self.high = _bounds(formula.parameters, limits)
        self.alpha_low, self.alpha_high = _bounds(nonlinear, limits)
        self.starts = StartingValues(
            formula.tree,
            variables=variables,
            y=self.full.y,
            parameters=nonlinear,
            limits=limits,
            prominent=selection.prominent,
        )
        self.rng = np.random.default_rng(seed)
        self.bounded = bool(limits)
        self.minima: list[LocalMinimum] = []
        self.evaluated = 0

    def run_from(self, beta: Array) -> None:
        """From one starting point: all parameters jointly, and by variable projection."""
        self.evaluated += 1
        self.record(minimise(self.full, beta, self.low, self.high))
        alpha = np.array([[beta[self.formula.parameters.index(n)] for n in self.separable.nonlinear]])
        with np.errstate(all="ignore"):
            alpha, _ = self._improve(alpha, 60)
            self.polish(alpha)

    def run_round(self, number: int) -> None:
        """From a population of random starting points, larger in later rounds."""
        q = len(self.separable.nonlinear)
        count = 96 * min(2 ** min(number, 2), 4) * max(1, q)
        with np.errstate(all="ignore"):
            population = self.starts.draw(self.rng, count)
            rss = self.rss(population)
            self.evaluated += count
            best = np.argsort(rss, kind="stable")[: max(12, count // 12)]
            scanned = self.coordinate_scan(population[best[: 8 + 4 * q]])
            alpha = np.concatenate([scanned, population[best]])
            alpha, rss = self._improve(alpha, 12)
            alpha, rss = self._improve(alpha[self.distinct(alpha, rss, 16)], 40)
            self.polish(alpha[self.distinct(alpha, rss, 4)])

    def _improve(self, alpha: Array, iterations: int) -> tuple[Array, Array]:
        return levenberg_marquardt(self.separable, alpha, iterations, self.alpha_low, self.alpha_high)

    def polish(self, alpha: Array) -> None:
        """Record the minima reached from rows of nonlinear parameters, the linear ones at their optimum."""
        rss, c = self.separable.rss(alpha)
        finite = np.isfinite(rss)
        for beta in self.separable.all_parameters(alpha[finite], c[finite]):
            if not self.bounded:
                local = gauss_newton(self.full, beta, np.ones(len(beta), dtype=bool), max_steps=12)
                if local.converged:
                    self.record(local)
                    continue
            self.record(minimise(self.full, beta, self.low, self.high, max_evaluations=300))

    def record(self, local: LocalMinimum) -> None:
        """Add a minimum with a finite sum of squares."""
        if np.isfinite(local.rss):
            self.minima.append(local)

    def distinct(self, alpha: Array, rss: Array, count: int) -> list[int]:
        """The rows with the smallest sums of squares, without near copies; of copies the first by the tie-break."""
        finite = [int(i) for i in np.flatnonzero(np.isfinite(rss))]
        names = self.separable.nonlinear
        tie_break = {i: self.starts.tie_break(dict(zip(names, alpha[i].tolist(), strict=True))) for i in finite}
        chosen: list[int] = []
        for i in sorted(finite, key=lambda i: (float(f"{rss[i]:.5g}"), tie_break[i])):
            if len(chosen) < count and all(abs(rss[i] - rss[j]) > 1e-6 * rss[j] for j in chosen):
                chosen.append(i)
        return chosen

    def rss(self, alpha: Array) -> Array:
        """Sums of squares of many rows, in blocks that bound the memory."""
        block = max(1, 2_000_000 // (len(self.separable.y) * (len(self.separable.linear) + 2)))
        return np.concatenate([self.separable.rss(alpha[i : i + block])[0] for i in range(0, len(alpha), block)])

    def coordinate_scan(self, alpha: Array) -> Array:
        """Every row, with one parameter after another set to the best of many values along its range."""
        alpha = alpha.copy()
        for j in self.rng.permutation(alpha.shape[1]):
            values = self.starts.draw_parameter(self.rng, int(j), 48)
            trials = np.repeat(alpha, len(values) + 1, axis=0)
            grid = trials.reshape(len(alpha), len(values) + 1, -1)  # a view: the first trial is the row itself
            grid[:, 1:, j] = values
            best = self.rss(trials).reshape(len(alpha), -1).argmin(axis=1)
            alpha[:, j] = grid[np.arange(len(alpha)), best, j]
            self.evaluated += len(trials)
        return alpha

    def is_settled(self) -> bool:
        """Whether the best minimum has been reached often enough."""
        best = min((m.rss for m in self.minima), default=np.inf)
        rounding = float(np.sum((self.full.y * self.full.sqrt_weights) ** 2)) * 1e-26
        return sum(m.rss <= best * (1 + _SAME) + rounding for m in self.minima) >= _HITS


def _bounds(names: Sequence[str], limits: Limits) -> tuple[Array, Array]:
    """Lower and upper bounds (names,), infinite where open."""
    low = np.array([limits.get(n, (-np.inf, np.inf))[0] for n in names])
    high = np.array([limits.get(n, (-np.inf, np.inf))[1] for n in names])
    return low, high
