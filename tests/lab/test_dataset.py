"""Data sets of the playground: columns as axes, columns left out, tables that cannot be trained on."""

from __future__ import annotations

import numpy as np
import pytest

from unbend.data.reader import parse_table
from unbend.errors import BadInput
from unbend.lab import playground
from unbend.lab.dataset import MAX_FEATURES, table_dataset
from unbend.lab.session import Session

from .conftest import defaults

RNG = np.random.default_rng(0)
MIXED = {
    "size": (np.arange(60) * 7 % 60) ** 1.5,
    "colour": ["red", "green", "green"] * 20,
    "new": ["no", "yes"] * 30,
    "other": RNG.normal(size=60),
    "y": (np.arange(60) * 7 % 60) + 30.0 * (np.arange(60) % 3 == 0),
}


def test_categories_and_numbers_are_axes() -> None:
    data = table_dataset(parse_table(MIXED), "y", 0.3, 0, shown=("colour", "new"))
    colour, new = data.axes
    assert (colour.levels, new.levels) == (("green", "red"), ("no", "yes"))
    assert (data.box == [[-0.5, 1.5], [-0.5, 1.5]]).all()
    rows = data.at(np.array([[0.9, 0.2], [-3.0, 0.6]]))
    columns = dict(zip(data.names, rows.T, strict=True))
    assert columns["colour=red"].tolist() == [1, 0] and columns["colour=green"].tolist() == [0, 1]
    assert columns["new=yes"].tolist() == [0, 1]
    assert columns["size"].tolist() == [np.median(MIXED["size"])] * 2
    assert colour.text(1.2) == "colour = red"
    assert colour.coordinates(data.x).tolist() == [1, 0, 0] * 20


def test_axes_not_chosen_are_those_associated_with_the_target() -> None:
    assert [axis.name for axis in table_dataset(parse_table(MIXED), "y", 0.3, 0).axes] == ["size", "colour"]
    chosen = table_dataset(parse_table(MIXED), "y", 0.3, 0, shown=("other",))
    assert [axis.name for axis in chosen.axes] == ["other", "size"]
    typical = chosen.typical_row[list(chosen.names).index("colour=green")]
    assert typical == 1  # the most frequent level


def test_columns_are_left_out_and_many_are_no_error() -> None:
    wide = {f"c{i}": RNG.normal(size=20) for i in range(51)}
    assert table_dataset(parse_table(wide), "c0", 0.3, 0).x.shape == (20, 50)
    few = table_dataset(parse_table(wide), "c0", 0.3, 0, left_out=[f"c{i}" for i in range(2, 51)])
    assert few.names == ("c1",)
    with pytest.raises(BadInput, match="tick at least one"):
        table_dataset(parse_table(wide), "c0", 0.3, 0, left_out=list(wide))
    wide |= {f"d{i}": RNG.normal(size=20) for i in range(MAX_FEATURES)}
    with pytest.raises(BadInput, match=f"1 to {MAX_FEATURES}"):
        table_dataset(parse_table(wide), "c0", 0.3, 0)


def test_targets_that_cannot_be_learned() -> None:
    with pytest.raises(BadInput):
        table_dataset(parse_table({"a": [1.0] * 20, "b": np.arange(20.0)}), "a", 0.3, 0)


def test_fields_of_a_table_choose_target_axes_and_columns(numpy_engine: None) -> None:
    pytest.importorskip("anywidget")
    table = parse_table(MIXED)
    session = Session(playground.fields())
    choices = {field.name: field.default for field in playground.table_fields(table)}
    assert list(choices) == ["target", "axis1", "axis2", "use1", "use2", "use3", "use4", "use5"]
    values = {**defaults(playground.fields), **choices, "data": "own"}
    session.configure({**values, "target": "size", "axis1": "colour", "use3": False}, table)
    assert session.run is not None
    assert session.run.dataset.target == "size"
    assert session.views.surface.names == ["colour", "y"]
    assert session.views.surface.levels == [["green", "red"], []]
    assert "new=yes" not in session.run.dataset.names
    session.configure({**values, **{f"use{k}": False for k in range(1, 6)}}, table)
    assert session.run is None and "tick" in session.runner.message
    assert session.views.surface.side == 0 and session.views.surface.points == b""  # no picture of another table


def test_included_tables_train_and_names_are_not_in_use_at_first(numpy_engine: None) -> None:
    for name, target in (("cars", "mpg"), ("seoul-bikes", "대여수")):
        table = parse_table(name)
        choices = {field.name: field.default for field in playground.table_fields(table)}
        data = playground.dataset({**defaults(playground.fields), **choices, "data": "own"}, table)
        assert data.target == target and len(data.axes) == 2 and data.x.shape[1] <= 20
        assert not any(feature.startswith("name=") for feature in data.names)
