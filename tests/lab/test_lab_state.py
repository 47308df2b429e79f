"""A page's state in its URL: what is written is read back, what is wrong is named and replaced."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from unbend.lab.state import Action, Choice, Field, Line, Number, Switch, read, shown

FIELDS: list[Field] = [
    Number("whole", 3, "Whole", 0, 10, 1),
    Number("real", 0.5, "Real", -2, 2, 0.1),
    Number("rate", 0.01, "Rate", 0.001, 10, marks=(0.001, 0.01, 0.1, 1, 10)),
    Number("batch", 10, "Batch", 1, 100, marks=(1, 10, 100)),
    Choice("letter", "a", "Letter", (("a", "A"), ("b", "B"))),
    Switch("on", False, "On"),
    Line("text", "x", "Text", 20),
    Action("go", label="Go"),
]


@given(st.integers(0, 10), st.floats(-2, 2), st.sampled_from([0.001, 0.01, 0.1, 1, 10]), st.sampled_from([1, 10, 100]),
       st.sampled_from("ab"), st.booleans(), st.text(max_size=20))  # fmt: skip
def test_written_and_read_back(
    whole: int, real: float, rate: float, batch: int, letter: str, on: bool, text: str
) -> None:
    values: dict[str, Any] = {"whole": whole, "real": real, "rate": rate, "batch": batch, "letter": letter, "on": on,
                              "text": text}  # fmt: skip
    url = {f.name: f.write(values[f.name]) for f in FIELDS if f.name in values}
    state = read({"v": "1", **url}, FIELDS)
    assert not state.problems
    assert state.values["real"] == pytest.approx(real, rel=1e-9)
    assert {**state.values, "real": real} == {**values, "go": 0}
    assert isinstance(state.values["whole"], int) and isinstance(state.values["batch"], int)


@given(st.sampled_from([f.name for f in FIELDS if f.name not in ("text", "go")]), st.text())
def test_any_text_gives_a_value_in_range(name: str, text: str) -> None:
    state = read({name: text}, FIELDS)
    value = state.values[name]
    assert len(state.problems) <= 1
    assert name != "whole" or (isinstance(value, int) and 0 <= value <= 10)
    assert name != "real" or -2 <= value <= 2
    assert name != "rate" or value in (0.001, 0.01, 0.1, 1, 10)


@pytest.mark.parametrize("text", ["nan", "inf", "-1e309", "3.5", "11", "", "0x3", "3;drop"])
def test_bad_numbers_are_named(text: str) -> None:
    state = read({"whole": text}, FIELDS)
    assert state.values["whole"] == 3
    assert len(state.problems) == 1 and "Whole" in state.problems[0] and text[:40] in state.problems[0]


def test_other_versions_hidden_parts_and_repeats() -> None:
    state = read({"v": "99", "whole": "7", "_hide": "rate,chart,nothing"}, FIELDS, ["chart"])
    assert state.values["whole"] == 3 and state.hidden == ("rate", "chart")
    assert "99" in state.problems[0] and "nothing" in state.problems[1]
    assert read({"whole": ["4", "5"]}, FIELDS).values["whole"] == 5
    assert read({"text": "x" * 21}, FIELDS).values["text"] == "x"


def test_fields_that_need_others_count_only_with_them() -> None:
    fields: list[Field] = [
        Number("depth", 2, "Depth", 0, 4, 1),
        Choice("a", "relu", "A", (("relu", "relu"), ("own", "own")), needs=(("depth", 1),)),
        Choice("b", "relu", "B", (("relu", "relu"), ("own", "own")), needs=(("depth", 2),)),
        Line("text", "x", "Text", needs=(("a", "own"), ("b", "own"))),
    ]
    for depth, a, b, names in (
        (2, "relu", "relu", "depth a b"), (2, "relu", "own", "depth a b text"), (1, "relu", "own", "depth a"),
        (1, "own", "relu", "depth a text"), (0, "own", "own", "depth"),
    ):  # fmt: skip
        values = {"depth": depth, "a": a, "b": b, "text": "x"}
        assert [field.name for field in shown(fields, values)] == names.split()
