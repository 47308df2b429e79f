"""``run_epoch`` and ``infer`` as in ``network/``, by whichever implementation is fastest for the size of the job.

The choice is decided by sizes and the CPU's SIMD width, never by what happens to be compiled or how busy the machine
is: on one machine the same call gives the same bits. ``$UNBEND_ENGINE`` (numpy, small, large) overrides it.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import Any, Literal

import numpy as np

from ..arrays import Array
from ..network.epoch import Recipe, Stack
from ..network.epoch import infer as numpy_infer
from ..network.epoch import run_epoch as numpy_epoch
from ..network.gradient import Pair
from .binned.rows import BinnedRows
from .job import Job
from .machine import vector_lanes

Implementation = Literal["numpy", "small", "large"]

# $UNBEND_ENGINE; "tiles" and "rows" are the kernels' former names
_FORCED: dict[str, Implementation] = {
    "numpy": "numpy", "small": "small", "large": "large", "tiles": "small", "rows": "large"
}  # fmt: skip
# NumPy's time, roughly: a layer's calls in a training step, its calls in inference, one multiplication
_LAYER_STEP_SECONDS, _LAYER_CALL_SECONDS, _MULTIPLICATION_SECONDS = 40e-6, 6e-6, 3e-11
# A kernel takes some seconds to compile, once, and a fifth of a second to load in each process. Jobs of a few
# milliseconds are compiled all the same, since they are often repeated; only shorter ones run in NumPy.
_MIN_COMPILED_SECONDS = 0.004
# up to this size the small kernel is the faster one, if minibatches fill the lanes
_MAX_SMALL_PARAMETERS, _MAX_SMALL_INPUTS = 5_000, 64
_FLOATS = (np.dtype("float32"), np.dtype("float64"))


def run_epoch(
    recipe: Recipe,
    stack: Stack,
    x: Array | BinnedRows,
    y: Array,
    order: Array,
    rate: float,
    weights: Array | None = None,
    masks: Sequence[Array | None] | None = None,
    *,
    epochs: int = 1,
) -> Array:
    """Train ``stack`` in place on the rows in ``order``, minibatch by minibatch.

    Parameters and result are those of ``unbend.network.run_epoch``, and so are the numbers: within 1e-5 of the largest
    in float32, 1e-12 in float64. The arrays that ``stack`` held before are not written to.

    Parameters
    ----------
    recipe : Recipe
        Layers, loss, optimizer, minibatch size and weight decay.
    stack : Stack
        Weights and optimizer state of m members.
    x : array (N, inputs) or BinnedRows
        Of `BinnedRows` the first layer's products with bins are computed by prefix sums, by a kernel of their own, if
        rows have neither weights nor masks; these may be (m, N), where every member has rows of its own.
    y : array (N, outputs), or class numbers (N,); (m, N, outputs) where every member has targets of its own
    order : int array (m, n)
        The rows that each member is trained on, in this order.
    rate : float
        Learning rate.
    weights : array (N,), optional
        Weights of the rows.
    masks : sequence of arrays (m, n, outputs) or None, optional
        Dropout masks of each layer.
    epochs : int, default 1
        The most epochs that the caller will run: many small ones together may justify compiling a kernel.

    Returns
    -------
    array (m,)
        Mean training loss of each member.
    """
    members = len(order)
    if isinstance(x, BinnedRows):
        members = 1  # each has its bits whichever others are trained beside it
        if weights is None and masks is None and _compiles_binned(recipe, stack, x, y, order, epochs):
            from .binned.epoch import train as train_binned

            return np.asarray(train_binned(recipe, stack, x, y, order, rate) / order.shape[1])
        x = x.dense()
    supported = _supported(recipe=recipe, stack=stack, x=x, y=y, order=order, sample_weight=weights, masks=masks)
    chosen = choose_training(recipe, members, order.shape[1], epochs, x.dtype.itemsize) if supported else "numpy"
    if chosen == "numpy":
        return numpy_epoch(recipe=recipe, stack=stack, x=x, y=y, order=order, rate=rate, weights=weights, masks=masks)
    job = Job.of(recipe=recipe, stack=stack, x=x, y=y, order=order, rate=rate, weights=weights, masks=masks)
    if chosen == "small":
        from .small.epoch import train
    else:
        from .large.epoch import train
    mean: Array = train(job) / order.shape[1]
    return mean


def infer(recipe: Recipe, pairs: Sequence[Pair], x: Array | BinnedRows, *, calls: int = 1) -> Array:
    """Every member's output (m, n, outputs) for x (n, inputs) or (m, n, inputs), without dropout.

    As ``unbend.network.infer``; ``calls`` is the most calls that the caller will make, as ``epochs`` in ``run_epoch``.
    """
    members, counted = len(pairs[0][0]), len(pairs[0][0])
    if isinstance(x, BinnedRows):
        counted = 1  # as in training
        one_dtype = all(a.dtype == x.dtype for pair in pairs for a in pair)
        if one_dtype and compiles_inference(recipe, counted, x.shape[-2], calls):
            from .binned.epoch import infer_members as infer_binned

            return infer_binned(recipe, pairs, x)
        x = x.dense()
    one_dtype = all(a.dtype == x.dtype for pair in pairs for a in pair) and x.dtype in _FLOATS
    fitting = x.ndim in (2, 3) and x.shape[-1] == recipe.layers[0].inputs and (x.ndim == 2 or len(x) == members)
    if not (one_dtype and fitting and compiles_inference(recipe, counted, x.shape[-2], calls)):
        return numpy_infer(recipe, pairs, x)
    from .inference.predict import infer_members

    return infer_members(recipe, pairs, np.ascontiguousarray(x))


def _compiles_binned(recipe: Recipe, stack: Stack, x: BinnedRows, y: Array, order: Array, epochs: int) -> bool:
    """Whether the binned kernel trains: where NumPy would not be faster."""
    if choose_training(recipe, 1, order.shape[1], epochs, x.dtype.itemsize) == "numpy":
        return False
    rows = x.columns
    if rows.ndim == 3:
        if len(rows) != len(order):
            return False
        rows = rows[0]
    return _supported(recipe=recipe, stack=stack, x=rows, y=y, order=order, sample_weight=None, masks=None)


def choose_training(recipe: Recipe, members: int, rows: int, epochs: int, itemsize: int) -> Implementation:
    """The implementation for ``epochs`` such epochs; ``$UNBEND_ENGINE`` (numpy, small, large) overrides."""
    if forced := _FORCED.get(os.environ.get("UNBEND_ENGINE", "")):
        return forced
    steps = -(-rows // recipe.batch_size)
    seconds = (
        steps * len(recipe.layers) * _LAYER_STEP_SECONDS
        + 3 * members * rows * _parameter_count(recipe) * _MULTIPLICATION_SECONDS
    )
    if epochs * seconds < _MIN_COMPILED_SECONDS:
        return "numpy"
    lanes = vector_lanes(itemsize)
    filled = min(recipe.batch_size, rows, lanes) / lanes
    small = (
        _parameter_count(recipe) <= _MAX_SMALL_PARAMETERS * filled**2 and recipe.layers[0].inputs <= _MAX_SMALL_INPUTS
    )
    return "small" if small else "large"


def compiles_inference(recipe: Recipe, members: int, rows: int, calls: int) -> bool:
    """Whether ``calls`` such inferences take long enough to compile the kernel; ``$UNBEND_ENGINE`` overrides."""
    if forced := os.environ.get("UNBEND_ENGINE", ""):
        return forced != "numpy"
    seconds = (
        len(recipe.layers) * _LAYER_CALL_SECONDS + members * rows * _parameter_count(recipe) * _MULTIPLICATION_SECONDS
    )
    return calls * seconds >= _MIN_COMPILED_SECONDS


def _parameter_count(recipe: Recipe) -> int:
    return sum(d.inputs * d.outputs for d in recipe.layers)


def _supported(
    *,
    recipe: Recipe,
    stack: Stack,
    x: Array,
    y: Array,
    order: Array,
    sample_weight: Array | None,
    masks: Sequence[Array | None] | None,
) -> bool:
    """Whether all arrays have one float type and all indices are in range; if not, NumPy computes or raises."""
    classes, n = recipe.loss.classes, len(x)
    arrays: list[Any] = [x, *(a for pair in stack.pairs for a in pair), *(() if classes else (y,))]
    arrays += [a for group in stack.optimizer_state for part in group for a in part]
    arrays += [] if sample_weight is None else [sample_weight]
    arrays += [m for m in masks or () if m is not None]
    if x.dtype not in _FLOATS or any(a.dtype != x.dtype for a in arrays) or order.dtype.kind not in "iu":
        return False
    if x.ndim != 2 or order.ndim != 2 or order.size == 0 or order.min() < 0 or order.max() >= n:
        return False
    if classes:
        return y.shape == (n,) and y.dtype.kind in "iu" and bool(y.min() >= 0 and y.max() < recipe.layers[-1].outputs)
    return bool(y.shape[-2:] == (n, recipe.layers[-1].outputs) and y.shape[:-2] in ((), (len(order),)))
