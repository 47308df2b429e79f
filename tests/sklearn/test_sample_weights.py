"""Rows gathered: the same from every order, weights as repetition; the oracle is a counter."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

pytest.importorskip("sklearn")
from unbend import BadInput
from unbend.sklearn.sample_weights import check_sample_weight, merge_duplicates

CELLS = st.sampled_from([0.0, -0.0, 1.0, -2.5, 1e-300, 3e200])
TABLES = st.lists(st.tuples(CELLS, CELLS, CELLS, st.integers(0, 4)), min_size=1, max_size=25).filter(
    lambda rows: any(row[3] for row in rows)
)


@given(TABLES, st.randoms(use_true_random=False))
def test_weights_equal_repetition_in_any_order(rows: list[tuple[float, ...]], random: object) -> None:
    table = np.array(rows)
    x, y, w = table[:, :2], table[:, 2], table[:, 3]
    weighted = merge_duplicates(x, y, w)
    counted = Counter(tuple(row[:3]) for row in rows for _ in range(int(row[3])))  # 0.0 == -0.0 with the same hash
    assert {(*a, b): n for a, b, n in zip(weighted.x.tolist(), weighted.y.tolist(), weighted.weights, strict=True)} == (
        dict(counted)
    )
    random.shuffle(rows)  # type: ignore[attr-defined]
    mixed = np.repeat(np.array(rows)[:, :3], np.array(rows)[:, 3].astype(int), axis=0)
    repeated = merge_duplicates(mixed[:, :2], mixed[:, 2], np.ones(len(mixed)))
    for a, b in zip(weighted, repeated, strict=True):
        assert np.array_equal(a, b)


def test_equal_weights_count_as_none() -> None:
    x = np.arange(6.0)[:, None]
    assert merge_duplicates(x, x[:, 0], np.full(6, 2.5)).uneven_weights is None
    assert merge_duplicates(x, x[:, 0], np.arange(6.0)).uneven_weights is not None


@pytest.mark.parametrize("weights", [[1, -1, 1], [0, 0, 0], [1, 1], [1, np.nan, 1]])
def test_invalid_weights_raise(weights: list[float]) -> None:
    with pytest.raises(ValueError, match="weight"):
        check_sample_weight(weights, np.ones((3, 1)))
    with pytest.raises(BadInput, match="row 1"):
        check_sample_weight([1, -1, 1], np.ones((3, 1)))
