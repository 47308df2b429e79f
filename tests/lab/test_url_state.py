"""A page's state in its URL: what is written is read back, what is wrong is named and replaced."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from unbend.lab.url_state import parse_url
from unbend.widgets.fields import Button, Choice, Field, Number, Switch, TextLine

FIELDS: list[Field] = [
    Number("whole", 3, "Whole", 0, 10, 1),
    Number("real", 0.5, "Real", -2, 2, 0.1),
    Number("rate", 0.01, "Rate", 0.001, 10, marks=(0.001, 0.01, 0.1, 1, 10)),
    Number("batch", 10, "Batch", 1, 100, marks=(1, 10, 100)),
    Choice("letter", "a", "Letter", (("a", "A"), ("b", "B"))),
    Switch("on", False, "On"),
    TextLine("text", "x", "Text", 20),
    Button("go", label="Go"),
]


@given(st.integers(0, 10), st.floats(-2, 2), st.sampled_from([0.001, 0.01, 0.1, 1, 10]), st.sampled_from([1, 10, 100]),
       st.sampled_from("ab"), st.booleans(), st.text(max_size=20))  # fmt: skip
def test_written_and_read_back(
    whole: int, real: float, rate: float, batch: int, letter: str, on: bool, text: str
) -> None:
    values: dict[str, Any] = {"whole": whole, "real": real, "rate": rate, "batch": batch, "letter": letter, "on": on,
                              "text": text}  # fmt: skip
    url = {f.name: f.write(values[f.name]) for f in FIELDS if f.name in values}
    state = parse_url({"v": "1", **url}, FIELDS)
    assert not state.problems
    assert state.values["real"] == pytest.approx(real, rel=1e-9)
    assert {**state.values, "real": real} == {**values, "go": 0}
    assert isinstance(state.values["whole"], int) and isinstance(state.values["batch"], int)


@given(st.sampled_from([f.name for f in FIELDS if f.name not in ("text", "go")]), st.text())
def test_any_text_gives_a_value_in_range(name: str, text: str) -> None:
    state = parse_url({name: text}, FIELDS)
    value = state.values[name]
    assert len(state.problems) <= 1
    assert name != "whole" or (isinstance(value, int) and 0 <= value <= 10)
    assert name != "real" or -2 <= value <= 2
    assert name != "rate" or value in (0.001, 0.01, 0.1, 1, 10)


@pytest.mark.parametrize("text", ["nan", "inf", "-1e309", "3.5", "11", "", "0x3", "3;drop"])
def test_bad_numbers_are_named(text: str) -> None:
    state = parse_url({"whole": text}, FIELDS)
    assert state.values["whole"] == 3
    assert len(state.problems) == 1 and "Whole" in state.problems[0] and text[:40] in state.problems[0]


def test_other_versions_hidden_parts_and_repeats() -> None:
    state = parse_url({"v": "99", "whole": "7", "_hide": "rate,chart,nothing"}, FIELDS, ["chart"])
    assert state.values["whole"] == 3 and state.hidden == ("rate", "chart")
    assert "99" in state.problems[0] and "nothing" in state.problems[1]
    assert parse_url({"whole": ["4", "5"]}, FIELDS).values["whole"] == 5
    assert parse_url({"text": "x" * 21}, FIELDS).values["text"] == "x"
