"""Cross-validation splits: full groups, past and future; what cannot be split is refused."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from unbend.errors import DataError
from unbend.verdict.folds import PAST, Splitter


@given(st.integers(0, 10**6), st.integers(2, 40), st.integers(2, 10), st.booleans())
@settings(max_examples=60, deadline=None)
def test_groups_are_in_one_fold(seed: int, count_of_groups: int, folds: int, classes: bool) -> None:
    rng = np.random.default_rng(seed)
    groups = np.unique(rng.integers(0, count_of_groups, 120), return_inverse=True)[1]
    y = rng.integers(0, 3, 120) if classes else None
    splitter = Splitter(120, y, groups)
    count = splitter.fold_count(folds)
    assert count == min(folds, groups.max() + 1)
    pairs = splitter.split(count, [seed, 0])
    assert sorted(np.concatenate([test for _, test in pairs]).tolist()) == list(range(120))
    for train, test in pairs:
        assert len(test) > 0 and not set(groups[train]) & set(groups[test])
        assert sorted([*train, *test]) == list(range(120))


def test_group_folds_are_even_in_rows_and_classes() -> None:
    rng = np.random.default_rng(0)
    groups = rng.integers(0, 100, 1000)
    y = (rng.random(1000) < 0.2).astype(np.int64)
    pairs = Splitter(1000, y, groups).split(10, [0, 0])
    sizes, ones = [len(test) for _, test in pairs], [y[test].sum() for _, test in pairs]
    assert max(sizes) - min(sizes) <= 20 and max(ones) - min(ones) <= 6
    again = Splitter(1000, y, groups).split(10, [0, 1])
    assert any(len(a) != len(b) or (a != b).any() for (_, a), (_, b) in zip(pairs, again, strict=True))


@given(st.integers(0, 10**6), st.integers(3, 200), st.integers(2, 10))
@settings(max_examples=60, deadline=None)
def test_the_future_is_never_trained_on(seed: int, distinct: int, folds: int) -> None:
    times = np.random.default_rng(seed).integers(0, distinct, 150).astype(float)
    splitter = Splitter(150, times=times)
    try:
        count = splitter.fold_count(folds)
    except DataError:
        assert len(np.unique(times)) < 6
        return
    pairs, compared = splitter.split(count, [seed, 0]), []
    assert len(pairs) == count
    for train, test in pairs:
        assert times[train].max() < times[test].min()
        assert len(train) == np.sum(times < times[test].min())  # all of the past, not some
        compared += test.tolist()
    assert len(compared) == len(set(compared)) == 150 - len(pairs[0][0])
    if distinct > 100:
        assert len(pairs[0][0]) == pytest.approx(PAST * 150, abs=6)


def test_what_cannot_be_split() -> None:
    for splitter, key in (
        (Splitter(20, groups=np.zeros(20, dtype=int)), "few_groups"),
        (Splitter(20, times=np.zeros(20)), "few_times"),
        (Splitter(20, np.repeat([0, 1], 10), times=np.arange(20.0), labels=("no", "yes")), "late_class"),
    ):
        with pytest.raises(DataError) as caught:
            splitter.fold_count(10)
        assert caught.value.key == f"verdict.{key}"


def test_a_class_without_rows_leaves_the_groups_in_all_folds() -> None:
    groups = np.repeat(np.arange(30), 2)
    folds = Splitter(60, np.repeat([0, 2], 30), groups).split(5, [0])
    assert [len(test) for _, test in folds] == [12] * 5
