"""`merge_duplicates`: rows and sample weights in canonical order, duplicates merged, rows of weight 0 dropped."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from sklearn.utils.validation import _check_sample_weight

from ..arrays import Array
from ..errors import BadInput


class WeightedRows(NamedTuple):
    """x (n, columns) and y (n, …) without duplicate rows, and their ``weights`` (n,)."""

    x: Array
    y: Array
    weights: Array

    @property
    def uneven_weights(self) -> Array | None:
        """The weights (n,), or None if they are all equal."""
        return None if (self.weights == self.weights[0]).all() else self.weights


def merge_duplicates(x: Array, y: Array, weights: Array) -> WeightedRows:
    """The distinct rows of x (n, columns) with y (n,) or (n, outputs), sorted, with the summed weights of their copies.

    An estimator fitted to these rows does not depend on the order they came in; a row of weight 3 equals three copies
    and a row of weight 0 none, to the bit if the weights are integers.
    """
    mask = weights > 0
    rows = np.column_stack([x[mask], y[mask]]).astype(np.float64) + 0.0  # -0.0 and 0.0 are one value
    as_bytes = np.ascontiguousarray(rows).view(np.dtype((np.void, rows.itemsize * rows.shape[1])))[:, 0]
    _, first, inverse = np.unique(as_bytes, return_index=True, return_inverse=True)
    indices = np.flatnonzero(mask)[first]
    return WeightedRows(x=x[indices] + 0.0, y=y[indices], weights=np.bincount(inverse, weights=weights[mask]))


def check_sample_weight(sample_weight: Any, x: Array) -> Array:
    """(n,) float64, ones for None. Raises ``BadInput`` for negative weights and if all are zero."""
    weights: Array = _check_sample_weight(sample_weight, x, dtype=np.float64)
    if (weights < 0).any():
        raise BadInput("estimators.negative_weights", row=int(np.flatnonzero(weights < 0)[0]))
    if not weights.any():
        raise BadInput("estimators.all_zero_weights", rows=len(weights))
    return weights
