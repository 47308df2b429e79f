"""A larger network's epoch: BLAS products over blocks of rows, everything between them in one pass, on several threads.

A minibatch is cut into blocks of rows. A thread takes a block and does everything with it: gather, forward, loss, and
backward to the first layer's deltas. When all blocks are done, the weights are cut into *slabs*, and a thread takes a
slab: its product of inputs and deltas over the whole minibatch, added to the weights at once where the optimiser is
plain (``fold_in``). Blocks and slabs depend on sizes alone and each is done by one thread, so that the number of
threads changes nothing but time.

Values ``h`` and slopes ``d`` lie row after row, layer after layer (``row_packing.py``); a row of values ends in a 1, and
b is the last row of W. This is the text of a kernel, as ``tiles.py`` is.
"""

from __future__ import annotations

from typing import Any

from .lanes import lanes, load, store
from .pieces import LANES, Given, Plan, Room, Rows, Signals, Sums, Table, Targets, activate, entry, inner, lose, renew
from .row_packing import CODE, INPUTS, MASK, OUTPUTS, SLOPE, SLOPE_WIDTH, SOURCE, SOURCE_WIDTH
from .row_packing import TARGET, TARGET_WIDTH, WEIGHTS
from .row_packing import ARRIVED, BLOCKS, PATIENCE, ROUND, SLABS
from .together import call, leave, look, multiply, take

@inner
def wait(sync: Any, team: int, pause: int) -> None:
    """Until all threads of the team are here; then blocks and slabs are handed out anew."""
    turn = look(sync, ROUND)
    if take(sync, ARRIVED) == team - 1:
        leave(sync, ARRIVED, 0)
        leave(sync, BLOCKS, 0)
        leave(sync, SLABS, 0)
        leave(sync, ROUND, turn + 1)
        return
    looks = 0
    while look(sync, ROUND) == turn:
        looks += 1
        if looks > PATIENCE:
            call(pause)


@inner
def gather(x: Any, order: Any, h: Any, first: int, begin: int, end: int, width: int) -> None:
    """Rows of x, by the order, as the first layer's inputs."""
    for r in range(begin, end):
        row = order[first + r]
        for k in range(x.shape[1]):
            h[r * width + k] = x[row, k]


@inner
def forward(
    gemm: int, p: Any, plan: Any, masks: Any, h: Any, d: Any, first: int, begin: int, end: int
) -> None:
    """Values and slopes of all layers for the rows begin … end of the minibatch that starts at ``first``."""
    for i in range(plan.shape[0]):
        layer = plan[i]
        outputs, width = layer[OUTPUTS], layer[TARGET_WIDTH]
        multiply(gemm, h, layer[TARGET] + begin * width, width,
                 h, layer[SOURCE] + begin * layer[SOURCE_WIDTH], layer[SOURCE_WIDTH], False,
                 p, layer[WEIGHTS], outputs, False, end - begin, outputs, layer[INPUTS] + 1, 1.0, 0.0)  # fmt: skip
        for r in range(begin, end):
            at, slope_at = layer[TARGET] + r * width, layer[SLOPE] + r * layer[SLOPE_WIDTH]
            activate(layer[CODE], h, d, at, slope_at, (outputs + LANES - 1) // LANES)
            for j in range(outputs, (outputs + LANES - 1) // LANES * LANES):
                h[at + j] = 1 if j == outputs else 0
            if layer[MASK] >= 0:
                mask = layer[MASK] + (first + r) * outputs
                for j in range(outputs):
                    h[at + j] *= masks[mask + j]
                    d[slope_at + j] *= masks[mask + j]


@inner
def backward(gemm: int, p: Any, plan: Any, d: Any, e: Any, begin: int, end: int) -> None:
    """The deltas of all layers but the last for these rows; each takes the place of a slope."""
    like = lanes(d, LANES)
    for i in range(plan.shape[0] - 1, 0, -1):
        layer, before = plan[i], plan[i - 1]
        width = before[SLOPE_WIDTH]
        multiply(gemm, e, begin * width, width,
                 d, layer[SLOPE] + begin * layer[SLOPE_WIDTH], layer[SLOPE_WIDTH], False,
                 p, layer[WEIGHTS], layer[OUTPUTS], True, end - begin, layer[INPUTS], layer[OUTPUTS], 1.0, 0.0)  # fmt: skip
        for n in range(begin * width, end * width, LANES):
            at = before[SLOPE] + n
            store(d, at, load(d, at, like) * load(e, n, like))


@entry
def train_rows(
    x: Table, y: Targets, weights: Given, order: Rows, masks: Given, batch: int, rate: float, steps: int,
    plan: Plan, slabs: Plan, block: int, p: Room, state: Room, decay: Given, g: Room, h: Room, d: Room, e: Room,
    losses: Sums, sync: Signals, team: int, gemm: int, pause: int,
) -> None:  # fmt: skip
    """One thread's part of an epoch of one member; ``team`` threads call this with the same arrays.

    ``block`` rows make a block; a line of ``slabs`` is (layer, first row, end row); ``losses`` adds up each block's.
    """
    for first in range(0, order.shape[0], batch):
        size = min(batch, order.shape[0] - first)
        steps += 1
        while True:
            n = take(sync, BLOCKS)
            begin, end = n * block, min(size, n * block + block)
            if begin >= size:
                break
            gather(x, order, h, first, begin, end, plan[0, SOURCE_WIDTH])
            forward(gemm, p, plan, masks, h, d, first, begin, end)
            losses[n] += lose(y, weights, order, plan[-1], h, d, first, begin, end, size)
            backward(gemm, p, plan, d, e, begin, end)
        wait(sync, team, pause)
        while True:
            n = take(sync, SLABS)
            if n >= slabs.shape[0]:
                break
            layer = plan[slabs[n, 0]]
            renew(gemm, p, state, decay, g, h, d, layer, slabs[n, 1], slabs[n, 2], size, rate,
                  1 - 0.9**steps, 1 - 0.999**steps)  # fmt: skip
        wait(sync, team, pause)
