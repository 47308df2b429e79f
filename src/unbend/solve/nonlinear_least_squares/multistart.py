"""The fit of a formula whose parameters do not all enter linearly, without asking for a start.

Starts come from the units of the parameters and the sizes in the data; all are improved together on the projected
residual, and the best are brought to their minimum. Rounds go on until the best minimum has been met several times.
The start at all ones is always among them.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ...arrays import Array
from ...formula.equation import Equation
from ..arguments import Limits
from ..model_data import Columns
from ..result import Fit
from .inference import outcome
from .levenberg_marquardt import descend
from .polish import Local, Whole, gauss_newton, minimise
from .starting_values import Starts
from .variable_projection import Separable

_ROUNDS = 8  # at most
_MEETINGS = 4  # times the best minimum is to be met before the search ends
_SAME = 1e-7  # relative difference of sums of squares below which two minima count as one
_ROWS = 600  # rows that the crowd of starts sees; the finish sees all


class Search:
    """The state of one search."""

    def __init__(self, formula: Equation, found: Columns, weights: Array | None, limits: Limits, seed: int) -> None:
        self.formula = formula
        self.whole = Whole(formula, found.values, weights)
        inside = {name: found.values[name] for name in formula.variables}
        thin = np.linspace(0, len(self.whole.y) - 1, min(_ROWS, len(self.whole.y))).astype(int)
        self.model = Separable(
            formula, {n: v[thin] for n, v in inside.items()}, self.whole.y[thin],
            None if weights is None else weights[thin], held=list(limits),
        )  # fmt: skip
        self.low, self.high = _edges(formula.parameters, limits)
        self.alpha_low, self.alpha_high = _edges(self.model.bending, limits)
        self.starts = Starts(formula.tree, inside, self.whole.y, self.model.bending, limits)
        self.rng = np.random.default_rng(seed)
        self.bounded = bool(limits)
        self.minima: list[Local] = []
        self.tried = 0

    def from_start(self, beta: Array) -> None:
        """Bring one given start to its minimum: all parameters together, and with the linear ones solved first."""
        self.tried += 1
        self.keep(minimise(self.whole, beta, self.low, self.high))
        alpha = np.array([[beta[self.formula.parameters.index(n)] for n in self.model.bending]])
        with np.errstate(all="ignore"):
            alpha, _ = descend(self.model, alpha, 60, self.alpha_low, self.alpha_high)
            self.finish(alpha)

    def keep(self, local: Local) -> None:
        """Remember a minimum."""
        if np.isfinite(local.rss):
            self.minima.append(local)

    def finish(self, alpha: Array) -> None:
        """Bring rows of searched parameters to their minima, the linear ones at their best."""
        rss, c = self.model.rss(alpha)
        for beta in self.model.whole(alpha[np.isfinite(rss)], c[np.isfinite(rss)]):
            near = None if self.bounded else gauss_newton(self.whole, beta, np.ones(len(beta), dtype=bool), steps=12)
            done = near is not None and near.converged
            self.keep(near if near and done else minimise(self.whole, beta, self.low, self.high, evaluations=300))

    def round(self, number: int) -> None:
        """One crowd of starts."""
        q = len(self.model.bending)
        count = 96 * min(2 ** min(number, 2), 4) * max(1, q)
        with np.errstate(all="ignore"):
            crowd = self.starts.draw(self.rng, count)
            rss = self.rss(crowd)
            self.tried += count
            chosen = np.argsort(rss, kind="stable")[: max(12, count // 12)]
            scanned = self.scan(crowd[chosen[: 8 + 4 * q]])
            group = np.concatenate([scanned, crowd[chosen]])
            group, rss = descend(self.model, group, 12, self.alpha_low, self.alpha_high)
            group = group[self.distinct(group, rss, 16)]
            group, rss = descend(self.model, group, 40, self.alpha_low, self.alpha_high)
            self.finish(group[self.distinct(group, rss, 4)])

    def distinct(self, alpha: Array, rss: Array, most: int) -> list[int]:
        """The rows with the smallest sums of squares, without near copies; of copies the least odd one."""
        fine = [int(i) for i in np.flatnonzero(np.isfinite(rss))]
        names = self.model.bending
        odd = {i: self.starts.oddity(dict(zip(names, alpha[i].tolist(), strict=True))) for i in fine}
        chosen: list[int] = []
        for i in sorted(fine, key=lambda i: (float(f"{rss[i]:.5g}"), odd[i])):
            if len(chosen) < most and all(abs(rss[i] - rss[j]) > 1e-6 * rss[j] for j in chosen):
                chosen.append(i)
        return chosen

    def rss(self, alpha: Array) -> Array:
        """Sums of squares of many rows, a share at a time so that memory stays small."""
        step = max(1, 2_000_000 // (len(self.model.y) * (len(self.model.linear) + 2)))
        return np.concatenate([self.model.rss(alpha[i : i + step])[0] for i in range(0, len(alpha), step)])

    def scan(self, alpha: Array) -> Array:
        """Every start, with one parameter after another set to the best of many values along its range."""
        alpha = alpha.copy()
        for j in self.rng.permutation(alpha.shape[1]):
            values = self.starts.along(self.rng, int(j), 48)
            trials = np.repeat(alpha, len(values) + 1, axis=0)
            places = trials.reshape(len(alpha), len(values) + 1, -1)
            places[:, 1:, j] = values
            best = self.rss(trials).reshape(len(alpha), -1).argmin(axis=1)
            alpha[:, j] = places[np.arange(len(alpha)), best, j]
            self.tried += len(trials)
        return alpha

    def settled(self) -> bool:
        """Whether the best minimum has been met often enough."""
        best = min((m.rss for m in self.minima), default=np.inf)
        floor = float(np.sum((self.whole.y * self.whole.root) ** 2)) * 1e-26
        return sum(m.rss <= best * (1 + _SAME) + floor for m in self.minima) >= _MEETINGS


def fit_search(
    formula: Equation, found: Columns, weights: Array | None, start: Array | None, limits: Limits, seed: int
) -> Fit:
    """The best fit met from the given start, or from starts of its own."""
    search = Search(formula, found, weights, limits, seed)
    if start is not None:
        search.from_start(start)
    else:
        search.from_start(np.clip(np.ones(len(formula.parameters)), search.low, search.high))
        for number in range(_ROUNDS):
            search.round(number)
            if search.settled():
                break
    return outcome(formula, found, search.whole, search.minima, (search.low, search.high), search.starts.oddity,
                   search.model.bending, search.tried)  # fmt: skip


def _edges(names: Any, limits: Limits) -> tuple[Array, Array]:
    low = np.array([limits.get(n, (-np.inf, np.inf))[0] for n in names])
    high = np.array([limits.get(n, (-np.inf, np.inf))[1] for n in names])
    return low, high
