"""`Plane`: a coordinate plane on a drawing: axes with round ticks; curves, points and arrows by coordinates."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..arrays import Array
from .diagram import short
from .shapes import Area, Circle, Line, Point, Shape, Text

Interval = tuple[float, float]
_GRID, _AXIS, _LABEL = "#e3e3e3", "#8a8a8a", "#555555"


@dataclass(frozen=True)
class Plane:
    """The rectangle ``x`` by ``y`` of coordinates, drawn in the pixels left, top, right, bottom of ``frame``."""

    x: Interval
    y: Interval
    frame: tuple[float, float, float, float] = (48.0, 16.0, 544.0, 336.0)

    def at(self, x: float, y: float) -> Point:
        """The pixel of a point."""
        left, top, right, bottom = self.frame
        (x0, x1), (y0, y1) = self.x, self.y
        return left + (x - x0) / (x1 - x0) * (right - left), bottom - (y - y0) / (y1 - y0) * (bottom - top)

    def axes(self, x: str = "x", y: str = "y") -> list[Shape]:
        """The grid with its tick labels, the lines through 0 and the names of both axes."""
        left, top, right, bottom = self.frame
        shapes: list[Shape] = []
        for value in ticks(self.x):
            position = self.at(value, 0)[0]
            colour, width = (_AXIS, 1.2) if value == 0 else (_GRID, 1.0)
            shapes += [Line(((position, top), (position, bottom)), colour, width),
                       Text((position, bottom + 12), short(value), 11, colour=_LABEL)]  # fmt: skip
        for value in ticks(self.y):
            position = self.at(0, value)[1]
            colour, width = (_AXIS, 1.2) if value == 0 else (_GRID, 1.0)
            shapes += [Line(((left, position), (right, position)), colour, width),
                       Text((left - 6, position), short(value), 11, "end", _LABEL)]  # fmt: skip
        return [*shapes, Text((right, bottom + 27), x, 12, "end"), Text((left + 6, top - 8), y, 12, "start")]

    def curve(self, x: Array, y: Array, colour: str, width: float = 2.2, dash: bool = False) -> list[Shape]:
        """The curve through the points (x, y) where it is inside; it stops at NaN and at the frame."""
        parts: list[list[Point]] = [[]]
        (x0, x1), (y0, y1) = self.x, self.y
        for (xa, ya), (xb, yb) in zip(zip(x, y, strict=True), zip(x[1:], y[1:], strict=True), strict=False):
            ends = clip((xa, ya), (xb, yb), (x0, y0, x1, y1))
            if ends is None:
                parts.append([])
                continue
            start, end = self.at(*ends[0]), self.at(*ends[1])
            if not parts[-1] or parts[-1][-1] != start:
                parts.append([start])
            parts[-1].append(end)
        return [Line(tuple(p), colour, width, dash) for p in parts if len(p) > 1]

    def arrow(self, start: Point, end: Point, colour: str, width: float = 2.2, dash: bool = False) -> list[Shape]:
        """An arrow, or a ring where both ends meet."""
        a, b = self.at(*start), self.at(*end)
        if math.dist(a, b) < 4:
            return [Circle(a, 7, "none", colour)]
        return [Line((a, b), colour, width, dash, arrow=True)]

    def dot(self, x: float, y: float, colour: str, radius: float = 5.0, filled: bool = True) -> Circle:
        """A point."""
        return Circle(self.at(x, y), radius, colour if filled else "#ffffff", colour)

    def area(self, points: Any, fill: str, edge: str = "none") -> Area:
        """A filled polygon with corners (n, 2)."""
        return Area(tuple(self.at(float(x), float(y)) for x, y in points), fill, edge)


def ticks(interval: Interval, most: int = 7) -> list[float]:
    """Round numbers inside the interval: multiples of 1, 2 or 5 times a power of ten, at most ``most`` + 1."""
    low, high = interval
    least = (high - low) / most
    power = 10.0 ** math.floor(math.log10(least))
    step = next(m * power for m in (1, 2, 5, 10) if m * power >= least * (1 - 1e-9))
    first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
    return [k * step if k else 0.0 for k in range(first, last + 1)]


def padded_interval(values: Any, min_width: float = 1.0, padding: float = 0.12) -> Interval:
    """An interval at least ``min_width`` wide around all finite values, with ``padding`` times their range added."""
    finite = np.asarray(values, dtype=float)
    finite = finite[np.isfinite(finite)]
    low, high = (float(finite.min()), float(finite.max())) if len(finite) else (0.0, 0.0)
    margin = max(padding * (high - low), (min_width - (high - low)) / 2, 1e-9 * max(abs(low), abs(high)))
    return low - margin, high + margin


def clip(a: Point, b: Point, box: tuple[float, float, float, float]) -> tuple[Point, Point] | None:
    """The part of the segment inside (x0, y0, x1, y1), None where there is none (Liang & Barsky 1984)."""
    if not all(map(math.isfinite, (*a, *b))):
        return None
    dx, dy = b[0] - a[0], b[1] - a[1]
    first, last = 0.0, 1.0
    for p, q in ((-dx, a[0] - box[0]), (dx, box[2] - a[0]), (-dy, a[1] - box[1]), (dy, box[3] - a[1])):
        if p == 0:
            if q < 0:
                return None
        elif p < 0:
            first = max(first, q / p)
        else:
            last = min(last, q / p)
    if first > last:
        return None
    start = a if first == 0 else (a[0] + first * dx, a[1] + first * dy)
    return start, b if last == 1 else (a[0] + last * dx, a[1] + last * dy)
