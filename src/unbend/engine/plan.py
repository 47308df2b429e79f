"""Which way a job goes: plain NumPy or a compiled kernel, and which; decided by sizes alone."""

from __future__ import annotations

import os
from typing import Literal

from ..network.epoch import Recipe

Way = Literal["numpy", "tiles", "rows"]

# NumPy's time, roughly: a layer's calls in one step, and one multiplication of forward, delta and gradient
_CALLS, _MULTIPLY = 12e-6, 3e-11
# a kernel compiles in seconds, once, and loads in a fifth of a second: less than this is sooner done without
_WORTH = 0.1


def way(recipe: Recipe, shape: tuple[int, ...], epochs: int) -> Way:
    """How to train ``epochs`` epochs over ``shape`` = (members, rows); ``$UNBEND_ENGINE`` (numpy, tiles, rows) forces."""
    forced = os.environ.get("UNBEND_ENGINE", "")
    if forced in ("numpy", "tiles", "rows"):
        return forced  # type: ignore[return-value]
    members, rows = shape
    if epochs * plain_seconds(recipe, members, rows) < _WORTH:
        return "numpy"
    return "tiles"


def plain_seconds(recipe: Recipe, members: int, rows: int) -> float:
    """About how long plain NumPy takes for one epoch."""
    steps = -(-rows // recipe.batch_size)
    weights = sum(d.inputs * d.outputs for d in recipe.layers)
    return steps * len(recipe.layers) * _CALLS + members * rows * weights * 3 * _MULTIPLY
