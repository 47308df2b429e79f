"""Points edited in the plot, as text and from a table stay in step."""

from __future__ import annotations

import numpy as np
import pytest

pytest.importorskip("anywidget")

import unbend as ub
from unbend.data.reader import parse_table
from unbend.errors import BadInput
from unbend.lab.curve_fit import column_names
from unbend.lab.draggable_points import (
    MAX_POINTS,
    PointSynchronizer,
    format_points,
    parse_points,
    point_plot,
    points_from_url,
    table_points,
)
from unbend.widgets.controls import Controls
from unbend.widgets.fields import TextLine


def test_points_move_with_the_view_and_with_the_text() -> None:
    points = PointSynchronizer("0 1; 1 2")
    panel = Controls([TextLine("points", "0 1; 1 2", "Points", 1500)], {})
    view = point_plot(points.points)
    view.points = [[0.0, 1.0], [1.0, 5.0]]  # dragged
    assert points.synchronize(panel, view) == [[0, 1], [1, 5]] and panel.raw["points"] == "0 1; 1 5"
    panel.raw = {"points": "0 1; 1 5; 2 2"}  # typed
    assert points.synchronize(panel, view) == [[0, 1], [1, 5], [2, 2]] == view.points
    panel.raw = {"points": "0 1; 1 nonsense"}
    with pytest.raises(BadInput):
        points.synchronize(panel, view)
    assert points.synchronize(panel, view) == [[0, 1], [1, 5], [2, 2]]
    panel.raw = {"points": "100 2000; 300 4000"}  # outside what is shown
    points.synchronize(panel, view)
    assert view.x_range[0] <= 100 and view.x_range[1] >= 300 and view.y_range[1] >= 4000


def test_a_table_becomes_points() -> None:
    table = parse_table({"name": ["u", "v", "w"], "y": [1.0, 2.5, None], "t": [10, 20, 30], "z": [4.0, 5.0, 6.0]})
    assert table_points(table, "t", "z")[0] == [[10, 4], [20, 5], [30, 6]]
    found, said = table_points(table, "x", "y")  # no column x: the first two of numbers
    assert found == [[1, 10], [2.5, 20]] and "2 of the table's 3 rows" in said and "y across, t up" in said
    many = parse_table({"x": np.arange(200.0), "y": 3 * np.arange(200.0)})
    found, said = table_points(many, "x", "y")
    assert len(found) == MAX_POINTS and all(y == 3 * x for x, y in found) and "unbend check" in said
    for bad in ({"a": ["u", "v"], "b": [1.0, 2.0]}, {"a": [1.0, None], "b": [None, 2.0]}):
        with pytest.raises(BadInput):
            table_points(parse_table(bad), "x", "y")
    points = PointSynchronizer("0 1; 1 2")
    panel = Controls([TextLine("points", "0 1; 1 2", "Points", 1500)], {})
    points.load_table(table, column_names(ub.Formula("z = a*t + b")), panel)
    assert points.synchronize(panel, point_plot(points.points)) == [[10, 4], [20, 5], [30, 6]]
    panel.raw = {"points": "1 1; 2 2"}
    points.load_table(table, ("t", "z"), panel)  # the same table again is not news
    assert panel.raw["points"] == "1 1; 2 2"


def test_points_are_written_as_they_are_read() -> None:
    some = [[123456.0, -0.00012345], [0.0, 1e-7], [-2.5, 3.0]]
    np.testing.assert_allclose(parse_points(format_points(some)), some, rtol=1e-3)


def test_points_come_from_the_url_or_are_the_default_ones() -> None:
    points, problem = points_from_url("0 0; 1 1", "5 5; 6 6")
    assert points.points == [[0, 0], [1, 1]] and not problem
    points, problem = points_from_url("0 nonsense", "5 5; 6 6")
    assert points.points == [[5, 5], [6, 6]] and "nonsense" in problem
