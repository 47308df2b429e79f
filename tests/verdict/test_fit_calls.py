"""Calling ``unbend.fit``: the same seed, any table, what is said, progress, the budget, JSON, bad arguments."""

from __future__ import annotations

import json
import math
import sys
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

import unbend as ub
from unbend.data import Note
from unbend.errors import BadInput, DataError
from unbend.verdict import Request, Settings, Step, fit_table
from unbend.verdict.plan import WorkPlan

MODULE = sys.modules["unbend.verdict.pipeline"]
QUICK = Settings(members=2, hidden=(8,), steps=150, batch_size=16)


@pytest.fixture(autouse=True)
def small_work(monkeypatch: pytest.MonkeyPatch) -> None:
    """Five folds once, of small networks: what takes a minute takes a moment."""
    monkeypatch.setattr(MODULE, "plan", lambda rows, features, outputs, seconds: WorkPlan(5, 1, QUICK))


def made(rows: int = 50, classes: bool = False) -> dict[str, Any]:
    rng = np.random.default_rng(1)
    t = {f"x{k}": rng.uniform(-1, 1, rows) for k in range(3)}
    y = t["x0"] ** 2 + t["x1"] + 0.2 * rng.normal(size=rows)
    return t | {"y": np.digitize(y, [0, 0.5]).astype(str) if classes else y}


def test_same_seed_same_answer_whatever_holds_the_table() -> None:
    pandas, polars = pytest.importorskip("pandas"), pytest.importorskip("polars")
    table = made(50)
    first = ub.fit(table, "y", seed=5)
    for other in (pandas.DataFrame(table), polars.DataFrame(table), pa.table(table)):  # and twice of the same
        again = ub.fit(other, "y", seed=5)
        assert (again.gain, again.interval) == (first.gain, first.interval)
        assert again.predict(table).tobytes() == first.predict(table).tobytes()
        answer, expected = again.to_json(), first.to_json()
        answer.pop("seconds"), expected.pop("seconds")
        assert answer == expected
    assert ub.fit(table, "y", seed=6).gain != first.gain


def test_a_numpy_array() -> None:
    table = made(40)
    array = np.column_stack(list(table.values()))
    result = ub.fit(array, "x4")
    assert result.problem.target == "x4"
    np.testing.assert_allclose(result.predict(array), result.predict(array[:, :3]))


def test_what_was_done_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    table = made(60)
    table["x0"] = [None, *table["x0"][1:]]
    table["same"] = [1.5] * 60
    table["y"] = [*table["y"][:-1], None]
    cut = Note("verdict.steps_cut", {"budget": 60.0, "steps": QUICK.steps})
    monkeypatch.setattr(MODULE, "plan", lambda *a: WorkPlan(5, 1, QUICK, fewer_steps=True))
    result = ub.fit(table, "y")
    keys = [note.key for note in result.notes]
    assert "data.missing_numbers" in keys and "data.rows_dropped" in keys and cut in result.notes
    assert result.problem.rows == 59
    *sentences, left_out = result.to_json()["notes"]
    assert sentences == [note.text() for note in result.notes]
    assert "same (the same value 1.5 in every row)" in left_out
    assert [c.name for c in result.problem.columns if c.why] == ["same"]


def test_many_rows_are_compared_on_some() -> None:
    result = fit_table(made(100), Request(target="y", compared_rows=40))
    note = next(n for n in result.notes if n.key == "verdict.compared_on")
    assert note.values == {"rows": 40, "all": 100}
    assert result.comparison.outputs["network"].shape[0] == 40 and result.problem.rows == 100


def test_progress() -> None:
    steps: list[Step] = []
    ub.fit(made(40), "y", watch=steps.append)
    shares = [s.share for s in steps]
    assert shares == sorted(shares) and 0 < shares[0] and shares[-1] == pytest.approx(1)
    assert {s.name for s in steps} == {"compare", "final"}
    assert {s.fold for s in steps if s.name == "compare"} == set(range(5))


def test_the_budget_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    """A clock that only the epochs move: the work ends in time, and that is said."""
    loop, now = sys.modules["unbend.verdict.member_rounds"], [0.0]
    real = loop.run_epoch

    def slow(*arguments: Any, **named: Any) -> Any:
        now[0] += 0.25
        return real(*arguments, **named)

    monkeypatch.setattr(loop, "run_epoch", slow)
    monkeypatch.setattr("time.monotonic", lambda: now[0])
    result = ub.fit(made(60), "y", budget=12)
    assert 8 < now[0] <= 12 and result.seconds == now[0]
    assert "verdict.final_cut" in {note.key for note in result.notes} and result.comparison.is_cut
    assert np.isfinite(result.predict(made(60))).all()


def test_json() -> None:
    result = ub.fit(made(60, classes=True), "y", seed=3)
    answer = json.loads(json.dumps(result.to_json()))
    wanted = "verdict task rows columns linear network gain interval seed seconds"
    assert answer.keys() >= set(wanted.split())
    assert (answer["rows"], answer["columns"], answer["seed"], answer["verdict"]) == (60, 3, 3, result.verdict)
    assert answer["linear"]["log_loss"] > 0 and answer["network"]["accuracy"] > 0.3
    assert result.verdict in repr(result) and result.chosen in repr(result)


@pytest.mark.parametrize(
    ("arguments", "key"),
    [({"model": "forest"}, "verdict.no_such_model"), ({"model": None}, "verdict.no_such_model"),
     *[({"budget": b}, "verdict.budget") for b in (0, -1, math.nan, math.inf, "fast", None, True)],
     *[({"seed": s}, "verdict.seed") for s in (-1, 1.5, True, "0", None)]],
)  # fmt: skip
def test_bad_arguments(arguments: dict[str, Any], key: str) -> None:
    with pytest.raises(BadInput) as caught:
        ub.fit(made(40), "y", **arguments)
    assert caught.value.key == key and "\n" not in str(caught.value)


def test_bad_tables() -> None:
    table = made(40)
    for change, target in (({}, "z"), ({"y": [1.0] * 40}, "y"), ({"y": [None] * 40}, "y"), ({}, "X0 ")):
        with pytest.raises(DataError):
            ub.fit(table | change, target)
    with pytest.raises(DataError, match="10"):
        ub.fit({name: cells[:3] for name, cells in table.items()}, "y")
