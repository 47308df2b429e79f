"""Lossless shrinking: neurons that never bend on a box, or on the rows of a table, are merged or removed.

A neuron that stays on one affine piece computes an affine function. Where that is constant it goes into the next
bias; where a full layer is affine it merges into the next; otherwise affine neurons whose weights depend linearly on
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
from .activation_pieces import require_exact_pieces
from .bounds import linear_bounds
from .forward import activation_pattern, float64_output
from .mesh.cell_maps import cell_patterns
from .mesh.subdivision import subdivide
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

SAMPLES = 100_000  # random points of the box at which the outputs are compared


@dataclass(frozen=True, eq=False)
class Shrunk:
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
    functions = require_exact_pieces(net)
    if data is not None:
        rows = net.rows(data).astype(np.float64)
        visited = _visited_by_patterns(net, activation_pattern(net, rows))
        domain = np.stack([rows.min(axis=0), rows.max(axis=0)], axis=1)
    else:
        domain = input_box(net.inputs, box)
        visited = _visited_on_box(net, domain)
        rows = np.random.default_rng(seed).uniform(domain[:, 0], domain[:, 1], (SAMPLES, net.inputs))
    layers = [
        LayerState(
            W=layer.W.astype(np.float64),
            b=layer.b.astype(np.float64),
            activation=layer.activation,
            pieces=f,
            visited=pieces,
        )
        for layer, f, pieces in zip(net.layers, functions, visited, strict=True)
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
    """(neurons, pieces) per layer: the affine pieces a neuron may be on somewhere in the box."""
    if net.inputs <= 2:
        return _visited_by_patterns(net, cell_patterns(subdivide([net], as_slice(net.inputs, box, None))))
    visited = []
    for f, z in zip(require_exact_pieces(net), linear_bounds(net, box).z, strict=True):
        ends = [-np.inf, *(float(b) for b in f.breaks), np.inf]
        pieces = np.stack([(z.high >= ends[k]) & (z.low <= ends[k + 1]) for k in range(len(f.lines))], axis=1)
        if not any(f.jumps):  # a neuron that only touches a kink does not bend
            for k in range(len(f.lines) - 1):
                pieces[z.low >= ends[k + 1], k] = False
                pieces[z.high <= ends[k + 1], k + 1] = False
        visited.append(pieces)
    return visited


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
