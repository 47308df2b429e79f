"""Forward in float64 with the straight part each neuron is on."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..arrays import Array
from ..network import Network
from .pieces import need_pieces
from .piecewise import Piecewise


def piece_of(f: Piecewise, z: Array) -> Array:
    """The number of the piece each z lies on, uint8. At a kink: the lower one, or that whose value counts there."""
    number = np.zeros(z.shape, dtype=np.uint8)
    for k, kink in enumerate(f.breaks):
        upper = f.jumps[k] and f.at[k] == f.limits(k)[1]
        number += (z >= float(kink)) if upper else (z > float(kink))
    return number


def apply_pieces(f: Piecewise, z: Array, number: Array) -> Array:
    """slope*z + intercept of the given pieces."""
    slopes = np.array([float(s) for s, _ in f.lines])
    heights = np.array([float(t) for _, t in f.lines])
    result: Array = slopes[number] * z + heights[number]
    return result


def piece_numbers(net: Network, x: Any, planes: bool = False) -> Array:
    """(n, neurons) uint8: the piece of every neuron of the layers that bend, for rows x (n, inputs), in float64.

    With ``planes`` a function of more than two pieces takes one 0/1 column per kink.
    """
    h = np.asarray(x, dtype=np.float64)
    columns: list[Array] = []
    for layer, f in zip(net.layers, need_pieces(net), strict=True):
        z = h @ layer.W.astype(np.float64) + layer.b
        number = piece_of(f, z)
        if f.breaks:
            columns += [number > k for k in range(len(f.breaks))] if planes else [number]
        h = apply_pieces(f, z, number)
    return np.concatenate(columns, axis=1) if columns else np.zeros((len(h), 0), dtype=np.uint8)
