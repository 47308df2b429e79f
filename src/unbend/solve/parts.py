"""Rows dealt into parts, to be held out one after another."""

from __future__ import annotations

import numpy as np

from ..arrays import Array


def parts(rows: int, count: int, rng: np.random.Generator, classes: Array | None = None) -> Array:
    """The part 0…count-1 of each row, (rows,): sizes differ by at most one, at random.

    With ``classes`` (rows,) each class is spread as evenly as it goes (stratified).
    """
    mixed = rng.permutation(rows)
    if classes is not None:
        mixed = mixed[np.argsort(classes[mixed], kind="stable")]
    part = np.empty(rows, dtype=np.int64)
    part[mixed] = np.arange(rows) % count
    return part
