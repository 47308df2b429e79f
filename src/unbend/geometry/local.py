"""`local_map`, `explain`: the affine map a network is around a point, and each column's contribution to one output."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..arrays import Array
from ..display import Displayed
from ..errors import ShapeError
from ..network import Network
from .activation_pieces import exact_pieces
from .forward import evaluate_pieces, piece_index


@dataclass(frozen=True)
class Bend:
    """The neuron that bends nearest to a point.

    Attributes
    ----------
    layer, neuron : int
        Its layer, and its number there, both from 0.
    kink : float
        The kink of its activation.
    """

    layer: int
    neuron: int
    kink: float


@dataclass(frozen=True, eq=False)
class LocalMap(Displayed):
    """The affine map of a network around a point, as :func:`unbend.local_map` returns it.

    net(x) == A x + c for every x within ``distance`` of the point. Calling it with rows (n, inputs), or one row,
    evaluates A x + c.

    Attributes
    ----------
    x : ndarray of shape (inputs,)
        The point.
    A : ndarray of shape (outputs, inputs)
        The slope, float64.
    c : ndarray of shape (outputs,)
        The constant, float64.
    pattern : tuple of ndarray of uint8, or None
        Per layer, the affine piece each neuron is on, counted from the lowest.
    distance : float
        The Euclidean distance to the nearest point where a neuron bends; inf where none bends. On a bend it is 0 and
        the map is that of the lower piece.
    neuron : Bend or None
        That neuron; None where none bends.
    exact : bool
        False for a network with a curved activation: A x + c is then its tangent map, right at the point alone, and
        ``pattern``, ``distance`` and ``neuron`` are None, 0 and None.
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

    def __repr__(self) -> str:
        outputs, inputs = self.A.shape
        holds = "tangent" if not self.exact else f"exact within {self.distance:.4g}"
        return f"LocalMap({inputs} inputs -> {outputs} outputs; {holds})"


def local_map(net: Network, x: Any) -> LocalMap:
    """Find the affine map of a network around one row, in float64 from the weights as they are.

    The slope is the product of the weights with the active slopes between them (chain rule). A neuron's z is affine
    on the piece, so its bend lies at |z - kink| / |grad z| from x, and the nearest of all bounds the piece.

    Parameters
    ----------
    net : Network
        Any network; with a curved activation the result is its tangent map.
    x : array-like of shape (inputs,)
        The row.

    Returns
    -------
    LocalMap
        A and c with net(x) == A x + c, and how far the map holds.

    Raises
    ------
    ShapeError
        If ``x`` is not one row of finite numbers.

    Examples
    --------
    >>> import unbend as ub
    >>> net = ub.Network.from_arrays([([[2.0], [0.0]], [-1.0]), ([[3.0]], [0.5])], activations=["relu", "identity"])
    >>> local = ub.local_map(net, [2.0, 0.0])
    >>> local.A, local.c, local.distance
    (array([[6., 0.]]), array([-2.5]), 1.5)
    """
    point = as_row(net, x)
    h, slope = point, np.eye(net.inputs)  # slope (inputs, neurons): dh/dx
    pattern: list[Array] = []
    distance, nearest = np.inf, None
    exact = True
    for i, layer in enumerate(net.layers):
        W = layer.W.astype(np.float64, copy=False)
        z, slope = h @ W + layer.b, slope @ W
        f = exact_pieces(layer.activation)
        if f is None:
            exact = False
            h, derivative = layer.activation.value_and_slope(z)
            slope = slope * derivative
            continue
        for kink in map(float, f.breaks):
            gap, steepness = np.abs(z - kink), np.linalg.norm(slope, axis=0)
            with np.errstate(divide="ignore", invalid="ignore"):
                far = np.where(steepness > 0, gap / steepness, np.inf)
            if far.size and far.min() < distance:
                distance = float(far.min())
                nearest = Bend(i, int(far.argmin()), kink)
        index = piece_index(f, z)
        pattern.append(index)
        h, slope = evaluate_pieces(f, z, index), slope * np.array([float(s) for s, _ in f.lines])[index]
    A = np.ascontiguousarray(slope.T)
    return LocalMap(
        x=point,
        A=A,
        c=h - A @ point,
        pattern=tuple(pattern) if exact else None,
        distance=distance if exact else 0.0,
        neuron=nearest if exact else None,
        exact=exact,
    )


@dataclass(frozen=True, eq=False)
class Explanation(Displayed):
    """One output decomposed by columns, as :func:`unbend.explain` returns it: output = base + sum of shares, exactly.

    Attributes
    ----------
    columns : tuple of str
        The columns' names.
    row, reference : ndarray of shape (inputs,)
        The row explained, and the row its shares are measured from.
    shares : ndarray of shape (inputs, outputs)
        A's column times the difference between row and reference.
    base : ndarray of shape (outputs,)
        The local map's value at the reference.
    output : ndarray of shape (outputs,)
        The network's output for the row.
    local : LocalMap
        The map itself.
    """

    columns: tuple[str, ...]
    row: Array
    reference: Array
    shares: Array
    base: Array
    output: Array
    local: LocalMap

    def __repr__(self) -> str:
        order = np.argsort(-np.abs(self.shares).max(axis=1), kind="stable")[:6]
        shares = ", ".join(f"{self.columns[i]} {_compact(self.shares[i])}" for i in order)
        more = ", …" if len(self.columns) > 6 else ""
        return f"Explanation({_compact(self.output)} = base {_compact(self.base)}; {shares}{more})"


def explain(net: Network, x: Any, columns: Sequence[str] | None = None, reference: Any = None) -> Explanation:
    """Decompose the output for one row into each column's exact share, from the local map y = A x + c.

    Parameters
    ----------
    net : Network
        Any network; with a curved activation the shares come from its tangent map.
    x : array-like of shape (inputs,)
        The row.
    columns : sequence of str, optional
        The columns' names; by default x1, x2, ….
    reference : array-like of shape (inputs,), default zeros
        The row shares are measured from, such as the columns' means.

    Returns
    -------
    Explanation
        Shares, base and output.

    Raises
    ------
    ShapeError
        If a row is not one row of finite numbers, or there is not one name per column.

    Examples
    --------
    >>> import unbend as ub
    >>> net = ub.Network.from_arrays([([[2.0], [0.0]], [-1.0]), ([[3.0]], [0.5])], activations=["relu", "identity"])
    >>> found = ub.explain(net, [2.0, 0.0], columns=["age", "height"])
    >>> found.base, found.shares[:, 0], found.output
    (array([-2.5]), array([12.,  0.]), array([9.5]))
    """
    local = local_map(net, x)
    names = tuple(columns) if columns is not None else tuple(f"x{i + 1}" for i in range(net.inputs))
    if len(names) != net.inputs:
        raise ShapeError("geometry.column_names", inputs=net.inputs, got=len(names))
    start = np.zeros(net.inputs) if reference is None else as_row(net, reference)
    shares = (local.A * (local.x - start)).T
    base = local.A @ start + local.c
    return Explanation(
        columns=names,
        row=local.x,
        reference=start,
        shares=shares,
        base=base,
        output=base + shares.sum(axis=0),
        local=local,
    )


def _compact(values: Array) -> str:
    """One number, or several in brackets, to four digits."""
    texts = [f"{v:.4g}" for v in values]
    return texts[0] if len(texts) == 1 else f"[{', '.join(texts)}]"


def as_row(net: Network, x: Any) -> Array:
    """x as one row (inputs,) of finite float64 numbers; raises ``ShapeError``."""
    row = np.asarray(net.rows(x)[0] if np.ndim(x) == 2 and len(x) == 1 else x)
    if row.ndim != 1 or row.shape != (net.inputs,) or row.dtype.kind not in "fiub":
        raise ShapeError("geometry.one_row", inputs=net.inputs, got=np.shape(x))
    if not np.isfinite(row).all():
        raise ShapeError("geometry.row_not_finite", got=row.tolist())
    return row.astype(np.float64)
