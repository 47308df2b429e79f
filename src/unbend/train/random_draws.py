"""The random draws of an epoch: `random_order` of the rows, and `dropout_masks`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from ..arrays import Array
from ..network import Recipe


def random_order(rng: np.random.Generator, rows: Array, length: int) -> Array:
    """``length`` row numbers in random order, from one or several passes over ``rows``."""
    passes = [rng.permutation(rows) for _ in range(-(-length // len(rows)))]
    return np.concatenate(passes)[:length]


def dropout_masks(
    recipe: Recipe, rngs: Sequence[np.random.Generator], order: Array, dtype: np.dtype[Any]
) -> list[Array | None] | None:
    """Dropout factors along ``order`` for each layer: 0, or 1/(1 - dropout) so that the mean stays."""
    if not any(d.dropout for d in recipe.layers):
        return None
    masks: list[Array | None] = []
    for dense in recipe.layers:
        if dense.dropout:
            shape = (order.shape[1], dense.outputs)
            active = np.stack([rng.random(shape, dtype=np.float32) >= dense.dropout for rng in rngs])
            masks.append(active.astype(dtype) / dtype.type(1 - dense.dropout))
        else:
            masks.append(None)
    return masks
