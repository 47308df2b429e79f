"""`regions`: all pieces on which a network is affine, on a segment or a rectangle of its inputs, as `Regions`.

A *piece* is a cell of the activation pattern: the largest set of points with interior on which every neuron stays on
one of its own affine pieces. It is convex, and the network is affine on it. Neighbouring pieces may happen to have
the same map (a bend that does not reach the output); ``Regions.merged`` counts those as one. Cells are split layer by
layer as in Hanin & Rolnick 2019, section 3; the counts are exact, see ``mesh/exact_predicates.py``.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import Any, NamedTuple, overload

import numpy as np

from ..arrays import Array
from ..display import Displayed
from ..network import Network
from ..words import say
from .merged_pieces import merged_count
from .mesh.cell_maps import cell_patterns, output_maps
from .mesh.edge_table import Edges, edge_table
from .mesh.scaled_layers import coordinate_scale
from .mesh.subdivision import Subdivision, subdivide
from .point_location import locate
from .sampling import Sampled, sample_pieces
from .slices import as_slice, input_box


class Map(NamedTuple):
    """One piece's affine map: output = A u + c in slice coordinates u.

    Attributes
    ----------
    A : ndarray of shape (outputs, dimensions)
        The slope.
    c : ndarray of shape (outputs,)
        The value at u = 0.
    """

    A: Array
    c: Array


class Maps(Sequence[Map]):
    """All pieces' affine maps: ``maps[i]`` is one piece's :class:`Map`.

    Attributes
    ----------
    A : ndarray of shape (count, outputs, dimensions)
        All slopes.
    c : ndarray of shape (count, outputs)
        All values at u = 0.
    """

    def __init__(self, A: Array, c: Array) -> None:
        self.A, self.c = A, c

    @overload
    def __getitem__(self, i: int) -> Map: ...
    @overload
    def __getitem__(self, i: slice) -> list[Map]: ...
    def __getitem__(self, i: int | slice) -> Map | list[Map]:
        return [self[k] for k in range(len(self))[i]] if isinstance(i, slice) else Map(self.A[i], self.c[i])

    def __len__(self) -> int:
        return len(self.c)


class Regions(Displayed):
    """The pieces of a network on a slice, as :func:`unbend.regions` returns them.

    In one dimension the pieces run from low to high.

    Attributes
    ----------
    net : Network
        The network.
    slice : Slice
        The segment or rectangle, with ``origin``, ``directions`` and ``box``.
    count : int
        How many pieces there are.
    proved : bool
        Always True: every sign that rounding left in doubt was settled in exact arithmetic.
    exact_decisions : int
        How many questions float64 left open.
    vertices : ndarray of shape (vertices, dimensions)
        Slice coordinates; pieces share them.
    """

    proved = True

    def __init__(self, net: Network, subdivision: Subdivision) -> None:
        self.net, self.slice, self._subdivision = net, subdivision.domain, subdivision
        self.exact_decisions = subdivision.exact.decisions
        mesh = subdivision.mesh
        self.vertices: Array = (mesh.xy * coordinate_scale(self.slice))[:, : self.slice.dimensions] + 0.0
        if self.slice.dimensions == 1:
            lowest = np.minimum.reduceat(mesh.xy[mesh.origin, 0], mesh.start[:-1])
            self._order = np.argsort(lowest, kind="stable")
        else:
            self._order = np.arange(mesh.cells)

    @property
    def count(self) -> int:
        """How many pieces there are."""
        return self._subdivision.mesh.cells

    def __len__(self) -> int:
        return self.count

    def __repr__(self) -> str:
        return say("geometry.regions", count=f"{self.count:,}", net=self.net)

    @cached_property
    def corners(self) -> list[Array]:
        """Each piece's vertex numbers, counterclockwise; in one dimension (low, high)."""
        mesh = self._subdivision.mesh
        if self.slice.dimensions == 1:
            strips = mesh.origin.reshape(-1, 4)
            order = np.argsort(mesh.xy[strips, 0], axis=1, kind="stable")[:, [0, 2]]
            return list(np.take_along_axis(strips, order, axis=1)[self._order])
        return np.split(mesh.origin, mesh.start[1:-1])

    @cached_property
    def polygons(self) -> list[Array]:
        """Each piece's corners, (k, 2) counterclockwise in slice coordinates; in one dimension (2,): low and high."""
        if self.slice.dimensions == 1:
            return [self.vertices[c, 0] for c in self.corners]
        mesh = self._subdivision.mesh
        return np.split(self.vertices[mesh.origin], mesh.start[1:-1])

    @cached_property
    def areas(self) -> Array:
        """(count,): each piece's area, or length, in slice coordinates."""
        if self.slice.dimensions == 1:
            return np.array([high - low for low, high in self.polygons])
        mesh = self._subdivision.mesh
        corner = mesh.origin
        following = np.arange(1, len(corner) + 1)
        following[mesh.start[1:] - 1] = mesh.start[:-1]
        # relative to each piece's first corner, so that little is lost to cancellation
        reference = self.vertices[corner[np.repeat(mesh.start[:-1], np.diff(mesh.start))]]
        p, q = self.vertices[corner] - reference, self.vertices[corner[following]] - reference
        result: Array = np.add.reduceat(p[:, 0] * q[:, 1] - p[:, 1] * q[:, 0], mesh.start[:-1]) / 2
        return result

    @cached_property
    def maps(self) -> Maps:
        """Each piece's affine map in slice coordinates, float64."""
        return self.maps_of(0)

    def maps_of(self, network: int) -> Maps:
        """The maps of one of the networks that were subdivided jointly; a single network is number 0."""
        A, c = output_maps(self._subdivision, network)
        return Maps(A[self._order], c[self._order])

    @cached_property
    def patterns(self) -> Array:
        """(count, neurons) uint8: the activation pattern, each neuron's affine piece from its lowest; ReLU: 0 or 1.

        The columns are the neurons of all layers that bend, first layer to last.
        """
        return cell_patterns(self._subdivision)[self._order]

    @cached_property
    def edges(self) -> Edges:
        """The edges with the pieces on both sides and the neuron that bends there."""
        piece = np.empty(self.count, dtype=np.int64)
        piece[self._order] = np.arange(self.count)
        return edge_table(self._subdivision, piece)

    @cached_property
    def neighbours(self) -> list[Array]:
        """For each piece the numbers of those it shares an edge (in one dimension an end) with."""
        left, right = self.edges.left, self.edges.right
        inner = (left >= 0) & (right >= 0)
        forward, backward = np.stack([left, right], 1)[inner], np.stack([right, left], 1)[inner]
        pairs = np.unique(np.concatenate([forward, backward]), axis=0)
        return np.split(pairs[:, 1], np.searchsorted(pairs[:, 0], np.arange(1, self.count)))

    @cached_property
    def merged(self) -> int:
        """The number of pieces when neighbours with the same affine map, to float rounding, count as one."""
        return merged_count(self.edges, self.maps.A, self.maps.c, self.slice.box)

    @cached_property
    def lipschitz(self) -> float:
        """The Lipschitz constant on the slice: the largest spectral norm of a piece's slope; inf across a jump.

        For slices of more inputs, distances are measured in the input space.
        """
        if any(any(layer.pieces.jumps) for layer in self._subdivision.tree.layers):
            return float("inf")
        # distances on the slice in an orthonormal frame of its plane
        frame = np.linalg.qr(self.slice.directions.T)[1]
        return float(np.linalg.norm(self.maps.A @ np.linalg.inv(frame), ord=2, axis=(1, 2)).max())

    def find(self, points: Any) -> Array:
        """Find the piece each point lies in.

        Parameters
        ----------
        points : array-like of shape (n, dimensions)
            Points in slice coordinates.

        Returns
        -------
        ndarray of shape (n,)
            The pieces' numbers; -1 outside the box, and exactly on an edge that belongs to no piece.
        """
        rows = np.asarray(points, dtype=np.float64).reshape(-1, self.slice.dimensions)
        return locate(self.net, self.slice, self.patterns, rows)

    def __iter__(self) -> Iterator[Array]:
        return iter(self.polygons)


def regions(
    net: Network, box: Any = None, plane: Sequence[Any] | None = None, samples: int = 100_000, seed: int = 0
) -> Regions | Sampled:
    """Find all pieces of a network on a segment or a rectangle; in more dimensions, those that random points see.

    Parameters
    ----------
    net : Network
        A network whose activations are piecewise affine (relu, leaky_relu, hard_tanh, abs, …).
    box : array-like of shape (dimensions, 2), default [-1, 1] per coordinate
        One interval per coordinate; one interval alone means one dimension.
    plane : tuple of (origin, d1) or (origin, d1, d2), optional
        The slice origin + u d1 + v d2 of the input space, each array-like of shape (inputs,). Without it the inputs
        themselves are the coordinates.
    samples : int, default 100000
        How many points are drawn uniformly from the box where there are more than two inputs and no plane.
    seed : int, default 0
        Seed of those points.

    Returns
    -------
    Regions or Sampled
        The exact pieces for one or two coordinates, else a lower bound of their number.

    Raises
    ------
    ModelError
        If an activation is curved.
    ShapeError
        If the box or the plane does not fit.

    References
    ----------
    B. Hanin and D. Rolnick, "Deep ReLU networks have surprisingly few activation patterns", NeurIPS 2019.

    Examples
    --------
    >>> import unbend as ub
    >>> net = ub.Network.from_arrays([([[1.0, 0.0], [0.0, 1.0]], [0.0, 0.0]), ([[1.0], [1.0]], [0.0])],
    ...                              activations=["relu", "identity"])
    >>> pieces = ub.regions(net, box=[[-1, 1], [-1, 1]])
    >>> pieces.count, pieces.proved
    (4, True)
    >>> pieces.maps[int(pieces.find([[0.5, 0.5]])[0])].A
    array([[1., 1.]])
    """
    if plane is None and net.inputs > 2:
        return sample_pieces(net, input_box(net.inputs, box), samples, seed)
    return Regions(net, subdivide([net], as_slice(net.inputs, box, plane)))
