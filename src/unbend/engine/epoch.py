"""``run_epoch`` and ``infer`` as in ``network/``, by whichever way is quickest for the size of the job.

The way is chosen by sizes alone, never by what happens to be compiled or by time: the same call gives the same bits.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from ..arrays import Array
from ..network.epoch import Recipe, Stack
from ..network.epoch import infer as plain_infer
from ..network.epoch import run_epoch as plain_epoch
from ..network.gradient import Pair
from .job import Job
from .plan import compiles_inference, way

_NONE = {np.dtype(name): np.empty(0, name) for name in ("float32", "float64")}


def run_epoch(
    recipe: Recipe,
    stack: Stack,
    x: Array,
    y: Array,
    order: Array,
    rate: float,
    weights: Array | None = None,
    masks: Sequence[Array | None] | None = None,
    *,
    epochs: int = 1,
) -> Array:
    """Train ``stack`` in place on the rows in ``order``, minibatch by minibatch; the mean training loss (m,).

    Arguments and result are those of ``unbend.network.run_epoch``, and so are the numbers: within 1e-5 of the largest
    in float32, 1e-12 in float64. The arrays that ``stack`` held before are left as they are. ``epochs`` is how many
    such epochs the caller means to run at most: many small ones are worth a compiled kernel too.
    """
    fits = _fits(recipe, stack, x, y, order, weights, masks)
    chosen = way(recipe, len(order), order.shape[1], epochs, x.dtype.itemsize) if fits else "numpy"
    if chosen == "numpy":
        return plain_epoch(recipe, stack, x, y, order, rate, weights, masks)
    x = np.ascontiguousarray(x)
    targets = np.ascontiguousarray(y, np.int64 if recipe.loss.classes else x.dtype).reshape(-1)
    rows = np.ascontiguousarray(order, np.int64)
    share = _NONE[x.dtype] if weights is None else np.ascontiguousarray(weights)
    factors: list[Array | None] = [None] * len(recipe.layers) if masks is None else list(masks)
    job = Job(recipe, stack, x, targets, rows, float(rate), share, factors)
    if chosen == "tiles":
        from .tile_epoch import train
    else:
        from .row_epoch import train
    mean: Array = train(job) / order.shape[1]
    return mean


def infer(recipe: Recipe, pairs: Sequence[Pair], x: Array, *, calls: int = 1) -> Array:
    """Every member's output (m, n, outputs) for x (n, inputs) or (m, n, inputs), without dropout.

    As ``unbend.network.infer``; ``calls`` is how often the caller means to ask, as ``epochs`` in ``run_epoch``.
    """
    members = len(pairs[0][0])
    one_type = all(a.dtype == x.dtype for pair in pairs for a in pair) and x.dtype in _NONE
    fitting = x.ndim in (2, 3) and x.shape[-1] == recipe.layers[0].inputs and (x.ndim == 2 or len(x) == members)
    if not (one_type and fitting and compiles_inference(recipe, members, x.shape[-2], calls)):
        return plain_infer(recipe, pairs, x)
    from .inference import infer_members

    return infer_members(recipe, pairs, np.ascontiguousarray(x))


def _fits(
    recipe: Recipe,
    stack: Stack,
    x: Array,
    y: Array,
    order: Array,
    weights: Array | None,
    masks: Sequence[Array | None] | None,
) -> bool:
    """Whether everything is of one float type and in range; if not, NumPy says what it has to say."""
    classes, n = recipe.loss.classes, len(x)
    arrays: list[Any] = [x, *(a for pair in stack.pairs for a in pair), *(() if classes else (y,))]
    arrays += [a for group in stack.memory for part in group for a in part]
    arrays += [] if weights is None else [weights]
    arrays += [m for m in masks or () if m is not None]
    if x.dtype not in _NONE or any(a.dtype != x.dtype for a in arrays) or order.dtype.kind not in "iu":
        return False
    if x.ndim != 2 or order.ndim != 2 or order.size == 0 or order.min() < 0 or order.max() >= n:
        return False
    if classes:
        return y.shape == (n,) and y.dtype.kind in "iu" and bool(y.min() >= 0 and y.max() < recipe.layers[-1].outputs)
    return bool(y.shape == (n, recipe.layers[-1].outputs))
