"""Checks of the rows that are added to sums, whose errors name the row; their cells as the kernels take them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ...arrays import Array
from ...errors import DataError, ShapeError


def checked_rows(x: Array, y: Array, weights: Array | None, columns: int) -> tuple[Array, Array, Array]:
    """x in float32 or float64, y and weights in float64, (0,) where there are none. Raises ``ShapeError``."""
    x, y = np.asarray(x), np.asarray(y, dtype=np.float64)
    w = np.empty(0) if weights is None else np.asarray(weights, dtype=np.float64)
    if x.ndim != 2 or x.shape[1] != columns or y.shape != (len(x),) or (weights is not None and w.shape != y.shape):
        raise ShapeError("solve.sums_shape", columns=columns, x=x.shape, y=y.shape, weights=w.shape)
    return x if x.dtype == np.float32 else np.asarray(x, dtype=np.float64), y, w


def refuse_not_finite(x: Array, y: Array, first_row: int, names: Sequence[str]) -> None:
    """Raise ``DataError`` for the first row with a number that is not finite; ``first_row`` is that of x[0], from 1.

    ``names`` are those of the columns of x and of y.
    """
    bad = ~np.isfinite(np.column_stack([x, y]))
    if bad.any():
        row = int(np.flatnonzero(bad.any(axis=1))[0])
        raise DataError("solve.not_finite", name=names[int(np.flatnonzero(bad[row])[0])], row=first_row + row)


def refuse_bad_weights(weights: Array, first_row: int) -> None:
    """Raise ``DataError`` for the first weight that is negative or not finite."""
    bad = ~((weights >= 0) & (weights < np.inf))
    if bad.any():
        raise DataError("solve.bad_weight", row=first_row + int(np.flatnonzero(bad)[0]))


def refuse_bad_folds(fold: Array, rows: int, folds: int) -> None:
    """Raise ``ShapeError`` unless ``fold`` has a number from 0 to ``folds`` - 1 for each row."""
    if fold.shape != (rows,) or ((fold < 0) | (fold >= folds)).any():
        raise ShapeError("solve.bad_fold", folds=folds, last=folds - 1)


def refuse_bad_classes(labels: Array, given: Array, count: int, first_row: int) -> None:
    """Raise ``DataError`` for the first of the ``labels``, those ``given`` as integers, that is not below ``count``."""
    bad = (labels != given) | (labels < 0) | (labels >= count)
    if bad.any():
        row = int(np.flatnonzero(bad)[0])
        raise DataError("solve.bad_class", row=first_row + row, value=f"{given[row]:g}", last=count - 1)


def flat_cells(x: Array) -> tuple[Array, int, int]:
    """The cells of x as one contiguous array, and the distances between its rows and its columns."""
    if x.size == 0:
        return np.empty(0, x.dtype), 0, 0
    steps = [s // x.itemsize for s in x.strides]
    if min(x.strides) <= 0 or any(s % x.itemsize for s in x.strides):
        x = np.ascontiguousarray(x)
        steps = [x.shape[1], 1]
    span = 1 + (x.shape[0] - 1) * steps[0] + (x.shape[1] - 1) * steps[1]
    return np.lib.stride_tricks.as_strided(x, (span,), (x.itemsize,), writeable=False), steps[0], steps[1]
