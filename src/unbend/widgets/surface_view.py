"""What a network answers over a plane: shades, the line where the answer changes side, its exact linear pieces."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import traitlets

from ..arrays import Array
from ..words import say
from .view import View

MOST_EDGES = 20_000  # drawn; more would be a grey sheet


class SurfaceView(View, module="surface_view"):
    """A map over a rectangle with points on it. Move the cross (pointer, arrow keys): ``describe(u, v)`` says what is
    there.

    ``values`` (g, g) are drawn with rows from low to high v; ``classes`` True draws class numbers, else shades from
    -``size`` to ``size`` with a line at 0. ``points`` (n, 2) with their values or class numbers, held-out ones hollow.
    ``pieces`` are polygons (k, 2) or None.
    """  # fmt: skip

    grid = traitlets.Bytes(b"").tag(sync=True)  # float32 (g, g)
    side = traitlets.Int(0).tag(sync=True)
    size = traitlets.Float(1.0).tag(sync=True)
    classes: traitlets.List[str] = traitlets.List().tag(sync=True)
    box: traitlets.List[Any] = traitlets.List([[-1.0, 1.0], [-1.0, 1.0]]).tag(sync=True)
    names: traitlets.List[str] = traitlets.List(["x1", "x2"]).tag(sync=True)
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

    def frame(
        self, box: Array, names: Sequence[str], points: Array, values: Array, held_out: Array, classes: Sequence[str]
    ) -> None:
        """Another rectangle with other points."""
        rows = np.column_stack([points, values, held_out]).astype("<f4")
        with self.hold_sync():
            self.box, self.names, self.classes = np.asarray(box).tolist(), list(names), list(classes)
            self.points, self.edges, self.at = rows.tobytes(), b"", []

    def show(
        self, values: Array, size: float, pieces: Sequence[Array] | None = None, caption: str | None = None
    ) -> None:
        """Other answers: ``values`` (g, g), and the polygons where there are any."""
        with self.hold_sync():
            self.grid, self.side, self.size = values.astype("<f4").tobytes(), len(values), float(size)
            self.edges = b"" if pieces is None else _edges(pieces)
            self.caption = "" if caption is None else caption
            self.here = self._said()

    @traitlets.validate("at")
    def _inside(self, proposal: Any) -> Any:
        at = proposal["value"]
        fits = len(at) == 2 and all(isinstance(v, int | float) and np.isfinite(v) for v in at)
        return [float(np.clip(v, *ends)) for v, ends in zip(at, self.box, strict=True)] if fits else []

    @traitlets.observe("at")
    def _say(self, change: Any) -> None:
        self.here = self._said()

    def _said(self) -> str:
        return self._describe(*self.at) if self._describe is not None and len(self.at) == 2 else ""


def _edges(pieces: Sequence[Array]) -> bytes:
    """Every side of every polygon once, as far as they are drawn."""
    sides = [np.hstack([p, np.roll(p, -1, axis=0)]) for p in pieces]
    rows = np.vstack(sides) if sides else np.empty((0, 4))
    swap = (rows[:, 0] > rows[:, 2]) | ((rows[:, 0] == rows[:, 2]) & (rows[:, 1] > rows[:, 3]))
    rows[swap] = rows[swap][:, [2, 3, 0, 1]]
    return bytes(np.unique(rows.astype("<f4"), axis=0)[:MOST_EDGES].tobytes())
