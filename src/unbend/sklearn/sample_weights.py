"""Rows and their weights in one form: equal rows gathered, rows of weight 0 gone, always in the same order."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from sklearn.utils.validation import _check_sample_weight

from ..arrays import Array
from ..errors import BadInput


class Rows(NamedTuple):
    """x (n, columns) and y (n, …) without two equal rows, and their ``weights`` (n,)."""

    x: Array
    y: Array
    weights: Array

    @property
    def uneven(self) -> Array | None:
        """The weights, or None where all are alike."""
        return None if (self.weights == self.weights[0]).all() else self.weights


def gather(x: Array, y: Array, weights: Array) -> Rows:
    """The distinct rows of x (n, columns) with y (n,) or (n, outputs), sorted, each with the weights of its copies.

    What is learned from these rows cannot depend on the order they came in; a row of weight 3 is three equal rows and
    a row of weight 0 is none, to the bit where the weights are whole numbers.
    """
    kept = weights > 0
    whole = np.column_stack([x[kept], y[kept]]).astype(np.float64) + 0.0  # -0.0 and 0.0 are one value
    texts = np.ascontiguousarray(whole).view(np.dtype((np.void, whole.itemsize * whole.shape[1])))[:, 0]
    _, first, inverse = np.unique(texts, return_index=True, return_inverse=True)
    rows = np.flatnonzero(kept)[first]
    return Rows(x[rows] + 0.0, y[rows], np.bincount(inverse, weights=weights[kept]))


def row_weights(sample_weight: Any, x: Array) -> Array:
    """(n,) float64, ones where nothing is given. Raises ``BadInput`` for negative weights and for zeros alone."""
    weights: Array = _check_sample_weight(sample_weight, x, dtype=np.float64)
    if (weights < 0).any():
        raise BadInput("estimators.negative_weights", row=int(np.flatnonzero(weights < 0)[0]))
    if not weights.any():
        raise BadInput("estimators.all_zero_weights", rows=len(weights))
    return weights
