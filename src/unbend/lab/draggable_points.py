"""Points edited in three places that are synchronised: dragged in a plot, typed as text, loaded from a table."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from ..data.parsed_table import ParsedTable
from ..errors import BadInput
from ..figures.plane import padded_interval
from ..words import say
from .matrix_input import parse_matrix

MAX_POINTS, MAX_TEXT = 40, 1500  # number of points; characters of their text in the URL

Points = Sequence[Sequence[float]]


def format_points(points: Any) -> str:
    """Points (n, 2) as text, such as "1 2; 3 4.5"."""
    return "; ".join(f"{_decimal(x)} {_decimal(y)}" for x, y in points)


def _decimal(value: float) -> str:
    """Four significant digits without an exponent."""
    return str(np.format_float_positional(float(f"{value:.4g}"), trim="-"))


def parse_points(text: str) -> list[list[float]]:
    """Parse points such as "1 2; 3 4.5". Raises ``BadInput`` for other than pairs, or more than ``MAX_POINTS``."""
    rows = parse_matrix(text, say("lab_pages.points"), MAX_POINTS)
    if len(rows[0]) != 2:
        raise BadInput("lab_pages.pairs", got=len(rows[0]))
    return [[float(x), float(y)] for x, y in rows]


def table_points(reading: ParsedTable, x: str | None, y: str | None) -> tuple[list[list[float]], str]:
    """(points, message) from a table: its columns ``x`` and ``y`` if numeric, else its first two numeric columns.

    Raises ``BadInput`` where there are no two numeric columns. More than ``MAX_POINTS`` rows are sampled.
    """
    import pyarrow.types as types

    data = reading.table
    numeric = [f.name for f in data.schema if types.is_integer(f.type) or types.is_floating(f.type)]
    chosen = [name for name in (x, y) if name in numeric]
    chosen = chosen if len(chosen) == 2 else numeric[:2]
    if len(chosen) < 2:
        raise BadInput("lab_pages.two_columns", known=", ".join(data.column_names))
    rows = np.column_stack([data[name].to_numpy().astype(float) for name in chosen])
    finite_rows = rows[np.isfinite(rows).all(axis=1)]
    if len(finite_rows) < 2:
        raise BadInput("lab_pages.few_points", x=chosen[0], y=chosen[1], got=len(finite_rows))
    message = say(
        "lab_pages.points_taken", x=chosen[0], y=chosen[1], count=min(len(finite_rows), MAX_POINTS), all=len(rows)
    )
    if len(finite_rows) > MAX_POINTS:
        finite_rows = finite_rows[np.sort(np.random.default_rng(0).permutation(len(finite_rows))[:MAX_POINTS])]
        message += " " + say("lab_pages.points_drawn")
    return parse_points(format_points(finite_rows)), message


def point_plot(points: Points) -> Any:
    """The points as a ``Plot`` in which they can be moved."""
    from ..widgets import Plot

    x, y = np.asarray(points, dtype=float).T
    return Plot(points, x_range=padded_interval(x, padding=0.15), y_range=padded_interval(y, padding=0.15),
                movable=True, label=say("lab_pages.points_label"))  # fmt: skip


class PointSynchronizer:
    """Holds the points as edited last, and brings the plot and the text field in step with them."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.points: list[list[float]] = parse_points(text)
        self.message = ""
        self._loaded: ParsedTable | None = None

    def load_table(self, reading: ParsedTable | None, names: tuple[str | None, str | None], panel: Any) -> None:
        """Write a new table's points into the text field. Raises ``BadInput`` where it has none."""
        if reading is None or reading is self._loaded:
            return
        self._loaded, self.message = reading, ""
        points, self.message = table_points(reading, *names)
        panel.set_value("points", format_points(points))

    def synchronize(self, panel: Any, view: Any) -> list[list[float]]:
        """Update text field or plot, whichever is older. Raises ``BadInput`` for invalid text; the points then stay."""
        text = panel.values["points"]
        if text != self.text:
            self.text = text
            self.points = parse_points(text)
            view.show(points=self.points)
            view.set_ranges(*_ranges(self.points, view))
        elif [list(p) for p in view.points] != self.points:
            self.points = [[float(x), float(y)] for x, y in view.points]
            self.text = format_points(self.points)
            panel.set_value("points", self.text)
        return self.points


def _ranges(points: Points, view: Any) -> list[tuple[float, float]]:
    """The axis ranges: as they are, or new ones where points are outside or fill too little of them."""
    result = []
    for values, (low, high) in zip(np.asarray(points, dtype=float).T, (view.x_range, view.y_range), strict=True):
        fitted = padded_interval(values, padding=0.15)
        fits = low <= values.min() and values.max() <= high and fitted[1] - fitted[0] > 0.3 * (high - low)
        result.append((low, high) if fits else fitted)
    return result


def points_from_url(text: str, default: str) -> tuple[PointSynchronizer, str]:
    """(points, error message): those of the URL, or the default ones where its text is invalid."""
    try:
        return PointSynchronizer(text), ""
    except BadInput as error:
        return PointSynchronizer(default), str(error)
