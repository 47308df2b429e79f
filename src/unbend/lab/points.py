"""Points that stand in three places: in a view where they are dragged, as text in the URL, and in a reader's table."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from ..data.parsed_table import ParsedTable
from ..errors import BadInput
from ..figures.plane import around
from ..words import say
from .numbers import read_rows

MOST_POINTS, LONGEST = 40, 1500  # characters of them in the URL

Points = Sequence[Sequence[float]]


def write_points(points: Any) -> str:
    """Points as they stand in the URL."""
    return "; ".join(f"{_decimal(x)} {_decimal(y)}" for x, y in points)


def _decimal(value: float) -> str:
    """Four digits without an exponent."""
    return str(np.format_float_positional(float(f"{value:.4g}"), trim="-"))


def read_points(text: str) -> list[list[float]]:
    """Points such as "1 2; 3 4.5". Raises ``BadInput`` where they are not pairs, or more than ``MOST_POINTS``."""
    rows = read_rows(text, say("lab_pages.points"), MOST_POINTS)
    if len(rows[0]) != 2:
        raise BadInput("lab_pages.pairs", got=len(rows[0]))
    return [[float(x), float(y)] for x, y in rows]


def table_points(reading: ParsedTable, x: str | None, y: str | None) -> tuple[list[list[float]], str]:
    """(points, what must be said) of a table: its columns ``x`` and ``y``, else its first columns of numbers.

    Raises ``BadInput`` where there are no two columns of numbers. Of more than ``MOST_POINTS`` rows some are drawn.
    """
    import pyarrow.types as kinds

    data = reading.table
    numbers = [f.name for f in data.schema if kinds.is_integer(f.type) or kinds.is_floating(f.type)]
    chosen = [name for name in (x, y) if name in numbers]
    chosen = chosen if len(chosen) == 2 else numbers[:2]
    if len(chosen) < 2:
        raise BadInput("lab_pages.two_columns", known=", ".join(data.column_names))
    rows = np.column_stack([data[name].to_numpy().astype(float) for name in chosen])
    whole = rows[np.isfinite(rows).all(axis=1)]
    if len(whole) < 2:
        raise BadInput("lab_pages.few_points", x=chosen[0], y=chosen[1], got=len(whole))
    said = say("lab_pages.points_taken", x=chosen[0], y=chosen[1], count=min(len(whole), MOST_POINTS), all=len(rows))
    if len(whole) > MOST_POINTS:
        whole = whole[np.sort(np.random.default_rng(0).permutation(len(whole))[:MOST_POINTS])]
        said += " " + say("lab_pages.points_drawn")
    return read_points(write_points(whole)), said


def plot(points: Points) -> Any:
    """The points as a view in which they can be moved."""
    from ..widgets import Plot

    x, y = np.asarray(points, dtype=float).T
    return Plot(points, x_range=around(x, share=0.15), y_range=around(y, share=0.15), movable=True,
                label=say("lab_pages.points_label"))  # fmt: skip


class Moving:
    """The points, wherever the reader changed them last: in the view, in the text, or by a table."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.points: list[list[float]] = read_points(text)
        self.said = ""
        self._table: ParsedTable | None = None

    def take(self, reading: ParsedTable | None, names: tuple[str | None, str | None], panel: Any) -> None:
        """Write a table's points into the text, once. Raises ``BadInput`` where it has none."""
        if reading is None or reading is self._table:
            return
        self._table, self.said = reading, ""
        points, self.said = table_points(reading, *names)
        panel.put("points", write_points(points))

    def settle(self, panel: Any, view: Any) -> list[list[float]]:
        """Bring panel and view together. Raises ``BadInput`` where the text cannot be read; the points then stay."""
        text = panel.values["points"]
        if text != self.text:
            self.text = text
            self.points = read_points(text)
            view.show(points=self.points)
            view.frame(*_ends(self.points, view))
        elif [list(p) for p in view.points] != self.points:
            self.points = [[float(x), float(y)] for x, y in view.points]
            self.text = write_points(self.points)
            panel.put("points", self.text)
        return self.points


def _ends(points: Points, view: Any) -> list[tuple[float, float]]:
    """The ends the view shows, others where points lie outside or are lost in it."""
    result = []
    for values, (low, high) in zip(np.asarray(points, dtype=float).T, (view.x_range, view.y_range), strict=True):
        near = around(values, share=0.15)
        fits = low <= values.min() and values.max() <= high and near[1] - near[0] > 0.3 * (high - low)
        result.append((low, high) if fits else near)
    return result


def start(text: str, usual: str) -> tuple[Moving, str]:
    """The points in the URL, or the usual ones and why."""
    try:
        return Moving(text), ""
    except BadInput as problem:
        return Moving(usual), str(problem)
