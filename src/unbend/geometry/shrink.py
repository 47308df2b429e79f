"""Lossless shrinking: neurons that never bend on a box, or on the rows of a table, are merged or removed.

A neuron that stays on one straight part computes an affine function. Where that is constant it goes into the next
bias; where a whole layer is affine it merges into the next; otherwise affine neurons whose weights depend linearly on
those of others are expressed by them (Serra, Kumar & Ramalingam 2020, "Lossless compression of deep neural
networks", section 4), and where the next layer is narrower still, that many take their place.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from ..arrays import Array
from ..errors import BadInput
from ..network import Dense, Network
from ..words import say
from .bounds import linear_bounds
from .maps import patterns
from .pieces import need_pieces, pieces
from .plane import as_box, as_slice
from .ranges import float64_values
from .rewrite import (
    Part,
    dependent,
    drop_constant,
    drop_twins,
    few_for_many,
    identity_where_straight,
    merge_straight,
)
from .subdivide import subdivide
from .trace import piece_numbers

POINTS = 100_000


@dataclass(frozen=True, eq=False)
class Shrunk:
    """The smaller ``network`` and what was saved. ``evidence`` is *proved* for a box and *tested* for ``rows`` rows.

    ``before`` and ``after`` are the layers' sizes, inputs first; ``largest`` is the largest difference of the
    outputs at random points of the box, or at the rows: rounding, when nothing went wrong.
    """

    network: Network
    evidence: Literal["proved", "tested"]
    rows: int
    before: tuple[int, ...]
    after: tuple[int, ...]
    multiplications_before: int
    multiplications_after: int
    largest: float

    @property
    def neurons_saved(self) -> int:
        """How many hidden neurons are gone."""
        return sum(self.before[1:-1]) - sum(self.after[1:-1])

    @property
    def multiplications_saved(self) -> int:
        """How many products one row no longer needs."""
        return self.multiplications_before - self.multiplications_after

    def __str__(self) -> str:
        return say(f"geometry.shrunk_{self.evidence}", before="-".join(map(str, self.before)),
                   after="-".join(map(str, self.after)), neurons=self.neurons_saved,
                   products=f"{self.multiplications_saved:,}", rows=f"{self.rows:,}",
                   largest=f"{self.largest:.2g}")  # fmt: skip


def shrink(net: Network, box: Any = None, data: Any = None, seed: int = 0) -> Shrunk:
    """The smallest network the rules above lead to that answers the same on ``box`` or on the rows of ``data``.

    ``box`` (inputs, 2): exact by pieces for one or two inputs, by sound bounds above; the result is *proved* equal on
    it, to float rounding. ``data`` (n, inputs): equal on these rows, *tested*; elsewhere it may differ. Without
    either, the box is [-1, 1] per input. Raises ``BadInput`` for both, ``ModelError`` for curved activations.
    """
    if box is not None and data is not None:
        raise BadInput("geometry.box_or_data")
    need_pieces(net)
    if data is not None:
        rows = net.rows(data).astype(np.float64)
        visited = _on_rows(net, rows)
        reach = np.stack([rows.min(axis=0), rows.max(axis=0)], axis=1)
    else:
        reach = as_box([[-1, 1]] * net.inputs if box is None else box, net.inputs)
        visited = _on_box(net, reach)
        rows = np.random.default_rng(seed).uniform(reach[:, 0], reach[:, 1], (POINTS, net.inputs))
    parts = [Part(layer.W.astype(np.float64), layer.b.astype(np.float64), layer.activation, f, seen)
             for layer, f, seen in zip(net.layers, need_pieces(net), visited, strict=True)]  # fmt: skip
    parts[-1] = identity_where_straight(parts[-1])
    small = _build(_rewritten(parts, reach), net.dtype)
    apart = np.abs(float64_values(net, rows) - float64_values(small, rows))
    return Shrunk(small, "proved" if data is None else "tested", 0 if data is None else len(rows), _sizes(net),
                  _sizes(small), _products(net), _products(small), float(apart.max()))  # fmt: skip


def _rewritten(parts: list[Part], reach: Array) -> list[Part]:
    """All rules, layer by layer, until none applies."""
    while True:
        before = [p.W.shape for p in parts]
        for i in range(len(parts) - 1):
            here, after = parts[i], parts[i + 1]
            for rule in (drop_constant, drop_twins, dependent):
                here, after = rule(here, after)
            parts[i], parts[i + 1] = few_for_many(here, after, parts[:i], reach)
        i = 0
        while i + 1 < len(parts):
            if parts[i].straight:
                parts[i : i + 2] = [merge_straight(parts[i], parts[i + 1])]
            else:
                i += 1
        if [p.W.shape for p in parts] == before:
            return parts


def _build(parts: list[Part], dtype: Any) -> Network:
    dense = [Dense(p.W.shape[0], p.W.shape[1], p.activation) for p in parts]
    return Network._from(dense, [(p.W, p.b) for p in parts], dtype)


def _on_box(net: Network, box: Array) -> list[Array]:
    """(neurons, pieces) per layer: which straight parts may be visited on the box."""
    if net.inputs <= 2:
        numbers = patterns(subdivide([net], as_slice(net.inputs, box, None)))
        return _seen(net, numbers)
    seen = []
    for f, z in zip(need_pieces(net), linear_bounds(net, box).z, strict=True):
        ends = [-np.inf, *(float(b) for b in f.breaks), np.inf]
        seen.append(np.stack([(z.high >= ends[k]) & (z.low <= ends[k + 1]) for k in range(len(f.lines))], axis=1))
        if not any(f.jumps):  # only touching a kink is not bending
            for k in range(len(f.lines) - 1):
                touching = z.low >= ends[k + 1]
                seen[-1][touching, k] = False
                seen[-1][z.high <= ends[k + 1], k + 1] = False
    return seen


def _on_rows(net: Network, rows: Array) -> list[Array]:
    return _seen(net, piece_numbers(net, rows))


def _seen(net: Network, numbers: Array) -> list[Array]:
    """From piece numbers (n, neurons of the layers with kinks) to (neurons, pieces) per layer."""
    seen, first = [], 0
    for layer in net.layers:
        f = pieces(layer.activation)
        assert f is not None
        many = len(f.lines)
        if many == 1:
            seen.append(np.ones((layer.outputs, 1), dtype=bool))
            continue
        own = numbers[:, first : first + layer.outputs]
        seen.append(np.stack([(own == k).any(axis=0) for k in range(many)], axis=1))
        first += layer.outputs
    return seen


def _sizes(net: Network) -> tuple[int, ...]:
    return net.inputs, *(layer.outputs for layer in net.layers)


def _products(net: Network) -> int:
    return sum(layer.W.size for layer in net.layers)
