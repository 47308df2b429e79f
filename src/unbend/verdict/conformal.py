"""Conformal prediction intervals from held-out residuals.

The residuals of the comparison's held-out rows, each divided by its row's *scale*, stand for those of new rows (Vovk,
Gammerman & Shafer 2005; scaled residuals: Lei et al. 2018, eq. 9; residuals of cross-validation as in Barber et al.
2021, around the prediction of the model fitted to all rows). Both ends have their own quantile, so that skewed
residuals have skewed intervals.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..arrays import Array
from ..errors import BadInput
from ..network import Scaler
from ..solve.linear_model.kfold import assign_folds
from ..solve.linear_model.ridge import ridge

LEVELS = (0.5, 0.8, 0.9, 0.95)
FOLDS = 5
MAX_COLUMNS = 100  # in the scale of the residuals
MAX_RESIDUALS = 2001  # stored with a model: evenly spaced ranks of more
LEAST_FACTOR = 0.8
LEAST_IMPROVEMENT = 0.98  # interval score of varying widths, relative to equal ones, from which they are used


@dataclass(frozen=True, eq=False)
class ResidualScale:
    """exp(columns @ ``W`` + ``b``), within ``low`` … ``high``: how large a residual to expect, up to a factor."""

    W: Array
    b: float
    low: float
    high: float

    @classmethod
    def of(cls, columns: Array, residuals: Array) -> ResidualScale:
        """Fitted to the logarithms of the residuals' absolute values by ridge regression, penalty by leave-one-out.

        Of many columns only the ``MAX_COLUMNS`` that are correlated with these most take part.
        """
        size = np.abs(residuals)
        log = np.log(size + 1e-3 * np.median(size) + 1e-300)
        chosen = np.arange(columns.shape[1])
        if len(chosen) > MAX_COLUMNS:
            correlation = np.abs(Scaler.of(columns)(columns).T @ (log - log.mean()))
            chosen = np.sort(np.argsort(-correlation, kind="stable")[:MAX_COLUMNS])
        solution, W = ridge(columns[:, chosen], log), np.zeros(columns.shape[1])
        W[chosen] = solution.W[:, 0]
        fitted = columns @ W + solution.b[0]
        return cls(W, float(solution.b[0]), float(fitted.min()), float(fitted.max()))

    def __call__(self, columns: Array) -> Array:
        """(n,) for columns (n, k)."""
        return np.asarray(np.exp(np.clip(columns @ self.W + self.b, self.low, self.high)))


@dataclass(frozen=True, eq=False)
class ConformalIntervals:
    """Sorted held-out ``residuals`` (value - prediction), in units of the ``scale`` where that is not None.

    ``checked``: (nominal coverage, fraction of held-out values inside, mean width) of intervals made without the rows
    they are checked on.
    """

    residuals: Array
    scale: ResidualScale | None
    checked: tuple[tuple[float, float, float], ...] = ()

    def interval(self, prediction: Array, x: Array, coverage: float) -> Array:
        """(n, 2) lower and upper ends for predictions (n,) of features x (n, k).

        Raises ``BadInput`` for a coverage outside 0 … 1 and for one too high for so few held-out residuals.
        """
        if not isinstance(coverage, int | float | np.number) or isinstance(coverage, bool) or not 0 < coverage < 1:
            raise BadInput("verdict.coverage", got=coverage)
        least = math.ceil(2 / (1 - coverage) - 1e-9) - 1  # 2/(1 - 0.9) is a little more than 20
        if len(self.residuals) < least:
            raise BadInput("verdict.coverage_rows", coverage=coverage, rows=len(self.residuals), needed=least)
        ends = _quantiles(self.residuals, coverage)
        size = np.ones(len(prediction)) if self.scale is None else self.scale(np.column_stack([x, prediction]))
        return np.asarray(prediction[:, None] + size[:, None] * ends)

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON; `from_dict` reads it back."""
        s = self.scale
        scale = None if s is None else {"W": s.W.tolist(), "b": s.b, "low": s.low, "high": s.high}
        return {"errors": self.residuals.tolist(), "scale": scale, "checked": [list(c) for c in self.checked]}

    @classmethod
    def from_dict(cls, saved: Mapping[str, Any], features: int) -> ConformalIntervals:
        """What `to_dict` described, for a model of so many features. Raises ``ValueError`` where that cannot be."""
        residuals, s = np.asarray(saved["errors"], dtype=np.float64), saved["scale"]
        scale = None
        if s is not None:
            scale = ResidualScale(
                np.asarray(s["W"], dtype=np.float64), float(s["b"]), float(s["low"]), float(s["high"])
            )
            if scale.W.shape != (features + 1,) or not np.isfinite([*scale.W, scale.b, scale.low, scale.high]).all():
                raise ValueError("scale")
        if residuals.ndim != 1 or not np.isfinite(residuals).all() or (np.diff(residuals) < 0).any():
            raise ValueError("errors")
        return cls(residuals, scale, tuple((float(a), float(b), float(c)) for a, b, c in saved["checked"]))


def fit_intervals(residuals: Array, x: Array, prediction: Array, seed: int) -> ConformalIntervals:
    """From held-out residuals (n,), features (n, k) and held-out predictions (n,); NaN where a row was not reached.

    Whether widths vary between rows is decided by the mean interval score (Gneiting & Raftery 2007, eq. 43) of 90 %
    intervals, cross-validated: scale and quantiles from four fifths of the rows, the score from the other.
    """
    known = np.isfinite(residuals) & np.isfinite(prediction)
    residuals, columns = residuals[known], np.column_stack([x, prediction])[known]
    n = len(residuals)
    fold = assign_folds(n, FOLDS, np.random.default_rng([seed, 5])) if n >= 10 * FOLDS else None
    equal = np.ones(n)
    if fold is None:
        return ConformalIntervals(_thinned(residuals), None)
    size = np.empty(n)
    for k in range(FOLDS):
        size[fold == k] = ResidualScale.of(columns[fold != k], residuals[fold != k])(columns[fold == k])
    if not _interval_score(residuals, size, fold) < LEAST_IMPROVEMENT * _interval_score(residuals, equal, fold):
        return ConformalIntervals(_thinned(residuals), None, _coverage(residuals, equal, fold))
    scale = ResidualScale.of(columns, residuals)
    return ConformalIntervals(_thinned(residuals / size), scale, _coverage(residuals, size, fold))


def averaging_factor(residuals: Array, disagreement: float, repeats: int, members: int) -> float:
    """By how much the mean of networks errs less than the held-out predictions did, as a factor of their residuals.

    Held-out predictions are means of ``repeats`` networks, those of the final model of ``members``. Averaging removes
    the networks' ``disagreement`` (of `NetworkModel`: the mean variance of their outputs) from the squared error in
    proportion (Krogh & Vedelsby 1995, eq. 6). At least ``LEAST_FACTOR``: the disagreement is an estimate.
    """
    known = residuals[np.isfinite(residuals)]
    size = float(np.mean(known**2))
    if size == 0 or members <= repeats:
        return 1.0
    removed = (1 / repeats - 1 / members) * disagreement
    return float(np.sqrt(max(1 - removed / size, LEAST_FACTOR**2)))


def _quantiles(residuals: Array, coverage: float) -> Array:
    """The (1 - coverage)/2 quantiles at both ends that are valid for one more residual, from sorted ones."""
    n = len(residuals)
    k = max(math.floor((n + 1) * (1 - coverage) / 2 + 1e-9), 1)
    return np.array([residuals[k - 1], residuals[n - k]])


def _interval_score(residuals: Array, size: Array, fold: Array) -> float:
    total = 0.0
    for k in range(FOLDS):
        low, high = (size[fold == k] * end for end in _quantiles(np.sort((residuals / size)[fold != k]), 0.9))
        own = residuals[fold == k]
        total += float(np.sum(high - low + 20 * (np.maximum(low - own, 0) + np.maximum(own - high, 0))))
    return total


def _coverage(residuals: Array, size: Array, fold: Array) -> tuple[tuple[float, float, float], ...]:
    checked = []
    for level in LEVELS:
        if (fold != 0).sum() < 2 / (1 - level):
            continue
        inside, width = 0, 0.0
        for k in range(FOLDS):
            low, high = (size[fold == k] * end for end in _quantiles(np.sort((residuals / size)[fold != k]), level))
            inside += int(np.sum((low <= residuals[fold == k]) & (residuals[fold == k] <= high)))
            width += float(np.sum(high - low))
        checked.append((level, inside / len(residuals), width / len(residuals)))
    return tuple(checked)


def _thinned(residuals: Array) -> Array:
    """Sorted; evenly spaced ranks of many."""
    ordered = np.sort(residuals)
    if len(ordered) <= MAX_RESIDUALS:
        return ordered
    return ordered[np.linspace(0, len(ordered) - 1, MAX_RESIDUALS).round().astype(np.intp)]
