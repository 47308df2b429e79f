"""`arrange`: the layout of a network diagram in pixels, columns of neurons with a gap in wide ones."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from .shapes import Point

RADIUS, TOP = 24.0, 64.0
_ROW = 92.0


@dataclass(frozen=True)
class Layout:
    """Positions in pixels: ``shown[k]`` are the neurons drawn in column k (0: the inputs), None for the gap;
    ``centres[k]`` their centres; ``right`` and ``bottom`` the extent.
    """

    shown: tuple[tuple[int | None, ...], ...]
    centres: tuple[tuple[Point, ...], ...]
    right: float
    bottom: float

    @property
    def arrows(self) -> list[tuple[int, int, int]]:
        """(k, i, j): the arrow from neuron i of column k to neuron j of column k + 1."""
        return [
            (k, i, j)
            for k in range(len(self.shown) - 1)
            for j in self.shown[k + 1]
            for i in self.shown[k]
            if i is not None and j is not None
        ]

    def shifted(self, by: float) -> Layout:
        """The same layout, ``by`` pixels further to the right."""
        moved = tuple(tuple((x + by, y) for x, y in column) for column in self.centres)
        return replace(self, centres=moved, right=self.right + by)


def arrange(sizes: Sequence[int], most: int = 6, row: float = _ROW) -> Layout:
    """The layout of columns of ``sizes`` neurons, at most ``most`` drawn of each, ``row`` pixels apart."""
    shown = [_shown(n, most) for n in sizes]
    tallest = max(len(s) for s in shown)
    centres: list[tuple[Point, ...]] = []
    x = 70.0
    for k, rows in enumerate(shown):
        if k:
            x += 150 + 14 * len([i for i in shown[k - 1] if i is not None]) * min(3, len(rows)) ** 0.5
        top = TOP + 20 + (tallest - len(rows)) * row / 2
        centres.append(tuple((x, top + i * row + RADIUS) for i in range(len(rows))))
    return Layout(tuple(shown), tuple(centres), x, TOP + 20 + tallest * row - 10)


def _shown(count: int, most: int) -> tuple[int | None, ...]:
    """The neurons drawn, None for the gap."""
    return tuple(range(count)) if count <= most else (*range(most - 2), None, count - 1)
