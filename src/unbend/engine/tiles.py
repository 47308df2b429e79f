"""A small network's whole epoch in one loop: gather, forward, loss, backward, update, with no call per layer.

A *tile* is as many rows as the processor has lanes; the values of one unit for the rows of a tile lie side by side.
So every step, from the products to the activation, works on full lanes however narrow the layers are; lanes beyond
the last row of a minibatch carry zeros. ``h`` holds the units' values, ``d`` first their slopes, then their deltas:
tile after tile, in each tile layer after layer (``plan``, see ``packing.py``).

This is the text of a kernel: ``generate.py`` puts the activations, the loss and the optimiser in front of it.
"""

from __future__ import annotations

from typing import Any

from .blocks import add_across, add_input, put, scale, totals, zeros
from .lanes import lanes, load, store
from .packing import CODE, INPUTS, MASK, OUTPUTS, PADDED, SLOPE, SLOPES, SOURCE, TARGET, UNITS, WEIGHTS
from .pieces import CHUNK, LANES, Given, Plan, Room, Rows, Table, Targets, activate, entry, inner, lose, move


@inner
def gather(x: Any, order: Any, h: Any, first: int, size: int, units: int) -> None:
    """Rows first … first + size of the order, turned on their side, into the tiles' input units."""
    columns = x.shape[1]
    for lane in range((size + LANES - 1) // LANES * LANES):
        at = lane // LANES * units * LANES + lane % LANES
        if lane < size:
            row = order[first + lane]
            for k in range(columns):
                h[at + k * LANES] = x[row, k]
        else:
            for k in range(columns):
                h[at + k * LANES] = 0


@inner
def weigh(p: Any, h: Any, layer: Any, at: int, sums: Any) -> None:
    """z = x W + b of one layer, for as many tiles as ``sums`` has room for; b is the weight of a unit that is 1."""
    apart = layer[UNITS] * LANES
    for j in range(0, layer[OUTPUTS], 4):
        z = sums
        for k in range(layer[INPUTS] + 1):
            w = layer[WEIGHTS] + j * layer[PADDED] + 4 * k
            z = add_input(z, p, w, 1, h, at + (layer[SOURCE] + k) * LANES, apart)
        put(h, at + (layer[TARGET] + j) * LANES, apart, z, layer[OUTPUTS] - j)


@inner
def forward(p: Any, plan: Any, masks: Any, h: Any, d: Any, first: int, size: int) -> None:
    """Values and slopes of all layers, for ``size`` rows; their dropout factors begin at row ``first``."""
    like = lanes(p, LANES)
    units, slopes = plan[0, UNITS], plan[0, SLOPES]
    tiles = (size + LANES - 1) // LANES
    for i in range(plan.shape[0]):
        layer = plan[i]
        for tile in range(0, tiles - 1, 2):
            weigh(p, h, layer, tile * units * LANES, zeros(like, 8))
        if tiles % 2:
            weigh(p, h, layer, (tiles - 1) * units * LANES, zeros(like, 4))
        for tile in range(tiles):
            at, slope_at = (tile * units + layer[TARGET]) * LANES, (tile * slopes + layer[SLOPE]) * LANES
            activate(layer[CODE], h, d, at, slope_at, layer[OUTPUTS])
            if layer[MASK] >= 0:
                for lane in range(min(LANES, size - tile * LANES)):
                    mask = layer[MASK] + (first + tile * LANES + lane) * layer[OUTPUTS]
                    for j in range(layer[OUTPUTS]):
                        h[at + j * LANES + lane] *= masks[mask + j]
                        d[slope_at + j * LANES + lane] *= masks[mask + j]


@inner
def unweigh(p: Any, d: Any, layer: Any, before: Any, at: int, sums: Any) -> None:
    """The deltas of the layer before: its slopes times W delta, for as many tiles as ``sums`` has room for."""
    apart = layer[SLOPES] * LANES
    for k in range(0, layer[INPUTS], 4):
        s = sums
        for j in range(layer[OUTPUTS]):
            w = layer[WEIGHTS] + (j // 4 * layer[PADDED] + k) * 4 + j % 4
            s = add_input(s, p, w, 4, d, at + (layer[SLOPE] + j) * LANES, apart)
        scale(d, at + (before[SLOPE] + k) * LANES, apart, s, layer[INPUTS] - k)


@inner
def backward(p: Any, plan: Any, d: Any, size: int) -> None:
    """All deltas, from the last layer's to the first's; each takes the place of a slope."""
    like = lanes(p, LANES)
    slopes = plan[0, SLOPES]
    tiles = (size + LANES - 1) // LANES
    for i in range(plan.shape[0] - 1, 0, -1):
        for tile in range(0, tiles - 1, 2):
            unweigh(p, d, plan[i], plan[i - 1], tile * slopes * LANES, zeros(like, 8))
        if tiles % 2:
            unweigh(p, d, plan[i], plan[i - 1], (tiles - 1) * slopes * LANES, zeros(like, 4))


@inner
def derive(plan: Any, g: Any, h: Any, d: Any, size: int, fresh: bool) -> None:
    """The loss's derivatives by all weights: inputs times deltas, summed over rows; ``fresh`` begins a sum."""
    like = lanes(g, LANES)
    units, slopes = plan[0, UNITS] * LANES, plan[0, SLOPES] * LANES
    tiles = (size + LANES - 1) // LANES
    for i in range(plan.shape[0]):
        layer = plan[i]
        at = layer[WEIGHTS]
        for j in range(0, layer[OUTPUTS], 4):
            for k in range(0, layer[PADDED], LANES // 4):
                s = zeros(like, LANES)
                for tile in range(tiles):
                    s = add_across(s, h, tile * units + (layer[SOURCE] + k) * LANES, LANES,
                                   d, tile * slopes + (layer[SLOPE] + j) * LANES, LANES)  # fmt: skip
                block = totals(s)
                store(g, at, block if fresh else load(g, at, like) + block)
                at += LANES


@entry
def train_tiles(
    x: Table, y: Targets, weights: Given, order: Rows, masks: Given, batch: int, rate: float, steps: int,
    plan: Plan, p: Room, state: Room, decay: Given, g: Room, h: Room, d: Room,
) -> float:  # fmt: skip
    """One epoch of one member, its weights ``p`` and the optimiser's ``state`` changed in place; the summed loss.

    ``steps`` is how many steps the optimiser has made before. ``g``, ``h`` and ``d`` are room to work in.
    """
    rows = order.shape[0]
    loss = 0.0
    for start in range(0, rows, batch):
        stop = min(start + batch, rows)
        for first in range(start, stop, CHUNK * LANES):
            size = min(CHUNK * LANES, stop - first)
            gather(x, order, h, first, size, plan[0, UNITS])
            forward(p, plan, masks, h, d, first, size)
            loss += lose(y, weights, order, plan[-1], h, d, first, size, stop - start)
            backward(p, plan, d, size)
            derive(plan, g, h, d, size, first == start)
        steps += 1
        move(p, g, state, decay, 0, p.shape[0], rate, 1 - 0.9**steps, 1 - 0.999**steps)
    return loss
