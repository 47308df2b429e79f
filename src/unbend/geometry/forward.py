"""Forward passes in float64: a network's outputs, and its activation pattern (each neuron's affine piece)."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..arrays import Array
from ..network import Network
from .activation_pieces import require_exact_pieces
from .piecewise_affine import PiecewiseAffine


def float64_output(net: Network, x: Array) -> Array:
    """The outputs (n, outputs) for rows x (n, inputs), in float64 whatever the network's dtype."""
    h: Array = x
    for layer in net.layers:
        h = layer.activation(h @ layer.W.astype(np.float64) + layer.b)
    return h


def piece_index(f: PiecewiseAffine, z: Array) -> Array:
    """The index of the piece each z lies on, uint8. At a kink: the lower piece, or that whose value f takes there."""
    index = np.zeros(z.shape, dtype=np.uint8)
    for k, kink in enumerate(f.breaks):
        takes_upper = f.jumps[k] and f.at[k] == f.limits(k)[1]
        index += (z >= float(kink)) if takes_upper else (z > float(kink))
    return index


def evaluate_pieces(f: PiecewiseAffine, z: Array, index: Array) -> Array:
    """slope*z + intercept of the pieces with the given indices."""
    slopes = np.array([float(s) for s, _ in f.lines])
    intercepts = np.array([float(t) for _, t in f.lines])
    result: Array = slopes[index] * z + intercepts[index]
    return result


def activation_pattern(net: Network, x: Any, *, per_kink: bool = False) -> Array:
    """(n, neurons) uint8: the piece of every neuron of the layers that bend, for rows x (n, inputs), in float64.

    With ``per_kink`` a function of more than two pieces takes one 0/1 column per kink.
    """
    h = np.asarray(x, dtype=np.float64)
    columns: list[Array] = []
    for layer, f in zip(net.layers, require_exact_pieces(net), strict=True):
        z = h @ layer.W.astype(np.float64) + layer.b
        index = piece_index(f, z)
        if f.breaks:
            columns += [index > k for k in range(len(f.breaks))] if per_kink else [index]
        h = evaluate_pieces(f, z, index)
    return np.concatenate(columns, axis=1) if columns else np.zeros((len(h), 0), dtype=np.uint8)
