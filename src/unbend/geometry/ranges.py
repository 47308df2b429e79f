"""`output_range`: the lowest and highest output over a box, exact by pieces or bounded by branch and bound."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..arrays import Array
from ..display import Displayed
from ..network import Network
from ..words import say
from .bounds import linear_bounds
from .bounds.batch_relaxation import JointNetwork
from .branch_and_bound import Maximum, Stopped, WorkLimit, maximum, positive_seconds, worst
from .forward import float64_output
from .local_search import random_values
from .mesh.subdivision import subdivide
from .regions import Regions
from .slices import Slice, as_slice, input_box

ROUNDING = 1e-12  # relative to the outputs: a gap that counts as none


@dataclass(frozen=True, eq=False)
class OutputRange(Displayed):
    """The range of a network's outputs over a box, as :func:`unbend.output_range` returns it.

    Attributes
    ----------
    low, high : ndarray of shape (outputs,)
        Where ``exact``, the minimum and maximum (where the network jumps, their limits); else sound bounds: the true
        minimum and maximum lie between them and ``attained_low``, ``attained_high``.
    low_at, high_at : ndarray of shape (outputs, inputs)
        Points where ``attained_low`` and ``attained_high`` are attained.
    attained_low, attained_high : ndarray of shape (outputs,)
        The network's values there.
    exact : bool
        Whether ``low`` and ``high`` are the minimum and maximum: to float rounding with one or two coordinates, to
        nine digits with more.
    stopped : {"closed", "work", "time"}
        Why the search ended: the bounds met, or its work or its processor time was used up. Results that ended by
        "time" depend on the machine.
    """

    low: Array
    high: Array
    low_at: Array
    high_at: Array
    attained_low: Array
    attained_high: Array
    exact: bool
    stopped: Stopped = "closed"

    @property
    def gap(self) -> Array:
        """(outputs, 2): how far the bounds ``low`` and ``high`` may be from the minimum and the maximum."""
        return np.stack([self.attained_low - self.low, self.high - self.attained_high], axis=1)

    def __str__(self) -> str:
        lines = []
        for k in range(len(self.low)):
            low, high = f"{self.attained_low[k]:.6g}", f"{self.attained_high[k]:.6g}"
            if self.exact:
                lines.append(say("geometry.range_exact", output=k + 1, low=low, high=high))
                continue
            lines.append(
                say("geometry.range_between", output=k + 1, low=low, high=high, low_bound=f"{self.low[k]:.6g}",
                    high_bound=f"{self.high[k]:.6g}", gap=f"{self.gap[k].max():.3g}")
            )  # fmt: skip
        return "\n".join([*lines, *([] if self.exact else [say(f"geometry.stopped_{self.stopped}")])])

    def __repr__(self) -> str:
        ends = ", ".join(f"[{low:.6g}, {high:.6g}]" for low, high in zip(self.low[:6], self.high[:6], strict=True))
        more = ", …" if len(self.low) > 6 else ""
        return f"OutputRange({ends}{more}; {'exact' if self.exact else 'bounds'})"


def output_range(
    net: Network, box: Any = None, plane: Sequence[Any] | None = None, seed: int = 0, seconds: float = 2.0
) -> OutputRange:
    """Find the range of each output over a box of the inputs, or over a slice of them.

    With one or two coordinates the range is exact: an affine function on a polygon is lowest and highest at vertices.
    With more, branch and bound narrows it: bounds by linear relaxation on parts of the box, and values by local ascent
    from the best of 100,000 random points. What remains between the two is ``gap``.

    Parameters
    ----------
    net : Network
        A network whose activations are piecewise affine.
    box : array-like of shape (dimensions, 2), default [-1, 1] per coordinate
        One interval per coordinate.
    plane : tuple, optional
        The slice, as in :func:`unbend.regions`.
    seed : int, default 0
        Seed of the random points.
    seconds : float, default 2
        With more than two coordinates, about how long the search may take. It stands for an amount of work, so that
        the result is the same on every machine that is fast enough; processor time is a limit only if it runs out
        first (``stopped``).

    Returns
    -------
    OutputRange
        Bounds, the points where values are attained, and whether the bounds are exact.

    Raises
    ------
    ModelError
        If an activation is curved.
    ShapeError
        If the box or the plane does not fit.

    References
    ----------
    H. Zhang et al., "Efficient neural network robustness certification with general activation functions" (CROWN),
    NeurIPS 2018.

    Examples
    --------
    >>> import unbend as ub
    >>> net = ub.Network.from_arrays([([[1.0, -1.0]], [0.0, 0.0]), ([[1.0], [1.0]], [0.0])],
    ...                              activations=["relu", "identity"])
    >>> found = ub.output_range(net, box=[-1, 2])
    >>> found.low, found.high, found.exact
    (array([0.]), array([2.]), True)
    """
    if plane is None and net.inputs > 2:
        return _by_branch_and_bound(net, input_box(net.inputs, box), seed, positive_seconds(seconds))
    pieces = Regions(net, subdivide([net], as_slice(net.inputs, box, plane)))
    values, vertex = vertex_values(pieces, pieces.maps.A, pieces.maps.c)
    low, high = values.min(axis=0), values.max(axis=0)
    return OutputRange(
        low=low,
        high=high,
        low_at=_input_points(pieces.slice, pieces.vertices[vertex[values.argmin(axis=0)]]),
        high_at=_input_points(pieces.slice, pieces.vertices[vertex[values.argmax(axis=0)]]),
        attained_low=low,
        attained_high=high,
        exact=True,
    )


def vertex_values(pieces: Regions, A: Array, c: Array) -> tuple[Array, Array]:
    """The values of maps A, c at every corner of every piece, (corners, outputs), and the corners' vertices."""
    corners = pieces.corners
    vertex = np.concatenate(corners)
    piece = np.repeat(np.arange(len(corners)), [len(k) for k in corners])
    values = c[piece]
    for d in range(pieces.slice.dimensions):
        values = values + A[piece, :, d] * pieces.vertices[vertex, d : d + 1]
    return values, vertex


def _input_points(domain: Slice, uv: Array) -> Array:
    """Input points of vertices, clipped to the box."""
    return domain.points(np.clip(uv, domain.box[:, 0], domain.box[:, 1]))


def _by_branch_and_bound(net: Network, box: Array, seed: int, seconds: float) -> OutputRange:
    """Each end of each output by a search of its own; they share the work."""
    root = linear_bounds(net, box).output
    signs = np.vstack([-np.eye(net.outputs), np.eye(net.outputs)])  # minus the lowest, then the highest
    joint = JointNetwork.of([net], signs)
    x, values = random_values(joint, box, seed)
    limit = WorkLimit(seconds)
    rounding = ROUNDING * float(root.size.max())
    ends: list[Maximum] = []
    for k, known in enumerate(np.concatenate([-root.low, root.high])):
        one = JointNetwork(joint.layers, signs[k : k + 1])
        share = limit.share(len(signs) - k)
        ends.append(maximum(one, box, share, points=(x, values[:, k : k + 1]), bound=float(known), rounding=rounding))
        limit.give_back(share)
    low_at, high_at = (np.array([end.at for end in part]) for part in np.split(np.array(ends, dtype=object), 2))
    attained_low, attained_high = (np.diagonal(float64_output(net, at)).copy() for at in (low_at, high_at))
    bounds = np.array([end.bound for end in ends])
    return OutputRange(
        low=np.minimum(-bounds[: net.outputs], attained_low),
        high=np.maximum(bounds[net.outputs :], attained_high),
        low_at=low_at,
        high_at=high_at,
        attained_low=attained_low,
        attained_high=attained_high,
        exact=all(end.stopped == "closed" for end in ends),
        stopped=worst([end.stopped for end in ends]),
    )
