"""The loss over tiles: one number, and the last layer's deltas in place of its slopes. Text of a tile kernel."""

from __future__ import annotations

from typing import Any

from .elementary import exp, log
from .lanes import counting, lanes, load, number, store, total
from .lanes_functions import largest, where
from .packing import OUTPUTS, SLOPE, SLOPES, TARGET, UNITS
from .pieces import LANES, inner, row_loss


@inner
def shares(like: Any, weights: Any, order: Any, first: int, live: int, room: Any, at: int) -> Any:
    """The weights of a tile's rows, and 1.0 for the lanes that hold a row."""
    if weights.shape[0] > 0:
        for lane in range(live):
            room[at + lane] = weights[order[first + lane]]
        return load(room, at, like), counting(like) < number(like, live)
    return number(like, 1.0), counting(like) < number(like, live)


@inner
def lose_values(
    y: Any, weights: Any, order: Any, last: Any, h: Any, d: Any, first: int, size: int, batch: int
) -> float:
    """A loss that is a mean over the outputs; y lies row after row."""
    like = lanes(h, LANES)
    outputs, room = last[OUTPUTS], h.shape[0] - LANES
    none = number(like, 0.0)
    loss = 0.0
    for tile in range(0, (size + LANES - 1) // LANES):
        at, slope_at = (tile * last[UNITS] + last[TARGET]) * LANES, (tile * last[SLOPES] + last[SLOPE]) * LANES
        begin, live = first + tile * LANES, min(LANES, size - tile * LANES)
        weight, alive = shares(like, weights, order, begin, live, h, room)
        losses = none
        for j in range(outputs):
            for lane in range(live):
                h[room + lane] = y[order[begin + lane] * outputs + j]
            value, slope = row_loss(load(h, at + j * LANES, like), load(h, room, like))
            losses = losses + value
            delta = slope / number(like, outputs) * weight / number(like, batch)
            here = slope_at + j * LANES
            store(d, here, where(alive, delta * load(d, here, like), none))
        loss += total(where(alive, losses / number(like, outputs) * weight, none))
    return loss


@inner
def lose_classes(
    y: Any, weights: Any, order: Any, last: Any, h: Any, d: Any, first: int, size: int, batch: int
) -> float:
    """Softmax with cross-entropy; y are class numbers. The largest output is subtracted so that nothing overflows."""
    like = lanes(h, LANES)
    outputs, room = last[OUTPUTS], h.shape[0] - LANES
    none = number(like, 0.0)
    loss = 0.0
    for tile in range(0, (size + LANES - 1) // LANES):
        at, slope_at = (tile * last[UNITS] + last[TARGET]) * LANES, (tile * last[SLOPES] + last[SLOPE]) * LANES
        begin, live = first + tile * LANES, min(LANES, size - tile * LANES)
        weight, alive = shares(like, weights, order, begin, live, h, room)
        top = load(h, at, like)
        for j in range(1, outputs):
            top = largest(top, load(h, at + j * LANES, like))
        for lane in range(live):
            h[room + lane] = h[at + y[order[begin + lane]] * LANES + lane]
        observed = load(h, room, like) - top
        sums = none
        for j in range(outputs):
            e = exp(load(h, at + j * LANES, like) - top)
            store(h, at + j * LANES, e)
            sums = sums + e
        loss += total(where(alive, (log(sums) - observed) * weight, none))
        for lane in range(live):
            h[room + lane] = y[order[begin + lane]]
        observed_class = load(h, room, like)
        for j in range(outputs):
            hit = where(observed_class == number(like, j), number(like, 1.0), none)
            delta = (load(h, at + j * LANES, like) / sums - hit) * weight / number(like, batch)
            here = slope_at + j * LANES
            store(d, here, where(alive, delta * load(d, here, like), none))
    return loss
