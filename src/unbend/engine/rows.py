"""A larger network's epoch: products over blocks of rows, everything between them in one pass, on several threads.

A minibatch is cut into blocks of rows. A thread takes a block and does everything with it: gather, forward, loss, and
backward to the first layer's deltas. When all blocks are done, the weights are cut into *slabs*, and a thread takes a
slab: its product of inputs and deltas over the whole minibatch, added to the weights at once where the optimiser is
plain (``row_steps.py``). Blocks and slabs depend on sizes alone and each is done by one thread, so that the number of
threads changes nothing but time.

Values ``h`` and slopes ``d`` lie row after row, layer after layer (``panel_packing.py``); a row of values ends in a 1,
whose weights are b. This is the text of a kernel, as ``tiles.py`` is.
"""

from __future__ import annotations

from typing import Any

from .lanes import lanes, load, store
from .panel_packing import CODE, MASK, OUTPUTS, SLOPE, SOURCE, SOURCE_WIDTH, TARGET, TARGET_WIDTH, VECTORS
from .panels import derive, product, pull_back, turn
from .pieces import LANES, Given, Plan, Room, Rows, Signals, Sums, Table, Targets, activate, entry, inner, lose
from .row_rooms import ARRIVED, BLOCK, BLOCKS, PATIENCE, ROUND, SLABS
from .together import call, leave, look, rest, take


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
        rest()
        if looks > PATIENCE:
            call(pause)


@inner
def gather(x: Any, order: Any, h: Any, first: int, begin: int, end: int, width: int) -> None:
    """Rows of x, by the order, as the first layer's inputs."""
    like, columns = lanes(h, LANES), x.shape[1]
    whole = columns // LANES * LANES
    for r in range(begin, end):
        row, at = order[first + r] * columns, r * width
        for k in range(0, whole, LANES):
            store(h, at + k, load(x, row + k, like))
        for k in range(whole, columns):
            h[at + k] = x[order[first + r], k]


@inner
def forward(p: Any, plan: Any, masks: Any, h: Any, d: Any, first: int, begin: int, end: int) -> None:
    """Values and slopes of all layers for the rows begin … end of the minibatch that starts at ``first``."""
    for i in range(plan.shape[0]):
        layer = plan[i]
        outputs, width, slope_width = layer[OUTPUTS], layer[TARGET_WIDTH], layer[VECTORS] * LANES
        apart = layer[SOURCE_WIDTH]
        product(p, layer, h, layer[SOURCE] + begin * apart, apart, end - begin, h, layer[TARGET] + begin * width, width)
        for r in range(begin, end):
            at, slope_at = layer[TARGET] + r * width, layer[SLOPE] + r * slope_width
            activate(layer[CODE], h, d, at, slope_at, layer[VECTORS])
            for j in range(outputs, slope_width):  # beyond the last output: the 1, and nothing else
                h[at + j] = 1 if j == outputs else 0
                d[slope_at + j] = 0
            if layer[MASK] >= 0:
                mask = layer[MASK] + (first + r) * outputs
                for j in range(outputs):
                    h[at + j] *= masks[mask + j]
                    d[slope_at + j] *= masks[mask + j]


@inner
def turn_slab(p: Any, t: Any, plan: Any, slab: Any) -> None:
    """A slab's weights as the way back wants them; nobody goes back to the rows of x."""
    if slab[0] > 0:
        turn(p, t, plan[slab[0]], slab[1], slab[2])


@entry
def train_rows(
    x: Table, y: Targets, weights: Given, order: Rows, masks: Given, batch: int, rate: float, steps: int,
    plan: Plan, slabs: Plan, p: Room, state: Room, decay: Given, g: Room, h: Room, d: Room, t: Room,
    losses: Sums, sync: Signals, team: int, pause: int,
) -> None:  # fmt: skip
    """One thread's part of an epoch of one member; ``team`` threads call this with the same arrays.

    A line of ``slabs`` is (layer, first input, end); ``losses`` adds up each block's.
    """
    while True:
        n = take(sync, SLABS)
        if n >= slabs.shape[0]:
            break
        turn_slab(p, t, plan, slabs[n])
    wait(sync, team, pause)
    for first in range(0, order.shape[0], batch):
        size = min(batch, order.shape[0] - first)
        steps += 1
        while True:
            n = take(sync, BLOCKS)
            begin, end = n * BLOCK, min(size, n * BLOCK + BLOCK)
            if begin >= size:
                break
            gather(x, order, h, first, begin, end, plan[0, SOURCE_WIDTH])
            forward(p, plan, masks, h, d, first, begin, end)
            losses[n] += lose(y, weights, order, plan[-1], h, d, first, begin, end, size)
            for i in range(plan.shape[0] - 1, 0, -1):
                pull_back(t, d, plan[i], plan[i - 1], begin, end)
        wait(sync, team, pause)
        while True:
            n = take(sync, SLABS)
            if n >= slabs.shape[0]:
                break
            derive(h, d, plan[slabs[n, 0]], slabs[n, 1], slabs[n, 2], size, p, g, state, decay, rate,
                   1 - 0.9**steps, 1 - 0.999**steps)  # fmt: skip
            turn_slab(p, t, plan, slabs[n])
        wait(sync, team, pause)
