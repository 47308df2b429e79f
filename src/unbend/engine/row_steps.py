"""How a block of derivatives reaches the weights: at once, or by the optimiser's formula. Text of the row kernel."""

from __future__ import annotations

from typing import Any

from .lanes import lanes, load, number, store
from .panel_blocks import fold_lines, put_lines
from .pieces import LANES, inner, move


@inner
def settle_at_once(z: Any, count: Any, p: Any, g: Any, decay: Any, w: Any, line: Any, rate: Any) -> None:
    """Plain SGD: W (1 - rate decay) - rate z, while z is still in registers; ``decay`` is empty for none."""
    if decay.shape[0] > 0:
        like = lanes(p, LANES)
        for n in range(w, w + count * line, LANES):
            store(p, n, load(p, n, like) * (number(like, 1.0) - number(like, rate) * load(decay, n, like)))
    fold_lines(p, w, line, z, -rate)


@inner
def renew_nothing(p: Any, g: Any, state: Any, decay: Any, begin: Any, end: Any, rate: Any, c1: Any, c2: Any) -> None:
    """What is settled at once needs no more."""


@inner
def settle_later(z: Any, count: Any, p: Any, g: Any, decay: Any, w: Any, line: Any, rate: Any) -> None:
    """Any other optimiser: the derivatives are kept …"""
    put_lines(g, w, line, z)


@inner
def renew_by_formula(p: Any, g: Any, state: Any, decay: Any, begin: Any, end: Any, rate: Any, c1: Any, c2: Any) -> None:
    """… and its formula runs over a panel's part of the slab."""
    move(p, g, state, decay, begin, end, rate, c1, c2)
