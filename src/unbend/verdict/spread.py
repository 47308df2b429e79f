"""How far predictions of numbers miss: intervals that hold as many of the values as they say.

Conformal: the errors that the comparison made on rows held out, each divided by its row's *scale*, stand for those of
new rows (Vovk, Gammerman & Shafer 2005; scaled errors: Lei et al. 2018, eq. 9; errors of cross-validation as in Barber
et al. 2021, around the prediction of the model that learned from all rows). Both ends have their own quantile, so that
skewed errors have skewed intervals.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..arrays import Array
from ..errors import BadInput
from ..solve.linear_model.kfold import assign_folds
from ..solve.linear_model.ridge import ridge

LEVELS = (0.5, 0.8, 0.9, 0.95)
PARTS = 5
KEPT = 2001  # errors kept with a model: evenly spaced ranks of more
WORTH = 0.98  # intervals of different widths must be so much better than equal ones


@dataclass(frozen=True, eq=False)
class Scale:
    """exp(columns @ ``W`` + ``b``), within ``low`` … ``high``: how large an error to expect, up to a factor."""

    W: Array
    b: float
    low: float
    high: float

    @classmethod
    def of(cls, columns: Array, errors: Array) -> Scale:
        """Fitted to the logarithms of the errors' sizes by ridge regression, penalty by leave-one-out."""
        size = np.abs(errors)
        log = np.log(size + 1e-3 * np.median(size) + 1e-300)
        found = ridge(columns, log)
        at = columns @ found.W[:, 0] + found.b[0]
        return cls(found.W[:, 0], float(found.b[0]), float(at.min()), float(at.max()))

    def __call__(self, columns: Array) -> Array:
        """(n,) for columns (n, k)."""
        return np.asarray(np.exp(np.clip(columns @ self.W + self.b, self.low, self.high)))


@dataclass(frozen=True, eq=False)
class Spread:
    """Sorted held-out ``errors`` (value - prediction), in units of the ``scale`` where that is not None.

    ``checked``: (nominal coverage, share of held-out values inside, mean width) of intervals made without the rows
    they are checked on.
    """

    errors: Array
    scale: Scale | None
    checked: tuple[tuple[float, float, float], ...] = ()

    def interval(self, prediction: Array, x: Array, coverage: float) -> Array:
        """(n, 2) lower and upper ends for predictions (n,) of features x (n, k).

        Raises ``BadInput`` for a coverage outside 0 … 1 and for one that so few held-out errors cannot tell.
        """
        if not isinstance(coverage, int | float | np.number) or isinstance(coverage, bool) or not 0 < coverage < 1:
            raise BadInput("verdict.coverage", got=coverage)
        least = math.ceil(2 / (1 - coverage) - 1e-9) - 1  # 2/(1 - 0.9) is a little more than 20
        if len(self.errors) < least:
            raise BadInput("verdict.coverage_rows", coverage=coverage, rows=len(self.errors), needed=least)
        ends = _ends(self.errors, coverage)
        size = np.ones(len(prediction)) if self.scale is None else self.scale(np.column_stack([x, prediction]))
        return np.asarray(prediction[:, None] + size[:, None] * ends)

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON; `from_dict` reads it back."""
        s = self.scale
        scale = None if s is None else {"W": s.W.tolist(), "b": s.b, "low": s.low, "high": s.high}
        return {"errors": self.errors.tolist(), "scale": scale, "checked": [list(c) for c in self.checked]}

    @classmethod
    def from_dict(cls, saved: Mapping[str, Any], features: int) -> Spread:
        """What `to_dict` described, for a model of so many features. Raises ``ValueError`` where that cannot be."""
        errors, s = np.asarray(saved["errors"], dtype=np.float64), saved["scale"]
        scale = None
        if s is not None:
            scale = Scale(np.asarray(s["W"], dtype=np.float64), float(s["b"]), float(s["low"]), float(s["high"]))
            if scale.W.shape != (features + 1,) or not np.isfinite([*scale.W, scale.b, scale.low, scale.high]).all():
                raise ValueError("scale")
        if errors.ndim != 1 or not np.isfinite(errors).all() or (np.diff(errors) < 0).any():
            raise ValueError("errors")
        return cls(errors, scale, tuple((float(a), float(b), float(c)) for a, b, c in saved["checked"]))


def learn_spread(errors: Array, x: Array, prediction: Array, seed: int) -> Spread:
    """From held-out errors (n,), features (n, k) and held-out predictions (n,); rows with NaN were not reached.

    Whether widths differ from row to row is decided by the mean interval score (Gneiting & Raftery 2007, eq. 43) of
    90 % intervals: scale and quantiles come from four fifths of the rows, the score from the other.
    """
    known = np.isfinite(errors) & np.isfinite(prediction)
    errors, columns = errors[known], np.column_stack([x, prediction])[known]
    n = len(errors)
    part = assign_folds(n, PARTS, np.random.default_rng([seed, 5])) if n >= 10 * PARTS else None
    same = Spread(_kept(errors), None, () if part is None else _check(errors, np.ones(n), part))
    if part is None:
        return same
    size = np.empty(n)
    for k in range(PARTS):
        size[part == k] = Scale.of(columns[part != k], errors[part != k])(columns[part == k])
    if not _score(errors, size, part) < WORTH * _score(errors, np.ones(n), part):
        return same
    return Spread(_kept(errors / size), Scale.of(columns, errors), _check(errors, size, part))


def _ends(errors: Array, coverage: float) -> Array:
    """The (1 - coverage)/2 quantiles at both ends that hold for one more error, from sorted ones."""
    n = len(errors)
    k = max(math.floor((n + 1) * (1 - coverage) / 2 + 1e-9), 1)
    return np.array([errors[k - 1], errors[n - k]])


def _score(errors: Array, size: Array, part: Array) -> float:
    total = 0.0
    for k in range(PARTS):
        low, high = (size[part == k] * end for end in _ends(np.sort((errors / size)[part != k]), 0.9))
        here = errors[part == k]
        total += float(np.sum(high - low + 20 * (np.maximum(low - here, 0) + np.maximum(here - high, 0))))
    return total


def _check(errors: Array, size: Array, part: Array) -> tuple[tuple[float, float, float], ...]:
    found = []
    for level in LEVELS:
        if (part != 0).sum() < 2 / (1 - level):
            continue
        inside, width = 0, 0.0
        for k in range(PARTS):
            low, high = (size[part == k] * end for end in _ends(np.sort((errors / size)[part != k]), level))
            inside += int(np.sum((low <= errors[part == k]) & (errors[part == k] <= high)))
            width += float(np.sum(high - low))
        found.append((level, inside / len(errors), width / len(errors)))
    return tuple(found)


def _kept(errors: Array) -> Array:
    """Sorted; evenly spaced ranks of many."""
    ordered = np.sort(errors)
    return ordered if len(ordered) <= KEPT else ordered[np.linspace(0, len(ordered) - 1, KEPT).round().astype(np.intp)]
