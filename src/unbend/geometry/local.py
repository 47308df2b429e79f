"""The affine map a network is around a point, and what each column contributes to one answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..arrays import Array
from ..errors import ShapeError
from ..network import Network
from .pieces import pieces
from .trace import piece_of


@dataclass(frozen=True)
class Bend:
    """The neuron that bends nearest: ``layer`` and ``neuron`` from 0, and the ``kink`` of its activation."""

    layer: int
    neuron: int
    kink: float


@dataclass(frozen=True, eq=False)
class LocalMap:
    """net(x) == A x + c for every x within ``distance`` of the point; A (outputs, inputs), c (outputs,), float64.

    ``pattern`` has one uint8 array per layer: which straight part each neuron is on, counted from the lowest.
    ``distance`` is the Euclidean one to the nearest place where a neuron bends, ``neuron`` that neuron; inf and None
    where none bends. On a bend the distance is 0 and the map is that of the lower part. ``exact`` is False for a
    network with a curved activation: then A x + c is its tangent map, right at the point alone, and the last three
    are None, 0 and None.
    """

    x: Array
    A: Array
    c: Array
    pattern: tuple[Array, ...] | None
    distance: float
    neuron: Bend | None
    exact: bool

    def __call__(self, x: Any) -> Array:
        """A x + c: (n, inputs) -> (n, outputs), or one row."""
        result: Array = np.asarray(x, dtype=np.float64) @ self.A.T + self.c
        return result


def local_map(net: Network, x: Any) -> LocalMap:
    """The affine map of ``net`` around one row x (inputs,), computed in float64 from the weights as they are.

    The slope is the product of the weights with the active slopes between them (chain rule). A neuron's z is affine
    on the piece, so its bend lies at |z - kink| / |grad z| from x, and the nearest of all bounds the piece. Raises
    ``ShapeError`` where x is no row.
    """
    point = one_row(net, x)
    h, slope = point, np.eye(net.inputs)  # slope (inputs, neurons): dh/dx
    pattern: list[Array] = []
    distance, nearest = np.inf, None
    exact = True
    for i, layer in enumerate(net.layers):
        W = layer.W.astype(np.float64)
        z, slope = h @ W + layer.b, slope @ W
        f = pieces(layer.activation)
        if f is None:
            exact = False
            h, steep = layer.activation.value_and_slope(z)
            slope = slope * steep
            continue
        number = piece_of(f, z)
        for kink in map(float, f.breaks):
            gap, steepness = np.abs(z - kink), np.linalg.norm(slope, axis=0)
            with np.errstate(divide="ignore", invalid="ignore"):
                far = np.where(steepness > 0, gap / steepness, np.inf)
            if far.size and far.min() < distance:
                distance = float(far.min())
                nearest = Bend(i, int(far.argmin()), kink)
        pattern.append(number)
        slopes, heights = (np.array([float(line[k]) for line in f.lines]) for k in (0, 1))
        h, slope = slopes[number] * z + heights[number], slope * slopes[number]
    A = np.ascontiguousarray(slope.T)
    if not exact:
        return LocalMap(point, A, h - A @ point, None, 0.0, None, False)
    return LocalMap(point, A, h - A @ point, tuple(pattern), distance, nearest, True)


@dataclass(frozen=True, eq=False)
class Explanation:
    """One answer taken apart: ``output`` = ``base`` + the sum of ``shares`` over the columns, exactly.

    ``shares`` (inputs, outputs): A's column times how far the row is from the reference; ``base`` (outputs,): the
    local map's value at the reference row (by default all zeros). ``local`` is the map itself.
    """

    columns: tuple[str, ...]
    row: Array
    reference: Array
    shares: Array
    base: Array
    output: Array
    local: LocalMap


def explain(net: Network, x: Any, columns: Sequence[str] | None = None, reference: Any = None) -> Explanation:
    """Each column's exact share of the output for one row, from the local map: y = A x + c.

    ``reference`` is the row shares are measured from, such as the columns' means. Raises ``ShapeError``.
    """
    local = local_map(net, x)
    names = tuple(columns) if columns is not None else tuple(f"x{i + 1}" for i in range(net.inputs))
    if len(names) != net.inputs:
        raise ShapeError("geometry.column_names", inputs=net.inputs, got=len(names))
    start = np.zeros(net.inputs) if reference is None else one_row(net, reference)
    shares = (local.A * (local.x - start)).T
    base = local.A @ start + local.c
    return Explanation(names, local.x, start, shares, base, base + shares.sum(axis=0), local)


def one_row(net: Network, x: Any) -> Array:
    """x as one row (inputs,) of finite float64 numbers."""
    row = np.asarray(net.rows(x)[0] if np.ndim(x) == 2 and len(x) == 1 else x)
    if row.ndim != 1 or row.shape != (net.inputs,) or row.dtype.kind not in "fiub":
        raise ShapeError("geometry.one_row", inputs=net.inputs, got=np.shape(x))
    if not np.isfinite(row).all():
        raise ShapeError("geometry.row_not_finite", got=row.tolist())
    return row.astype(np.float64)
