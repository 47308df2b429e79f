"""A plane with curves, points and sticks between them; points can be dragged or moved by the arrow keys."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import traitlets

from ..json_text import finite
from ..words import say
from .view import View

Ends = tuple[float, float]


class Plot(View, module="plot"):
    """A plane that says what it shows in ``label``.

    ``points`` (n, 2), which the reader moves where ``movable``; ``lines`` are dicts with ``x``, ``y`` (None makes a
    gap), ``name`` and ``look`` (``"main"``, ``"second"``, ``"soft"``: different in dash as well as in colour);
    ``sticks`` (n, 4) are thin lines x1, y1, x2, y2 such as residuals. ``x_range`` and ``y_range`` are the ends shown.
    """

    points: traitlets.List[Any] = traitlets.List().tag(sync=True)
    lines: traitlets.List[Any] = traitlets.List().tag(sync=True)
    sticks: traitlets.List[Any] = traitlets.List().tag(sync=True)
    x_range: traitlets.List[Any] = traitlets.List([-1.0, 1.0]).tag(sync=True)
    y_range: traitlets.List[Any] = traitlets.List([-1.0, 1.0]).tag(sync=True)
    x_label = traitlets.Unicode("x").tag(sync=True)
    y_label = traitlets.Unicode("y").tag(sync=True)
    label = traitlets.Unicode("").tag(sync=True)
    point_label = traitlets.Unicode("").tag(sync=True)
    movable = traitlets.Bool(False).tag(sync=True)

    def __init__(
        self,
        points: Any = (),
        lines: Sequence[dict[str, Any]] = (),
        *,
        x_range: Ends,
        y_range: Ends,
        label: str,
        x_label: str = "x",
        y_label: str = "y",
        movable: bool = False,
        sticks: Any = (),
    ) -> None:
        self._most = len(points)
        super().__init__(
            points=_pairs(points),
            lines=[_plain(line) for line in lines],
            sticks=np.asarray(sticks, dtype=float).tolist(),
            x_range=[float(v) for v in x_range],
            y_range=[float(v) for v in y_range],
            label=label,
            x_label=x_label,
            y_label=y_label,
            movable=movable,
            point_label=say("lab.point"),
        )

    @traitlets.validate("points")
    def _within(self, proposal: Any) -> Any:
        """What a browser sends is as many finite points as there were, within the ends."""
        points = proposal["value"]
        fits = len(points) == self._most and all(
            isinstance(p, list | tuple) and len(p) == 2 and all(isinstance(v, int | float) for v in p) for p in points
        )
        if not fits or not np.isfinite(np.asarray(points, dtype=float)).all():
            return self.points
        return points

    def show(self, points: Any = None, lines: Sequence[dict[str, Any]] | None = None, sticks: Any = None) -> None:
        """Draw other points, lines or sticks in the same plane."""
        with self.hold_sync():
            if points is not None:
                self._most = len(points)
                self.points = _pairs(points)
            if lines is not None:
                self.lines = [_plain(line) for line in lines]
            if sticks is not None:
                self.sticks = np.asarray(sticks, dtype=float).tolist()

    def frame(self, x_range: Ends, y_range: Ends) -> None:
        """Show the plane between other ends."""
        with self.hold_sync():
            self.x_range, self.y_range = [float(v) for v in x_range], [float(v) for v in y_range]


def _pairs(points: Any) -> list[list[float]]:
    return [[float(x), float(y)] for x, y in points]


def _plain(line: dict[str, Any]) -> dict[str, Any]:
    """Values that are not finite leave a gap."""
    y = finite(np.asarray(line["y"], dtype=float).tolist())
    return {"look": "main", "name": "", **line, "x": [float(v) for v in line["x"]], "y": y}
