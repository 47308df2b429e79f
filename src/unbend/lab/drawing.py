"""What the pages' pictures and tables share: colours, keys, the figure round a scene, numbers as text."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ..arrays import Array
from ..figures.plane import Plane
from ..figures.scene import Scene
from ..figures.shapes import Line as Stroke
from ..figures.shapes import Shape, Text
from ..report.html import table

BLUE, RED, INK, SOFT = "#1b6ca8", "#b5471b", "#222222", "#777777"
HEIGHT = 378


def figure(shapes: list[Shape], title: str, width: float = 560) -> str:
    """The scene as a figure; one that is narrow is not drawn wider than it is."""
    narrow = ' class="narrow"' if width < 500 else ""
    return f"<figure{narrow}>{Scene(width, HEIGHT, tuple(shapes), title).svg()}</figure>"


def key(entries: list[tuple[str, str, bool]]) -> list[Shape]:
    """Below the axes: (text, colour, dashed) of each line."""
    shapes: list[Shape] = []
    x = 60.0
    for text, colour, dash in entries:
        label = Text((x + 34, 366), text, 12, "start", "#555555")  # placed as if larger: it is on a narrow screen
        shapes += [Stroke(((x, 366), (x + 28, 366)), colour, 2.2, dash), label]
        x += 34 + 1.35 * (label.box[2] - label.box[0]) + 18
    return shapes


def frame(plane: Plane) -> list[Shape]:
    """The numbers and names of the axes, without a grid over the pieces."""
    return [s for s in plane.axes("x1", "x2") if isinstance(s, Text)]


def gapped(x: Array, y: Array, jumps: Array) -> tuple[Array, Array]:
    """The curve with a gap where it jumps."""
    near = np.zeros(len(x) - 1, dtype=bool)
    for place in jumps:
        near |= (x[:-1] <= place) & (place <= x[1:])
    at = np.flatnonzero(near & (np.abs(np.diff(y)) > 0.05)) + 1
    return np.insert(x, at, x[at]), np.insert(y, at, np.nan)


def short(value: float) -> str:
    """Four digits, with a true minus sign."""
    return f"{value:.4g}".replace("-", "−")


def reasons(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A table whose last column says why; on a narrow screen that stands below the others."""
    return f'<div class="lab-reasons">{table(head, rows)}</div>'
