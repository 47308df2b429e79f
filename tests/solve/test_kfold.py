"""K-fold assignment: equal sizes, stratification, randomness by the seed."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from unbend.solve.linear_model.kfold import assign_folds


@given(st.integers(1, 60), st.integers(2, 10), st.integers(0, 10**6))
@settings(max_examples=60, deadline=None)
def test_folds_have_equal_sizes(rows: int, count: int, seed: int) -> None:
    fold = assign_folds(rows, count, np.random.default_rng(seed))
    sizes = np.bincount(fold, minlength=count)
    assert len(fold) == rows and sizes.max() - sizes.min() <= 1 and len(sizes) == count
    np.testing.assert_array_equal(fold, assign_folds(rows, count, np.random.default_rng(seed)))


@given(st.lists(st.integers(0, 3), min_size=4, max_size=60), st.integers(2, 6), st.integers(0, 10**6))
@settings(max_examples=60, deadline=None)
def test_stratified_folds_hold_every_class_alike(classes: list[int], count: int, seed: int) -> None:
    given_classes = np.array(classes)
    fold = assign_folds(len(classes), count, np.random.default_rng(seed), given_classes)
    sizes = np.bincount(fold, minlength=count)
    assert sizes.max() - sizes.min() <= 1
    for c in set(classes):
        held = np.bincount(fold[given_classes == c], minlength=count)
        assert held.max() - held.min() <= 1


def test_folds_are_random() -> None:
    one, other = (assign_folds(50, 5, np.random.default_rng(s)) for s in (0, 1))
    assert not np.array_equal(one, other)
    assert len(set(np.diff(np.flatnonzero(one == 0)))) > 1  # not every fifth row
