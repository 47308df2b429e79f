"""Weight updates of the large kernel: plain SGD directly from the products, other optimizers by their formulas."""

from __future__ import annotations

from typing import Any

from ...kernels.vector import broadcast, load, store, zero_vector
from ..codegen.stubs import LANES, inlined
from .blocks import add_scaled_block, store_block


@inlined
def apply_sgd(block: Any, count: Any, p: Any, g: Any, decay: Any, w: Any, line: Any, rate: Any) -> None:
    """W (1 - rate decay) - rate gradient, while the gradients are still in registers; ``decay`` is empty for none."""
    if decay.shape[0] > 0:
        like = zero_vector(p, LANES)
        for n in range(w, w + count * line, LANES):
            store(p, n, load(p, n, like) * (broadcast(like, 1.0) - broadcast(like, rate) * load(decay, n, like)))
    add_scaled_block(p, w, line, block, -rate)


@inlined
def already_updated(p: Any, g: Any, state: Any, decay: Any, begin: Any, end: Any, rate: Any, c1: Any, c2: Any) -> None:
    """After ``apply_sgd`` nothing remains to be done."""


@inlined
def store_gradients(block: Any, count: Any, p: Any, g: Any, decay: Any, w: Any, line: Any, rate: Any) -> None:
    """Store the gradients for ``optimizer_step``."""
    store_block(g, w, line, block)
