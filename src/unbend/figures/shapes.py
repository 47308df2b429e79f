"""The shapes a drawing consists of, in pixels with y downwards: lines, polygons, circles, text."""

from __future__ import annotations

from dataclasses import dataclass

Point = tuple[float, float]


@dataclass(frozen=True)
class Line:
    """A polyline, dashed where ``dash`` is set, with an arrow head at its end where ``arrow`` is."""

    points: tuple[Point, ...]
    colour: str = "#222222"
    width: float = 1.5
    dash: bool = False
    arrow: bool = False


@dataclass(frozen=True)
class Area:
    """A polygon filled with ``fill``, its outline in the colour ``edge``."""

    points: tuple[Point, ...]
    fill: str
    edge: str = "none"


@dataclass(frozen=True)
class Circle:
    """A circle filled with ``fill``, its outline in the colour ``edge``."""

    centre: Point
    radius: float
    fill: str = "#ffffff"
    edge: str = "#222222"


@dataclass(frozen=True)
class Text:
    """Text with its middle (or its ``anchor`` end) at ``at``; ``halo`` puts a white box behind it."""

    at: Point
    text: str
    size: float = 12.0
    anchor: str = "middle"  # start, middle, end
    colour: str = "#222222"
    halo: bool = False
    bold: bool = False

    @property
    def box(self) -> tuple[float, float, float, float]:
        """The approximate bounding box: left, top, right, bottom."""
        width = sum(self.size * (1.0 if ord(c) > 0x2000 else 0.58) for c in self.text)
        left = self.at[0] - {"start": 0.0, "middle": width / 2, "end": width}[self.anchor]
        return left, self.at[1] - 0.62 * self.size, left + width, self.at[1] + 0.62 * self.size


Shape = Line | Area | Circle | Text


def arrow_head(line: Line) -> tuple[Point, Point, Point]:
    """The three corners of the arrow head at the line's end."""
    (x1, y1), (x2, y2) = line.points[-2:]
    length = max(((x2 - x1) ** 2 + (y2 - y1) ** 2) ** 0.5, 1e-9)
    dx, dy = (x2 - x1) / length, (y2 - y1) / length
    long, wide = 7 + line.width, 2.5 + line.width
    bx, by = x2 - long * dx, y2 - long * dy
    return (x2, y2), (bx - wide * dy, by + wide * dx), (bx + wide * dy, by - wide * dx)
