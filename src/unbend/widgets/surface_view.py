"""An interactive map of a network's output over a rectangle: shades, decision boundary, exact linear pieces."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import traitlets

from ..arrays import Array
from ..words import say
from .view import View

MAX_EDGES = 20_000  # drawn; more would be unreadable


class SurfaceView(View, module="surface_view"):
    """An interactive map of a network's output over a rectangle, with data points.

    A crosshair is moved with the pointer or the arrow keys. More than two ``classes`` are drawn as class numbers, all
    else as shades from -``size`` to ``size`` with a line at 0.

    Parameters
    ----------
    describe : callable, optional
        ``describe(u, v)`` returns the text shown for the crosshair's position.

    Attributes
    ----------
    grid, side, size : bytes, int, float
        Traits: float32 (side, side) output with rows from low to high v; the largest absolute value of the shades.
    box, names, classes : list
        Traits: ends of the axes (2, 2), names of the axes, names of the classes.
    levels : list of list of str
        Trait: of each axis the names of its places 0, 1, …; empty for an axis of numbers.
    points : bytes
        Trait: float32 (n, 4): u, v, value or class number, held out (drawn hollow).
    edges : bytes
        Trait: float32 (m, 4): edges u1, v1, u2, v2 of the linear pieces.
    at, here : list, str
        Traits: position of the crosshair, and its description.
    caption : str
        Trait: text below the map.
    squash : bool
        Trait: the output is a log-odds, shaded by 2 p - 1 and with its line where it is 0.
    """

    grid = traitlets.Bytes(b"").tag(sync=True)  # float32 (g, g)
    side = traitlets.Int(0).tag(sync=True)
    size = traitlets.Float(1.0).tag(sync=True)
    squash = traitlets.Bool(False).tag(sync=True)
    classes: traitlets.List[str] = traitlets.List().tag(sync=True)
    box: traitlets.List[Any] = traitlets.List([[-1.0, 1.0], [-1.0, 1.0]]).tag(sync=True)
    names: traitlets.List[str] = traitlets.List(["x1", "x2"]).tag(sync=True)
    levels: traitlets.List[Any] = traitlets.List([[], []]).tag(sync=True)
    points = traitlets.Bytes(b"").tag(sync=True)  # float32 (n, 4): u, v, value, held out
    edges = traitlets.Bytes(b"").tag(sync=True)  # float32 (m, 4): u1, v1, u2, v2
    at: traitlets.List[Any] = traitlets.List().tag(sync=True)
    here = traitlets.Unicode("").tag(sync=True)
    caption = traitlets.Unicode("").tag(sync=True)
    texts: traitlets.Dict[str, str] = traitlets.Dict().tag(sync=True)

    def __init__(self, describe: Callable[[float, float], str] | None = None) -> None:
        self._describe = describe
        keys = ("label", "learn", "judge", "cross")
        super().__init__(texts={key: say(f"lab.surface_{key}") for key in keys})

    def set_data(
        self,
        box: Array,
        names: Sequence[str],
        points: Array,
        values: Array,
        held_out: Array,
        classes: Sequence[str],
        levels: Sequence[Sequence[str]] = ((), ()),
    ) -> None:
        """Set the rectangle and its data points.

        Parameters
        ----------
        box : ndarray of shape (2, 2)
            Ends of the two axes.
        names : sequence of str
            Names of the axes.
        points : ndarray of shape (n, 2)
        values : ndarray of shape (n,)
            Target values or class numbers of the points.
        held_out : ndarray of bool, shape (n,)
            Points drawn hollow.
        classes : sequence of str
            Names of the classes; empty for a regression.
        levels : sequence of sequence of str, default ((), ())
            Of each axis the names of its places 0, 1, …; empty for an axis of numbers.
        """
        rows = np.column_stack([points, values, held_out]).astype("<f4")
        with self.hold_sync():
            self.box, self.names, self.classes = np.asarray(box).tolist(), list(names), list(classes)
            self.levels = [list(names) for names in levels]
            self.points, self.edges, self.at = rows.tobytes(), b"", []

    def clear(self) -> None:
        """Show nothing: no output, no points, no axes of a data set that is gone."""
        with self.hold_sync():
            self.grid, self.side, self.points, self.edges, self.at = b"", 0, b"", b"", []
            self.names, self.classes, self.levels, self.caption = ["", ""], [], [[], []], ""
            self.box = [[-1.0, 1.0], [-1.0, 1.0]]

    def show(
        self,
        values: Array,
        size: float,
        pieces: Sequence[Array] | None = None,
        caption: str | None = None,
        squash: bool = False,
    ) -> None:
        """Set the output.

        Parameters
        ----------
        values : ndarray of shape (g, g)
            Output on a grid, rows from low to high v.
        size : float
            The largest absolute value of the shades.
        pieces : sequence of ndarray of shape (k, 2), optional
            Polygons of the linear pieces.
        caption : str, optional
            Text below the map.
        squash : bool, default False
            Whether the output is a log-odds, to be shaded by 2 p - 1.
        """
        with self.hold_sync():
            self.squash = squash
            self.grid, self.side, self.size = values.astype("<f4").tobytes(), len(values), float(size)
            self.edges = b"" if pieces is None else _edges(pieces)
            self.caption = "" if caption is None else caption
            self.here = self._description()

    @traitlets.validate("at")
    def _validate_at(self, proposal: Any) -> Any:
        at = proposal["value"]
        valid = len(at) == 2 and all(isinstance(v, int | float) and np.isfinite(v) for v in at)
        return [float(np.clip(v, *ends)) for v, ends in zip(at, self.box, strict=True)] if valid else []

    @traitlets.observe("at")
    def _update_here(self, change: Any) -> None:
        self.here = self._description()

    def _description(self) -> str:
        return self._describe(*self.at) if self._describe is not None and len(self.at) == 2 else ""


def _edges(pieces: Sequence[Array]) -> bytes:
    """Edges of all polygons without duplicates, at most ``MAX_EDGES``, as float32 bytes."""
    sides = [np.hstack([p, np.roll(p, -1, axis=0)]) for p in pieces]
    rows = np.vstack(sides) if sides else np.empty((0, 4))
    swap = (rows[:, 0] > rows[:, 2]) | ((rows[:, 0] == rows[:, 2]) & (rows[:, 1] > rows[:, 3]))
    rows[swap] = rows[swap][:, [2, 3, 0, 1]]
    return bytes(np.unique(rows.astype("<f4"), axis=0)[:MAX_EDGES].tobytes())
