"""A slab's step: derivatives and optimiser. Text of a row kernel, which takes one of the two."""

from __future__ import annotations

from typing import Any

from .lanes import lanes, load, number, store
from .pieces import LANES, inner, move
from .row_packing import OUTPUTS, SLOPE, SLOPE_WIDTH, SOURCE, SOURCE_WIDTH, WEIGHTS
from .together import multiply


@inner
def fold_in(
    gemm: int, p: Any, state: Any, decay: Any, g: Any, h: Any, d: Any, layer: Any, begin: int, end: int, size: int,
    rate: float, c1: float, c2: float,
) -> None:  # fmt: skip
    """Plain SGD in one product: W (1 - rate decay) - rate h' delta; ``decay`` is empty for none."""
    outputs = layer[OUTPUTS]
    if decay.shape[0] > 0:
        like = lanes(p, LANES)
        for i in range(layer[WEIGHTS] + begin * outputs, layer[WEIGHTS] + end * outputs, LANES):
            kept = number(like, 1.0) - number(like, rate) * load(decay, i, like)
            store(p, i, load(p, i, like) * kept)
    multiply(gemm, p, layer[WEIGHTS] + begin * outputs, outputs, h, layer[SOURCE] + begin, layer[SOURCE_WIDTH], True,
             d, layer[SLOPE], layer[SLOPE_WIDTH], False, end - begin, outputs, size, -rate, 1.0)  # fmt: skip


@inner
def by_formula(
    gemm: int, p: Any, state: Any, decay: Any, g: Any, h: Any, d: Any, layer: Any, begin: int, end: int, size: int,
    rate: float, c1: float, c2: float,
) -> None:  # fmt: skip
    """Any optimiser: the derivatives first, then its formula over the slab."""
    outputs = layer[OUTPUTS]
    multiply(gemm, g, layer[WEIGHTS] + begin * outputs, outputs, h, layer[SOURCE] + begin, layer[SOURCE_WIDTH], True,
             d, layer[SLOPE], layer[SLOPE_WIDTH], False, end - begin, outputs, size, 1.0, 0.0)  # fmt: skip
    move(p, g, state, decay, layer[WEIGHTS] + begin * outputs, layer[WEIGHTS] + end * outputs, rate, c1, c2)
