"""``regions``: all pieces on which a network is straight, on a segment or a rectangle of its inputs.

A *piece* is a cell of the activation pattern: the largest set of points with interior on which every neuron stays on
one of its own straight parts. It is convex, and the network is affine on it. Neighbouring pieces may happen to have
the same map (a bend that does not reach the output); ``Regions.merged`` counts those as one. Splitting follows Hanin &
Rolnick 2019, section 3, layer by layer; the counts are exact, see ``exact.py``.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import Any, NamedTuple, overload

import numpy as np

from ..arrays import Array
from ..display import Displayed
from ..errors import ShapeError
from ..network import Network
from ..words import say
from .edge_table import Edges, edge_table
from .maps import output_maps, patterns
from .plane import Slice, as_box, as_slice
from .sampling import Sampled, sample_pieces
from .stages import coordinate_scale
from .subdivide import Subdivision, subdivide


class Map(NamedTuple):
    """One piece's map: output = A u + c in slice coordinates u. ``A`` (outputs, dimensions), ``c`` (outputs,)."""

    A: Array
    c: Array


class Maps(Sequence[Map]):
    """All pieces' maps: ``maps[i]`` is one; ``A`` (count, outputs, dimensions) and ``c`` (count, outputs) are all."""

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
    """The pieces of a network on a slice. ``count`` is proved: every doubtful sign was settled in exact arithmetic.

    In one dimension the pieces run from low to high. ``exact_decisions`` says how many questions float64 left open.
    """

    proved = True

    def __init__(self, net: Network, found: Subdivision) -> None:
        self.net, self.slice, self._found = net, found.where, found
        self.exact_decisions = found.exact.decisions
        mesh = found.mesh
        #: (vertices, dimensions), slice coordinates; pieces share them
        self.vertices: Array = (mesh.xy * coordinate_scale(self.slice))[:, : self.slice.dimensions] + 0.0
        if self.slice.dimensions == 1:
            self._order = np.argsort(np.minimum.reduceat(mesh.xy[mesh.corner, 0], mesh.start[:-1]), kind="stable")
        else:
            self._order = np.arange(mesh.cells)

    @property
    def count(self) -> int:
        """How many pieces there are."""
        return self._found.mesh.cells

    def __len__(self) -> int:
        return self.count

    def __repr__(self) -> str:
        return say("geometry.regions", count=f"{self.count:,}", net=self.net)

    @cached_property
    def corners(self) -> list[Array]:
        """Each piece's vertex numbers, counterclockwise; in one dimension (low, high)."""
        mesh = self._found.mesh
        if self.slice.dimensions == 1:
            mine = mesh.corner.reshape(-1, 4)
            order = np.argsort(mesh.xy[mine, 0], axis=1, kind="stable")[:, [0, 2]]
            return list(np.take_along_axis(mine, order, axis=1)[self._order])
        return np.split(mesh.corner, mesh.start[1:-1])

    @cached_property
    def polygons(self) -> list[Array]:
        """Each piece's corners, (k, 2) counterclockwise in slice coordinates; in one dimension (2,): low and high."""
        if self.slice.dimensions == 1:
            return [self.vertices[c, 0] for c in self.corners]
        return np.split(self.vertices[self._found.mesh.corner], self._found.mesh.start[1:-1])

    @cached_property
    def areas(self) -> Array:
        """(count,): each piece's area, or length, in slice coordinates."""
        if self.slice.dimensions == 1:
            return np.array([high - low for low, high in self.polygons])
        mesh = self._found.mesh
        corner = mesh.corner
        after = np.arange(1, len(corner) + 1)
        after[mesh.start[1:] - 1] = mesh.start[:-1]
        origin = self.vertices[corner[np.repeat(mesh.start[:-1], np.diff(mesh.start))]]
        p, q = self.vertices[corner] - origin, self.vertices[corner[after]] - origin
        result: Array = np.add.reduceat(p[:, 0] * q[:, 1] - p[:, 1] * q[:, 0], mesh.start[:-1]) / 2
        return result

    @cached_property
    def maps(self) -> Maps:
        """Each piece's affine map in slice coordinates, float64."""
        A, c = output_maps(self._found)
        return Maps(A[self._order], c[self._order])

    @cached_property
    def patterns(self) -> Array:
        """(count, neurons) uint8: the number of the straight part each neuron is on, from its lowest; for ReLU 0 or 1.

        All layers that bend stand next to each other, first to last.
        """
        return patterns(self._found)[self._order]

    @cached_property
    def edges(self) -> Edges:
        """The edges with the pieces on both sides and the neuron that bends there."""
        place = np.empty(self.count, dtype=np.int64)
        place[self._order] = np.arange(self.count)
        return edge_table(self._found, place)

    @cached_property
    def neighbours(self) -> list[Array]:
        """For each piece the numbers of those it shares an edge (in one dimension an end) with."""
        left, right = self.edges.left, self.edges.right
        inner = (left >= 0) & (right >= 0)
        there, back = np.stack([left, right], 1)[inner], np.stack([right, left], 1)[inner]
        pairs = np.unique(np.concatenate([there, back]), axis=0)
        return np.split(pairs[:, 1], np.searchsorted(pairs[:, 0], np.arange(1, self.count)))

    @cached_property
    def merged(self) -> int:
        """How many pieces are left when neighbours with the same affine map, to float rounding, count as one."""
        from .merging import merged_count

        return merged_count(self)

    @cached_property
    def lipschitz(self) -> float:
        """The largest stretch on the slice: max over pieces of the spectral norm of the slope; inf across a jump.

        For slices of more inputs, distances are measured in the input space.
        """
        if any(any(stage.pieces.jumps) for stage in self._found.levels.stages):
            return float("inf")
        # distances on the slice in an orthonormal frame of its plane
        frame = np.linalg.qr(self.slice.directions.T)[1]
        return float(np.linalg.norm(self.maps.A @ np.linalg.inv(frame), ord=2, axis=(1, 2)).max())

    def find(self, points: Any) -> Array:
        """(n,): the piece each point, (n, dimensions) in slice coordinates, lies in; -1 outside the box."""
        from .locate import locate

        return locate(self, np.asarray(points, dtype=np.float64).reshape(-1, self.slice.dimensions))

    def __iter__(self) -> Iterator[Array]:
        return iter(self.polygons)


def regions(
    net: Network, box: Any = None, plane: Sequence[Any] | None = None, samples: int = 100_000, seed: int = 0
) -> Regions | Sampled:
    """All pieces of a network on a segment or a rectangle; in more dimensions, those that random points see.

    ``box`` has one interval per coordinate, [-1, 1] by default; one interval alone means one dimension. ``plane`` is
    (origin, direction) or (origin, direction, direction), each (inputs,): the slice origin + u d1 + v d2. Without it
    the inputs themselves are the coordinates: exact for one or two inputs, else ``samples`` points drawn uniformly
    from the box with ``seed`` give a lower bound. Raises ``ModelError`` for an activation that is curved, and
    ``ShapeError`` for a box or plane that does not fit.
    """
    if plane is None and net.inputs > 2:
        return sample_pieces(net, as_box([[-1, 1]] * net.inputs if box is None else box, net.inputs), samples, seed)
    return Regions(net, subdivide([net], slice_of(net, box, plane)))


def slice_of(net: Network, box: Any, plane: Sequence[Any] | None) -> Slice:
    """The slice meant by ``box`` (None: [-1, 1] per coordinate) and ``plane``."""
    if box is None:
        try:
            dimensions = net.inputs if plane is None else len(plane) - 1
        except TypeError:
            raise ShapeError("geometry.plane_shape", inputs=net.inputs, got=type(plane).__name__) from None
        box = [[-1, 1]] * max(1, min(dimensions, 2))
    return as_slice(net.inputs, box, plane)
