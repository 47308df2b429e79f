"""The loss in the large kernel: the summed loss, and the last layer's deltas in place of its slopes."""

from __future__ import annotations

from typing import Any

from ...kernels.vector import broadcast, lane_numbers, load, store, sum_lanes, zero_vector
from ..codegen.stubs import LANES, elementwise_loss, inlined
from ..layer_table import OUTPUTS, SLOPE, TARGET, TARGET_STRIDE, VECTORS
from ..simd.elementary import exp, log
from ..simd.functions import where


@inlined
def elementwise_loss_and_deltas(
    y: Any, weights: Any, order: Any, last: Any, h: Any, d: Any, first: int, begin: int, end: int, batch: int
) -> float:
    """A loss that is a mean over the outputs; y (rows, outputs) as one array."""
    like = zero_vector(h, LANES)
    outputs, zero = last[OUTPUTS], broadcast(zero_vector(h, LANES), 0.0)
    loss = 0.0
    for r in range(begin, end):
        row = order[first + r]
        weight = broadcast(like, weights[row] if weights.shape[0] > 0 else 1.0)
        losses = zero
        for j in range(0, outputs, LANES):
            output = load(h, last[TARGET] + r * last[TARGET_STRIDE] + j, like)
            # the outputs are not needed any more: the targets overwrite them
            target_at = last[TARGET] + r * last[TARGET_STRIDE] + j
            count = min(LANES, outputs - j)
            for lane in range(count):
                h[target_at + lane] = y[row * outputs + j + lane]
            value, slope = elementwise_loss(output, load(h, target_at, like))
            valid = lane_numbers(like) < broadcast(like, count)
            losses = losses + where(valid, value, zero)
            at = last[SLOPE] + r * last[VECTORS] * LANES + j
            delta = slope / broadcast(like, outputs) * weight / broadcast(like, batch) * load(d, at, like)
            store(d, at, where(valid, delta, zero))
        loss += sum_lanes(losses / broadcast(like, outputs) * weight)
    return loss


@inlined
def cross_entropy_and_deltas(
    y: Any, weights: Any, order: Any, last: Any, h: Any, d: Any, first: int, begin: int, end: int, batch: int
) -> float:
    """Softmax with cross-entropy; y are class numbers. The largest output is subtracted so that nothing overflows."""
    like = zero_vector(h, LANES)
    outputs, zero = last[OUTPUTS], broadcast(zero_vector(h, LANES), 0.0)
    padded = (outputs + LANES - 1) // LANES * LANES
    loss = 0.0
    for r in range(begin, end):
        row = order[first + r]
        weight = broadcast(like, weights[row] if weights.shape[0] > 0 else 1.0)
        at, slope_at = last[TARGET] + r * last[TARGET_STRIDE], last[SLOPE] + r * last[VECTORS] * LANES
        largest = h[at]
        for j in range(1, outputs):
            if not h[at + j] <= largest:  # also true of NaN
                largest = h[at + j]
        observed = h[at + y[row]] - largest
        shift, sums = broadcast(like, largest), zero
        for j in range(0, padded, LANES):
            e = exp(load(h, at + j, like) - shift)
            e = where(lane_numbers(like) < broadcast(like, outputs - j), e, zero)
            store(h, at + j, e)
            sums = sums + e
        norm = broadcast(like, sum_lanes(sums))
        row_loss = (log(norm) - broadcast(like, observed)) * weight  # the same in every lane
        loss += sum_lanes(where(lane_numbers(like) < broadcast(like, 1.0), row_loss, zero))
        for j in range(0, padded, LANES):
            target = where(lane_numbers(like) == broadcast(like, y[row] - j), broadcast(like, 1.0), zero)
            delta = (load(h, at + j, like) / norm - target) * weight / broadcast(like, batch)
            valid = lane_numbers(like) < broadcast(like, outputs - j)
            store(d, slope_at + j, where(valid, delta * load(d, slope_at + j, like), zero))
    return loss
