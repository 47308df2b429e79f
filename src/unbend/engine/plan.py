"""Which way a job goes: plain NumPy or a compiled kernel, and which; decided by sizes alone.

What happens to be compiled, or how busy the machine is, must not decide: the same job gives the same bits each time.
"""

from __future__ import annotations

import os
from typing import Literal

from ..network.epoch import Recipe
from .machine import lanes

Way = Literal["numpy", "tiles", "rows"]

# plain NumPy's time, roughly, in seconds: a layer's calls in a step of training and in inference; one multiplication
_STEP, _CALL, _MULTIPLY = 40e-6, 6e-6, 3e-11
# a kernel takes some seconds to compile, once, and to load a fifth of a second in each process; but whoever asks for a
# few milliseconds' work may well ask again and again: only shorter jobs are done without
_WORTH = 0.004
# up to so many weights the tile kernel is the quicker one, if minibatches fill the lanes and inputs are few
_FEW_WEIGHTS, _FEW_INPUTS = 5_000, 64


def way(recipe: Recipe, members: int, rows: int, epochs: int, itemsize: int) -> Way:
    """How to train so many epochs; ``$UNBEND_ENGINE`` (numpy, tiles, rows) overrides."""
    forced = os.environ.get("UNBEND_ENGINE", "")
    if forced in ("numpy", "tiles", "rows"):
        return forced  # type: ignore[return-value]
    steps = -(-rows // recipe.batch_size)
    plain = steps * len(recipe.layers) * _STEP + 3 * members * rows * _weights(recipe) * _MULTIPLY
    if epochs * plain < _WORTH:
        return "numpy"
    wide = lanes(itemsize)
    filled = min(recipe.batch_size, rows, wide) / wide
    few = _weights(recipe) <= _FEW_WEIGHTS * filled**2 and recipe.layers[0].inputs <= _FEW_INPUTS
    return "tiles" if few else "rows"


def compiles_inference(recipe: Recipe, members: int, rows: int, calls: int) -> bool:
    """Whether so many inferences are worth the kernel."""
    forced = os.environ.get("UNBEND_ENGINE", "")
    if forced:
        return forced != "numpy"
    plain = len(recipe.layers) * _CALL + members * rows * _weights(recipe) * _MULTIPLY
    return calls * plain >= _WORTH


def _weights(recipe: Recipe) -> int:
    return sum(d.inputs * d.outputs for d in recipe.layers)
