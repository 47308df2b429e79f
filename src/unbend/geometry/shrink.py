"""`shrink`: merges or removes, without changing an output, neurons that never bend on a box or on a table's rows.

A neuron that stays on one affine piece computes an affine function. Where that is constant it goes into the next
bias; where a full layer is affine it merges into the next; otherwise affine neurons whose weights depend linearly on
those of others are expressed by them (Serra, Kumar & Ramalingam 2020, "Lossless compression of deep neural
networks", section 4), and where the next layer is narrower still, that many take their place.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from ..arrays import Array
from ..display import Displayed
from ..errors import BadInput
from ..network import Dense, Network
from ..words import say
from .activation_pieces import require_exact_pieces
from .bounds import Interval, activation_interval, linear_bounds
from .collapse import collapse
from .forward import activation_pattern, float64_output
from .mesh.cell_maps import cell_patterns
from .mesh.subdivision import subdivide
from .regions import Regions
from .shrink_rules import (
    LayerState,
    drop_affine_activation,
    express_dependent,
    merge_affine_layer,
    merge_duplicates,
    remove_constant,
    replace_affine,
)
from .slices import as_slice, input_box

TOUCHING = 1e-13  # relative to the terms of z: passing a kink by less is rounding
SAMPLES = 100_000  # random points of the box at which the outputs are compared


@dataclass(frozen=True, eq=False)
class Shrunk(Displayed):
    """A smaller network that answers the same, as :func:`unbend.shrink` returns it.

    Attributes
    ----------
    network : Network
        The smaller network.
    evidence : {"proved", "tested"}
        *proved* for a box, *tested* for rows.
    rows : int
        The number of rows; 0 for a box.
    before, after : tuple of int
        The layers' sizes, inputs first.
    multiplications_before, multiplications_after : int
        Products per row.
    largest : float
        The largest difference of the outputs at random points of the box, or at the rows: rounding alone.
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
        """How many hidden neurons were removed."""
        return sum(self.before[1:-1]) - sum(self.after[1:-1])

    @property
    def multiplications_saved(self) -> int:
        """How many products per row were removed."""
        return self.multiplications_before - self.multiplications_after

    def __repr__(self) -> str:
        sizes = " -> ".join("-".join(map(str, n)) for n in (self.before, self.after))
        return f"Shrunk({sizes}; {self.evidence}; {self.network!r})"

    def __str__(self) -> str:
        return say(f"geometry.shrunk_{self.evidence}", before="-".join(map(str, self.before)),
                   after="-".join(map(str, self.after)), neurons=self.neurons_saved,
                   products=f"{self.multiplications_saved:,}", rows=f"{self.rows:,}",
                   largest=f"{self.largest:.2g}")  # fmt: skip


def shrink(net: Network, box: Any = None, data: Any = None, seed: int = 0) -> Shrunk:
    """Shrink a network without changing its outputs on a box, or on given rows.

    Parameters
    ----------
    net : Network
        A network whose activations are piecewise affine.
    box : array-like of shape (inputs, 2), default [-1, 1] per input
        Where the outputs stay: exact by pieces for one or two inputs, by sound bounds above. The result is *proved*
        equal there, to float rounding.
    data : array-like of shape (n, inputs), optional
        Rows on which the outputs stay, instead of a box: *tested*; elsewhere they may differ.
    seed : int, default 0
        Seed of the points at which the outputs are compared.

    Returns
    -------
    Shrunk
        The smaller network and what was saved.

    Raises
    ------
    BadInput
        If both ``box`` and ``data`` are given.
    ModelError
        If an activation is curved.

    References
    ----------
    T. Serra, A. Kumar and S. Ramalingam, "Lossless compression of deep neural networks", CPAIOR 2020.

    Examples
    --------
    >>> import unbend as ub
    >>> net = ub.Network.from_arrays([([[1.0, 1.0]], [0.0, -9.0]), ([[1.0], [1.0]], [0.0])],
    ...                              activations=["relu", "identity"])
    >>> small = ub.shrink(net, box=[-1, 1])
    >>> small.before, small.after, small.evidence
    ((1, 2, 1), (1, 1, 1), 'proved')
    """
    if box is not None and data is not None:
        raise BadInput("geometry.box_or_data")
    require_exact_pieces(net)
    merged = collapse(Network._from([layer.dense for layer in net.layers], net.arrays, np.dtype(np.float64)))
    if data is not None:
        rows = net.rows(data).astype(np.float64)
        visited = _visited_by_rows(merged, rows)
        domain = np.stack([rows.min(axis=0), rows.max(axis=0)], axis=1)
    else:
        domain = input_box(net.inputs, box)
        visited = _visited_on_box(merged, domain)
        rows = np.random.default_rng(seed).uniform(domain[:, 0], domain[:, 1], (SAMPLES, net.inputs))
    layers = [
        LayerState(
            W=layer.W,
            b=layer.b,
            activation=layer.activation,
            pieces=f,
            visited=pieces,
        )
        for layer, f, pieces in zip(merged.layers, require_exact_pieces(merged), visited, strict=True)
    ]
    layers[-1] = drop_affine_activation(layers[-1])
    small = _build(_apply_rules(layers, domain), net.dtype)
    difference = np.abs(float64_output(net, rows) - float64_output(small, rows))
    return Shrunk(
        network=small,
        evidence="proved" if data is None else "tested",
        rows=0 if data is None else len(rows),
        before=_sizes(net),
        after=_sizes(small),
        multiplications_before=_multiplications(net),
        multiplications_after=_multiplications(small),
        largest=float(difference.max()),
    )


def _apply_rules(layers: list[LayerState], box: Array) -> list[LayerState]:
    """All rules, layer by layer, until none applies."""
    while True:
        shapes = [layer.W.shape for layer in layers]
        for i in range(len(layers) - 1):
            layer, after = layers[i], layers[i + 1]
            for rule in (remove_constant, merge_duplicates, express_dependent):
                layer, after = rule(layer, after)
            layers[i], layers[i + 1] = replace_affine(layer, after, layers[:i], box)
        i = 0
        while i + 1 < len(layers):
            if layers[i].all_affine:
                layers[i : i + 2] = [merge_affine_layer(layers[i], layers[i + 1])]
            else:
                i += 1
        if [layer.W.shape for layer in layers] == shapes:
            return layers


def _build(layers: list[LayerState], dtype: Any) -> Network:
    dense = [Dense(layer.W.shape[0], layer.W.shape[1], layer.activation) for layer in layers]
    return Network._from(dense, [(layer.W, layer.b) for layer in layers], dtype)


def _visited_on_box(net: Network, box: Array) -> list[Array]:
    """(neurons, pieces) per layer: the affine pieces a neuron may be on somewhere in the box.

    Bounds count beside the cells of the subdivision: where z touches a kink on a full cell, as ReLU of a value that
    is at least 0 does, the cell is assigned to the lower piece, although the neuron bends nowhere.
    """
    reachable = _reachable_pieces(net, linear_bounds(net, box).z)
    if net.inputs > 2:
        return reachable
    domain = as_slice(net.inputs, box, None)
    subdivision = subdivide([net], domain)
    visited = _intersection(_visited_by_patterns(net, cell_patterns(subdivision)), reachable)
    if any(any(f.jumps) for f in require_exact_pieces(net)):
        return visited
    # every z is affine on every cell, so it is lowest and highest at vertices
    at_vertices = _preactivation_ranges(net, domain.points(Regions(net, subdivision).vertices))
    return _intersection(visited, _reachable_pieces(net, at_vertices))


def _visited_by_rows(net: Network, rows: Array) -> list[Array]:
    """(neurons, pieces) per layer: the affine pieces a neuron is on for these rows."""
    visited = _visited_by_patterns(net, activation_pattern(net, rows))
    return _intersection(visited, _reachable_pieces(net, _preactivation_ranges(net, rows)))


def _intersection(visited: list[Array], reachable: list[Array]) -> list[Array]:
    """The pieces in both; a neuron that has none keeps the first ones."""
    both = [v & r for v, r in zip(visited, reachable, strict=True)]
    return [np.where(b.any(axis=1, keepdims=True), b, v) for b, v in zip(both, visited, strict=True)]


def _preactivation_ranges(net: Network, x: Array) -> list[Interval]:
    """Each layer's lowest and highest z over the rows x."""
    ranges, h = [], x
    for layer in net.layers:
        z = h @ layer.W.astype(np.float64) + layer.b
        ranges.append(Interval(z.min(axis=0), z.max(axis=0)))
        h = layer.activation(z)
    return ranges


def _reachable_pieces(net: Network, zs: Sequence[Interval]) -> list[Array]:
    """(neurons, pieces) per layer: the pieces that z reaches within its bounds.

    A neuron that only touches a kink, or passes it by no more than rounding, does not bend, unless it jumps there.
    """
    reachable: list[Array] = []
    size: Array | None = None
    for layer, f, z in zip(net.layers, require_exact_pieces(net), zs, strict=True):
        terms = z.size if size is None else size @ np.abs(layer.W) + np.abs(layer.b)
        margin: Array = np.asarray(TOUCHING * np.maximum(terms, z.size))
        pieces = np.ones((len(z.low), len(f.lines)), dtype=bool)
        for k, kink in enumerate(map(float, f.breaks)):
            slack = -margin if f.jumps[k] else margin
            pieces[:, : k + 1] &= (z.low < kink - slack)[:, None]
            pieces[:, k + 1 :] &= (z.high > kink + slack)[:, None]
        nowhere = np.flatnonzero(~pieces.any(axis=1))  # z stays at a kink: the piece below it
        for j in nowhere:
            pieces[j, sum(float(kink) < z.low[j] - 2 * margin[j] for kink in f.breaks)] = True
        reachable.append(pieces)
        size = activation_interval(f, z).size
    return reachable


def _visited_by_patterns(net: Network, patterns: Array) -> list[Array]:
    """(neurons, pieces) per layer, from activation patterns (n, neurons of the layers with kinks)."""
    visited, first = [], 0
    for layer, f in zip(net.layers, require_exact_pieces(net), strict=True):
        count = len(f.lines)
        if count == 1:
            visited.append(np.ones((layer.outputs, 1), dtype=bool))
            continue
        own = patterns[:, first : first + layer.outputs]
        visited.append(np.stack([(own == k).any(axis=0) for k in range(count)], axis=1))
        first += layer.outputs
    return visited


def _sizes(net: Network) -> tuple[int, ...]:
    return net.inputs, *(layer.outputs for layer in net.layers)


def _multiplications(net: Network) -> int:
    return sum(layer.W.size for layer in net.layers)
