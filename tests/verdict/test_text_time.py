"""How a budget is divided on tables with text, and what is cut to fit into it."""

from __future__ import annotations

import numpy as np

from unbend.verdict.fit_data import read_data
from unbend.verdict.request import Request
from unbend.verdict.text_time import LEAST_LENGTH, TextTime, final_rows, readable

REQUEST = Request(target="y", budget=1.0, text=("t",))


def test_the_stages_end_one_after_the_other_and_the_final_model_has_its_time() -> None:
    for budget in (0.1, 5.0, 20.0, 60.0):
        times = TextTime.of(Request(target="y", budget=budget), 100.0, 150_000, 5_250_000, 1)
        assert times.compared is not None and times.located is not None and times.end is not None
        assert times.compared < times.located < times.end == 100 + budget
        assert times.end - times.located > 0.4 * budget or times.final_rows == 150_000
    assert times.final_rows == 150_000
    assert TextTime.of(Request(target="y", budget=5), 0.0, 150_000, 5_250_000, 1).final_rows < 100_000
    assert TextTime.of(Request(target="y", by_clock=False), 0.0, 10, 100, 1).end is None


def test_the_budget_for_a_comparison_gives_it_its_seconds() -> None:
    for characters in (100, 5_250_000, 50_000_000):
        for seconds in (0.5, 10.0, 300.0):
            budget = TextTime.of(REQUEST, 0.0, 150_000, characters, 1).budget_for(seconds)
            granted = TextTime.of(Request(target="y", budget=budget), 0.0, 150_000, characters, 1).comparing
            assert abs(granted / seconds - 1) < 1e-9


def test_the_final_model_has_the_compared_rows_and_others() -> None:
    rows = final_rows(100, np.array([3, 50]), 10, 0)
    assert len(np.unique(rows)) == 10 and {3, 50} <= set(rows.tolist())
    assert final_rows(5, np.array([3]), 10, 0).tolist() == [0, 1, 2, 3, 4]


def test_only_the_beginning_of_a_text_is_read_where_time_is_short() -> None:
    table = {"t": ["good film " * 1000, *(f"a film of {k} scenes" for k in range(39))], "y": np.arange(40) % 2}
    data = read_data(table, REQUEST)
    cut, notes, many = readable(data, 1.0)
    lengths = [len(problem.arrays.texts("t")[0] or "") for problem in (cut.problem, cut.compared)]
    assert all(LEAST_LENGTH - 10 < length <= LEAST_LENGTH for length in lengths)
    assert [note.key for note in notes] == ["verdict.text_cut"] and not many
    assert readable(data, 60.0)[1] == []
    assert readable(read_data(table | {"t": table["t"][:1] * 20 + table["t"][20:]}, REQUEST), 1.0)[2]
