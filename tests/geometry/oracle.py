"""Outside oracle: a convex polygon split line by line with Fractions, one cell at a time. Slow and plain."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

Point = tuple[Fraction, Fraction]
Affine = tuple[Fraction, Fraction, Fraction]  # a x + b y + c


def split(polygon: list[Point], line: Affine) -> tuple[list[Point], list[Point]]:
    """The parts of a polygon where the line is >= 0 and <= 0; an empty list where a part has no area."""
    a, b, c = line
    values = [a * x + b * y + c for x, y in polygon]
    if not any(v > 0 for v in values):
        return [], polygon
    if not any(v < 0 for v in values):
        return polygon, []
    above: list[Point] = []
    below: list[Point] = []
    for i, p in enumerate(polygon):
        q, v, w = polygon[(i + 1) % len(polygon)], values[i], values[(i + 1) % len(polygon)]
        if v >= 0:
            above.append(p)
        if v <= 0:
            below.append(p)
        if (v > 0 > w) or (v < 0 < w):
            t = v / (v - w)
            crossing = (p[0] + t * (q[0] - p[0]), p[1] + t * (q[1] - p[1]))
            above.append(crossing)
            below.append(crossing)
    return above, below


def cells(layers: list[tuple[Any, Any, list[Fraction], list[tuple[Fraction, Fraction]]]],
          box: list[list[Any]]) -> list[tuple[list[Point], list[Affine]]]:  # fmt: skip
    """All cells of a network on a box, with the output's maps. A layer is (W, b, kinks, (slope, intercept) pieces)."""
    (left, right), (low, high) = [[Fraction(v) for v in side] for side in box]
    start = [(left, low), (right, low), (right, high), (left, high)]
    found = [(start, [(Fraction(1), Fraction(0), Fraction(0)), (Fraction(0), Fraction(1), Fraction(0))])]
    for W, b, kinks, pieces in layers:
        found = [part for polygon, maps in found for part in _through(polygon, maps, W, b, kinks, pieces)]
    return found


def _through(polygon: list[Point], maps: list[Affine], W: Any, b: Any, kinks: list[Fraction],
             pieces: list[tuple[Fraction, Fraction]]) -> list[tuple[list[Point], list[Affine]]]:  # fmt: skip
    z: list[Affine] = []
    for j in range(len(b)):
        sums = [sum((Fraction(float(W[i][j])) * m[k] for i, m in enumerate(maps)), Fraction(0)) for k in range(3)]
        z.append((sums[0], sums[1], sums[2] + Fraction(float(b[j]))))
    parts: list[tuple[list[Point], list[Affine]]] = [(polygon, [])]
    for a, c, d in z:
        after: list[tuple[list[Point], list[Affine]]] = []
        for part, done in parts:
            rest = part
            for k, (slope, height) in enumerate(pieces):
                below, rest = (rest, []) if k == len(kinks) else split(rest, (-a, -c, kinks[k] - d))
                if below:
                    after.append((below, [*done, (slope * a, slope * c, slope * d + height)]))
                if not rest:
                    break
        parts = after
    return parts
