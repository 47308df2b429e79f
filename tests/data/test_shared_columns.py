"""Float32 tables stay float32: as a table, as features that lose nothing, and once in memory where they are large."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest

from unbend.data import Encoder, encoder, pose_problem, read_table
from unbend.data.column_arrays import ColumnArrays
from unbend.data.digest import digest
from unbend.data.shared_columns import share_columns

RNG = np.random.default_rng(3)
TABLE = {
    "a": RNG.normal(size=40).astype("float32"),
    "kind": ["x", "y", "z", "y"] * 10,
    "b": RNG.normal(size=40).astype("float32"),
    "yes": [True, False] * 20,
    "y": RNG.normal(size=40).astype("float32"),
}


def test_read_as_float32_with_the_digest_of_float64() -> None:
    table = read_table(TABLE)
    assert table.schema.field("a").type == pa.float32()
    wide = {name: v.astype("float64") if isinstance(v, np.ndarray) else v for name, v in TABLE.items()}
    assert digest(table) == digest(read_table(wide))
    problem, same = pose_problem(TABLE, "y"), pose_problem(wide, "y")
    assert problem.y.dtype == np.float64 and problem.columns == same.columns
    assert Encoder.fit(problem).to_dict() == Encoder.fit(same).to_dict()


@pytest.mark.parametrize("values", [TABLE["a"], np.arange(40) * 3, np.where(np.arange(40) % 2, 0.5, np.nan)])
def test_compact_features_are_the_same_numbers(values: np.ndarray) -> None:
    problem = pose_problem({**TABLE, "a": values}, "y")
    fitted = Encoder.fit(problem)
    compact = fitted.transform(problem, compact=True)
    assert compact.dtype == np.float32
    np.testing.assert_array_equal(compact.astype(np.float64), fitted.transform(problem))


def test_features_are_compact_only_where_nothing_is_lost() -> None:
    for values in (
        np.arange(40) / 10,
        np.linspace(1e300, 2e300, 40),
        [None, *(TABLE["a"][1:30].tolist() + [0.1] * 10)],
    ):
        problem = pose_problem({**TABLE, "a": values}, "y")
        assert Encoder.fit(problem).transform(problem, compact=True).dtype == np.float64


def test_a_large_table_is_once_in_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(encoder, "LARGE", 100)
    gaps = TABLE["b"].copy()
    gaps[3] = np.nan
    problem = pose_problem({**TABLE, "gaps": gaps}, "y")
    fitted = Encoder.fit(problem)
    features = fitted.transform(problem, compact=True)
    shared = share_columns(problem, fitted, features)
    assert shared.table.drop_columns("gaps").equals(problem.table.drop_columns("gaps"))
    own = {name: shared.table[name].chunk(0).to_numpy(zero_copy_only=False) for name in ("a", "b", "gaps")}
    assert [np.shares_memory(own[name], features) for name in own] == [True, True, False]


def test_columns_are_converted_again_beyond_the_cache(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("unbend.data.column_arrays.CACHED_BYTES", 2 * 8 * 40)
    arrays = ColumnArrays(read_table(TABLE))
    first = arrays.numbers("a")
    arrays.numbers("b")
    assert arrays.numbers("a") is first
    arrays.numbers("y")  # takes the place of b, which was needed longest ago
    assert arrays.numbers("a") is first
    np.testing.assert_array_equal(arrays.numbers("b"), TABLE["b"].astype("float64"))
