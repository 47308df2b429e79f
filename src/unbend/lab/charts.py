"""Shared parts of the pages' charts: colours, legend, axis labels, the HTML figure; numbers as text."""

from __future__ import annotations

import re
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
    """The shapes as an HTML figure; a narrow one is not scaled up to the page's width."""
    narrow = ' class="narrow"' if width < 500 else ""
    return f"<figure{narrow}>{Scene(width, HEIGHT, tuple(shapes), title).svg()}</figure>"


def legend(entries: list[tuple[str, str, bool]]) -> list[Shape]:
    """A legend below the axes from (text, colour, dashed) entries."""
    shapes: list[Shape] = []
    x = 60.0
    for text, colour, dash in entries:
        label = Text((x + 34, 366), text, 12, "start", "#555555")  # spaced for the larger text of a narrow screen
        shapes += [Stroke(((x, 366), (x + 28, 366)), colour, 2.2, dash), label]
        x += 34 + 1.35 * (label.box[2] - label.box[0]) + 18
    return shapes


def axis_labels(plane: Plane) -> list[Shape]:
    """Tick labels and names of the axes, without grid lines."""
    return [s for s in plane.axes("x1", "x2") if isinstance(s, Text)]


def break_at_jumps(x: Array, y: Array, jumps: Array) -> tuple[Array, Array]:
    """The curve (x, y) with a NaN inserted where it jumps at one of ``jumps``."""
    near = np.zeros(len(x) - 1, dtype=bool)
    for jump in jumps:
        near |= (x[:-1] <= jump) & (jump <= x[1:])
    at = np.flatnonzero(near & (np.abs(np.diff(y)) > 0.05)) + 1
    return np.insert(x, at, x[at]), np.insert(y, at, np.nan)


def short(value: float) -> str:
    """Four significant digits, with a minus sign U+2212."""
    return f"{value:.4g}".replace("-", "−")


def affine_text(coefficients: Array, names: Sequence[str], constant: float) -> str:
    """Such as ``2·x1 − 0.5·x2 + 3``: what is 0 is left out."""
    terms = [(float(a), f"·{name}") for a, name in zip(coefficients, names, strict=True)] + [(float(constant), "")]
    written = [f"{'−' if a < 0 else '+'} {short(abs(a))}{name}" for a, name in terms if short(a) not in ("0", "−0")]
    return re.sub(r"^\+ |(?<=^−) ", "", " ".join(written)) or "0"


def reasons_table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A table whose last column gives reasons; on a narrow screen that column moves below the others."""
    return f'<div class="lab-reasons">{table(head, rows)}</div>'
