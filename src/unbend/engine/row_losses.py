"""The loss over rows: one number, and the last layer's deltas in place of its slopes. Text of a row kernel."""

from __future__ import annotations

from typing import Any

from .elementary import exp, log
from .lanes import counting, lanes, load, number, store, total
from .lanes_functions import where
from .panel_packing import OUTPUTS, SLOPE, TARGET, TARGET_WIDTH, VECTORS
from .pieces import LANES, inner, row_loss


@inner
def lose_values(
    y: Any, weights: Any, order: Any, last: Any, h: Any, d: Any, first: int, begin: int, end: int, batch: int
) -> float:
    """A loss that is a mean over the outputs; y lies row after row."""
    like = lanes(h, LANES)
    outputs, none = last[OUTPUTS], number(lanes(h, LANES), 0.0)
    loss = 0.0
    for r in range(begin, end):
        row = order[first + r]
        weight = number(like, weights[row] if weights.shape[0] > 0 else 1.0)
        losses = none
        for j in range(0, outputs, LANES):
            o = load(h, last[TARGET] + r * last[TARGET_WIDTH] + j, like)
            # the values are not needed any more: what was observed takes their place
            seen = last[TARGET] + r * last[TARGET_WIDTH] + j
            live = min(LANES, outputs - j)
            for lane in range(live):
                h[seen + lane] = y[row * outputs + j + lane]
            value, slope = row_loss(o, load(h, seen, like))
            alive = counting(like) < number(like, live)
            losses = losses + where(alive, value, none)
            at = last[SLOPE] + r * last[VECTORS] * LANES + j
            delta = slope / number(like, outputs) * weight / number(like, batch) * load(d, at, like)
            store(d, at, where(alive, delta, none))
        loss += total(losses / number(like, outputs) * weight)
    return loss


@inner
def lose_classes(
    y: Any, weights: Any, order: Any, last: Any, h: Any, d: Any, first: int, begin: int, end: int, batch: int
) -> float:
    """Softmax with cross-entropy; y are class numbers. The largest output is subtracted so that nothing overflows."""
    like = lanes(h, LANES)
    outputs, none = last[OUTPUTS], number(lanes(h, LANES), 0.0)
    padded = (outputs + LANES - 1) // LANES * LANES
    loss = 0.0
    for r in range(begin, end):
        row = order[first + r]
        weight = number(like, weights[row] if weights.shape[0] > 0 else 1.0)
        at, slope_at = last[TARGET] + r * last[TARGET_WIDTH], last[SLOPE] + r * last[VECTORS] * LANES
        highest = h[at]
        for j in range(1, outputs):
            if not h[at + j] <= highest:  # also true of NaN
                highest = h[at + j]
        observed = h[at + y[row]] - highest
        top, sums = number(like, highest), none
        for j in range(0, padded, LANES):
            e = exp(load(h, at + j, like) - top)
            e = where(counting(like) < number(like, outputs - j), e, none)
            store(h, at + j, e)
            sums = sums + e
        norm = number(like, total(sums))
        loss += total(where(counting(like) < number(like, 1.0), (log(norm) - number(like, observed)) * weight, none))
        for j in range(0, padded, LANES):
            hit = where(counting(like) == number(like, y[row] - j), number(like, 1.0), none)
            delta = (load(h, at + j, like) / norm - hit) * weight / number(like, batch)
            alive = counting(like) < number(like, outputs - j)
            store(d, slope_at + j, where(alive, delta * load(d, slope_at + j, like), none))
    return loss
