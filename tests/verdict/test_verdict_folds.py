"""Folds: whole groups, past and future, copies kept together; what cannot be dealt is refused."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from unbend.data import pose_problem
from unbend.errors import BadInput, DataError
from unbend.verdict.folds import PAST, Deal
from unbend.verdict.judging import hold_out
from unbend.verdict.rows import arrange, copies


@given(st.integers(0, 10**6), st.integers(2, 40), st.integers(2, 10), st.booleans())
@settings(max_examples=60, deadline=None)
def test_groups_stay_whole(seed: int, groups: int, folds: int, classes: bool) -> None:
    rng = np.random.default_rng(seed)
    together = np.unique(rng.integers(0, groups, 120), return_inverse=True)[1]
    y = rng.integers(0, 3, 120) if classes else None
    deal = Deal(120, y, together)
    count = deal.count(folds)
    assert count == min(folds, together.max() + 1)
    pairs = deal.folds(count, [seed, 0])
    assert sorted(np.concatenate([test for _, test in pairs]).tolist()) == list(range(120))
    for train, test in pairs:
        assert len(test) > 0 and not set(together[train]) & set(together[test])
        assert sorted([*train, *test]) == list(range(120))


def test_group_folds_are_even_in_rows_and_classes() -> None:
    rng = np.random.default_rng(0)
    together = rng.integers(0, 100, 1000)
    y = (rng.random(1000) < 0.2).astype(np.int64)
    pairs = Deal(1000, y, together).folds(10, [0, 0])
    sizes, ones = [len(test) for _, test in pairs], [y[test].sum() for _, test in pairs]
    assert max(sizes) - min(sizes) <= 20 and max(ones) - min(ones) <= 6
    again = Deal(1000, y, together).folds(10, [0, 1])
    assert any(len(a) != len(b) or (a != b).any() for (_, a), (_, b) in zip(pairs, again, strict=True))


@given(st.integers(0, 10**6), st.integers(3, 200), st.integers(2, 10))
@settings(max_examples=60, deadline=None)
def test_the_future_is_never_learned_from(seed: int, distinct: int, folds: int) -> None:
    times = np.random.default_rng(seed).integers(0, distinct, 150).astype(float)
    deal = Deal(150, times=times)
    try:
        count = deal.count(folds)
    except DataError:
        assert len(np.unique(times)) < 6
        return
    pairs, judged = deal.folds(count, [seed, 0]), []
    assert len(pairs) == count
    for train, test in pairs:
        assert times[train].max() < times[test].min()
        assert len(train) == np.sum(times < times[test].min())  # all of the past, not some
        judged += test.tolist()
    assert len(judged) == len(set(judged)) == 150 - len(pairs[0][0])
    if distinct > 100:
        assert len(pairs[0][0]) == pytest.approx(PAST * 150, abs=6)


def table(n: int = 60) -> dict[str, Any]:
    rng = np.random.default_rng(0)
    return {"a": rng.normal(size=n), "b": rng.normal(size=n), "who": [f"p{k % 9}" for k in range(n)],
            "day": np.datetime64("2024-01-01") + np.arange(n), "y": rng.normal(size=n)}  # fmt: skip


def test_columns_that_are_named() -> None:
    problem = pose_problem(table(), "y")
    grouped = arrange(problem, "who", None, ())
    assert [c.name for c in grouped.problem.inputs] == ["a", "b", "day"] and grouped.together.max() == 8
    timed = arrange(problem, None, "day", ["a"])
    assert [c.name for c in timed.problem.inputs] == ["b", "who", "day"] and (np.diff(timed.times) == 1).all()
    some = timed.take(np.array([5, 2, 9]))
    assert some.problem.rows == 3 and (some.times - some.times.min()).tolist() == [3, 0, 7]


def test_missing_groups_and_times_are_said() -> None:
    rows = table()
    rows["who"] = [None if k % 10 == 0 else w for k, w in enumerate(rows["who"])]
    rows["day"] = [None if k % 20 == 0 else float(k) for k in range(60)]
    problem = pose_problem(rows, "y")
    grouped = arrange(problem, "who", None, ())
    assert len(set(grouped.together[::10])) == 1 and not set(grouped.together[::10]) & set(grouped.together[1::10])
    assert {n.key for n in grouped.notes} == {"verdict.grouped", "verdict.group_missing"}
    timed = arrange(problem, None, "day", ())
    assert timed.problem.rows == len(timed.times) == 57 and timed.notes[1].values["count"] == 3


@pytest.mark.parametrize(
    ("group", "time", "drop", "key"),
    [("who", "day", (), "group_and_time"), ("y", None, (), "target_as_input"), (None, "y", (), "target_as_input"),
     ("whom", None, (), "no_such_column_near"), (None, "zzzzzz", (), "no_such_column"), (None, "who", (), "time_type"),
     (None, None, ["y"], "target_as_input"), (None, None, ["a", "b", "who", "day"], "nothing_left")],
)  # fmt: skip
def test_columns_that_cannot_serve(group: str, time: str, drop: list[str], key: str) -> None:
    with pytest.raises((BadInput, DataError)) as caught:
        arrange(pose_problem(table(), "y"), group, time, drop)
    assert caught.value.key.endswith(key) and "\n" not in str(caught.value)


def test_what_cannot_be_dealt() -> None:
    for deal, key in (
        (Deal(20, together=np.zeros(20, dtype=int)), "few_groups"),
        (Deal(20, times=np.zeros(20)), "few_times"),
        (Deal(20, np.repeat([0, 1], 10), times=np.arange(20.0), labels=("no", "yes")), "late_class"),
    ):
        with pytest.raises(DataError) as caught:
            deal.count(10)
        assert caught.value.key == f"verdict.{key}"


def test_copies() -> None:
    """Rows counted twice are found; rows that a few labels make alike, and repeated measurements, are not copies."""
    rng = np.random.default_rng(1)
    n = 80
    one = {"a": rng.normal(size=n), "b": rng.integers(0, 3, n), "y": rng.normal(size=n)}
    assert copies(pose_problem(one, "y")) is None
    twice = {name: np.r_[cells, cells[:30]] for name, cells in one.items()}
    found = copies(pose_problem(twice, "y"))
    assert found is not None and (found[:30] == found[n:]).all() and found.max() + 1 == n
    labels = {name: rng.integers(0, 3, 400).astype(str) for name in "abc"}
    for answer in (rng.integers(0, 2, 400), (labels["a"] == labels["b"]).astype(int)):
        assert copies(pose_problem(labels | {"y": answer.astype(str)}, "y")) is None
    measured = {"x": np.repeat(np.arange(10.0), 8), "y": rng.normal(size=80)}
    assert copies(pose_problem(measured, "y")) is None
    oversampled = {name: np.r_[cells, np.repeat(cells[:8], 9)] for name, cells in one.items()}
    oversampled["y"] = np.where(np.arange(n + 72) % 8 < 4, "p", "q")
    oversampled["y"][n:] = np.repeat(oversampled["y"][:8], 9)
    assert copies(pose_problem(oversampled, "y")) is not None


@given(st.integers(0, 10**6), st.integers(3, 60), st.integers(1, 9))
@settings(max_examples=60, deadline=None)
def test_members_hold_out_what_hangs_together(seed: int, kinds: int, members: int) -> None:
    rng = np.random.default_rng(seed)
    kin = rng.integers(0, kinds, 150)
    learn, judge = hold_out(150, members, 0.125, rng, None, kin)
    assert learn.shape == (members, 131) and judge.shape == (members, 19)
    if len(np.unique(kin)) > 2:
        assert not any(set(kin[a]) & set(kin[b]) for a, b in zip(learn, judge, strict=True))
    half = members // 2
    assert (judge[:half] == judge[half : 2 * half]).all()
