"""The loss in the small kernel: the summed loss, and the last layer's deltas in place of its slopes."""

from __future__ import annotations

from typing import Any

from ...kernels.vector import broadcast, lane_numbers, load, store, sum_lanes, zero_vector
from ..codegen.stubs import LANES, elementwise_loss, inlined
from ..layer_table import OUTPUTS, SLOPE, TARGET, TILE_SLOPES, TILE_VALUES
from ..simd.elementary import exp, log
from ..simd.functions import maximum, where


@inlined
def row_weights(like: Any, weights: Any, order: Any, first: int, rows: int, h: Any, buffer: int) -> Any:
    """The weights of a tile's rows, and 1.0 in the lanes that hold a row."""
    if weights.shape[0] > 0:
        for lane in range(rows):
            h[buffer + lane] = weights[order[first + lane]]
        return load(h, buffer, like), lane_numbers(like) < broadcast(like, rows)
    return broadcast(like, 1.0), lane_numbers(like) < broadcast(like, rows)


@inlined
def elementwise_loss_and_deltas(
    y: Any, weights: Any, order: Any, last: Any, h: Any, d: Any, first: int, size: int, batch: int
) -> float:
    """A loss that is a mean over the outputs; y (rows, outputs) as one array."""
    like = zero_vector(h, LANES)
    outputs, buffer = last[OUTPUTS], h.shape[0] - LANES
    zero = broadcast(like, 0.0)
    loss = 0.0
    for tile in range(0, (size + LANES - 1) // LANES):
        at, slope_at = (
            (tile * last[TILE_VALUES] + last[TARGET]) * LANES,
            (tile * last[TILE_SLOPES] + last[SLOPE]) * LANES,
        )
        begin, rows = first + tile * LANES, min(LANES, size - tile * LANES)
        weight, valid = row_weights(like, weights, order, begin, rows, h, buffer)
        losses = zero
        for j in range(outputs):
            for lane in range(rows):
                h[buffer + lane] = y[order[begin + lane] * outputs + j]
            value, slope = elementwise_loss(load(h, at + j * LANES, like), load(h, buffer, like))
            losses = losses + value
            delta = slope / broadcast(like, outputs) * weight / broadcast(like, batch)
            d_at = slope_at + j * LANES
            store(d, d_at, where(valid, delta * load(d, d_at, like), zero))
        loss += sum_lanes(where(valid, losses / broadcast(like, outputs) * weight, zero))
    return loss


@inlined
def cross_entropy_and_deltas(
    y: Any, weights: Any, order: Any, last: Any, h: Any, d: Any, first: int, size: int, batch: int
) -> float:
    """Softmax with cross-entropy; y are class numbers. The largest output is subtracted so that nothing overflows."""
    like = zero_vector(h, LANES)
    outputs, buffer = last[OUTPUTS], h.shape[0] - LANES
    zero = broadcast(like, 0.0)
    loss = 0.0
    for tile in range(0, (size + LANES - 1) // LANES):
        at, slope_at = (
            (tile * last[TILE_VALUES] + last[TARGET]) * LANES,
            (tile * last[TILE_SLOPES] + last[SLOPE]) * LANES,
        )
        begin, rows = first + tile * LANES, min(LANES, size - tile * LANES)
        weight, valid = row_weights(like, weights, order, begin, rows, h, buffer)
        largest = load(h, at, like)
        for j in range(1, outputs):
            largest = maximum(largest, load(h, at + j * LANES, like))
        for lane in range(rows):
            h[buffer + lane] = h[at + y[order[begin + lane]] * LANES + lane]
        observed = load(h, buffer, like) - largest
        sums = zero
        for j in range(outputs):
            e = exp(load(h, at + j * LANES, like) - largest)
            store(h, at + j * LANES, e)
            sums = sums + e
        loss += sum_lanes(where(valid, (log(sums) - observed) * weight, zero))
        for lane in range(rows):
            h[buffer + lane] = y[order[begin + lane]]
        classes = load(h, buffer, like)
        for j in range(outputs):
            target = where(classes == broadcast(like, j), broadcast(like, 1.0), zero)
            delta = (load(h, at + j * LANES, like) / sums - target) * weight / broadcast(like, batch)
            d_at = slope_at + j * LANES
            store(d, d_at, where(valid, delta * load(d, d_at, like), zero))
    return loss
