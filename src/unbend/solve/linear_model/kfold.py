"""`assign_folds`: k-fold cross-validation, the fold of each row, optionally stratified by class."""

from __future__ import annotations

import numpy as np

from ...arrays import Array


def assign_folds(rows: int, folds: int, rng: np.random.Generator, classes: Array | None = None) -> Array:
    """The fold 0…folds-1 of each row, (rows,), at random; fold sizes differ by at most one.

    With ``classes`` (rows,) the folds are stratified: each class is spread over them as evenly as possible.
    """
    order = rng.permutation(rows)
    if classes is not None:
        order = order[np.argsort(classes[order], kind="stable")]
    fold = np.empty(rows, dtype=np.int64)
    fold[order] = np.arange(rows) % folds
    return fold
