"""An interactive plot of lines, points and segments; the points can be dragged or moved with the arrow keys."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import traitlets

from ..json_text import finite
from ..words import say
from .view import View

Range = tuple[float, float]


class Plot(View, module="plot"):
    """An interactive plot of lines, points and segments.

    All parameters are traits of the same name, synchronised with the browser.

    Parameters
    ----------
    points : array_like of shape (n, 2), default ()
        Points; after the reader moved one, the trait has its new position.
    lines : sequence of dict, default ()
        Curves with the keys ``x`` and ``y`` (a value that is not finite leaves a gap), optional ``name`` for the legend
        and ``look``: ``"main"`` (default), ``"second"`` or ``"soft"``, which differ in dash as well as in colour.
    x_range, y_range : (float, float)
        Lower and upper ends of the axes.
    label : str
        What the plot shows, for screen readers.
    x_label, y_label : str, default "x" and "y"
        Axis labels.
    movable : bool, default False
        Whether the reader can move the points.
    segments : array_like of shape (n, 4), default ()
        Thin lines x1, y1, x2, y2, such as residuals.

    Examples
    --------
    >>> from unbend.widgets import Plot
    >>> plot = Plot([[0, 1], [1, 3]], x_range=(0, 2), y_range=(0, 4), label="two points", movable=True)
    >>> plot.points
    [[0.0, 1.0], [1.0, 3.0]]
    """

    points: traitlets.List[Any] = traitlets.List().tag(sync=True)
    lines: traitlets.List[Any] = traitlets.List().tag(sync=True)
    segments: traitlets.List[Any] = traitlets.List().tag(sync=True)
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
        x_range: Range,
        y_range: Range,
        label: str,
        x_label: str = "x",
        y_label: str = "y",
        movable: bool = False,
        segments: Any = (),
    ) -> None:
        self._point_count = len(points)
        super().__init__(
            points=_pairs(points),
            lines=[_line_state(line) for line in lines],
            segments=np.asarray(segments, dtype=float).tolist(),
            x_range=[float(v) for v in x_range],
            y_range=[float(v) for v in y_range],
            label=label,
            x_label=x_label,
            y_label=y_label,
            movable=movable,
            point_label=say("lab.point"),
        )

    @traitlets.validate("points")
    def _validate_points(self, proposal: Any) -> Any:
        """Accept from the browser only as many finite points as there are."""
        points = proposal["value"]
        valid = len(points) == self._point_count and all(
            isinstance(p, list | tuple) and len(p) == 2 and all(isinstance(v, int | float) for v in p) for p in points
        )
        if not valid or not np.isfinite(np.asarray(points, dtype=float)).all():
            return self.points
        return points

    def show(self, points: Any = None, lines: Sequence[dict[str, Any]] | None = None, segments: Any = None) -> None:
        """Replace points, lines or segments; None leaves them unchanged.

        Parameters
        ----------
        points : array_like of shape (n, 2), optional
        lines : sequence of dict, optional
        segments : array_like of shape (n, 4), optional
        """
        with self.hold_sync():
            if points is not None:
                self._point_count = len(points)
                self.points = _pairs(points)
            if lines is not None:
                self.lines = [_line_state(line) for line in lines]
            if segments is not None:
                self.segments = np.asarray(segments, dtype=float).tolist()

    def set_ranges(self, x_range: Range, y_range: Range) -> None:
        """Set the ends of both axes.

        Parameters
        ----------
        x_range, y_range : (float, float)
        """
        with self.hold_sync():
            self.x_range, self.y_range = [float(v) for v in x_range], [float(v) for v in y_range]


def _pairs(points: Any) -> list[list[float]]:
    return [[float(x), float(y)] for x, y in points]


def _line_state(line: dict[str, Any]) -> dict[str, Any]:
    """A line with all keys, JSON-ready; values that are not finite become None."""
    y = finite(np.asarray(line["y"], dtype=float).tolist())
    return {"look": "main", "name": "", **line, "x": [float(v) for v in line["x"]], "y": y}
