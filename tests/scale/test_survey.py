"""The survey against NumPy and Arrow on the whole table; the same bits in any order and with any row groups."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from unbend.errors import DataError
from unbend.scale import open_source, survey
from unbend.scale.distinct_values import SKETCH_SIZE, DistinctValues
from unbend.scale.hashing import hash_numbers, hash_rows, hash_text
from unbend.scale.row_sample import RowSample
from unbend.scale.shard_map import on_threads

from .test_source import BAD, table, write_parts


def run(folder: Path, **arguments: Any) -> Any:
    return survey(open_source(folder, "y"), seed=1, shard_map=on_threads, **arguments)


def test_counts_are_those_of_the_whole_table(tmp_path: Path) -> None:
    whole = table().set_column(0, "x", pa.array([None, *table()["x"].to_pylist()[1:]]))
    pq.write_table(whole, tmp_path / "a.parquet")
    _, found = run(tmp_path / "a.parquet")
    x, color = found.columns["x"], found.columns["color"]
    assert (x.rows, x.missing, x.distinct.count, x.distinct.error) == (900, 1, 899, 0.0)
    assert (x.least, x.greatest) == (np.nanmin(whole["x"].to_numpy()), np.nanmax(whole["x"].to_numpy()))
    assert dict(color.distinct.most_frequent(9)) == {
        entry["values"]: entry["counts"] for entry in whole["color"].value_counts().to_pylist()
    }
    assert found.sample.take(900).table.num_rows == found.rows == 900


def test_same_bits_in_any_order_and_with_any_row_groups(tmp_path: Path) -> None:
    found = []
    for size, order in ((900, 1), (17, -1), (300, -1)):
        folder = write_parts(
            tmp_path / f"{size}", lambda t, p, s=size: pq.write_table(t, p, row_group_size=s), "parquet"
        )
        source = open_source(folder, "y")
        _, one = survey(replace(source, shards=source.shards[::order]), seed=1, shard_map=on_threads, per_class=2)
        rows = one.sample.take(200, least=2)
        found.append((one.digest, rows.table.to_pydict(), {n: c.distinct.count for n, c in one.columns.items()}))
    assert found[0] == found[1] == found[2]
    pq.write_table(table(1), tmp_path / "300" / "part-1.parquet")
    assert run(tmp_path / "300")[1].digest != found[0][0]


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 60_000), st.integers(1, 9), st.integers(0, 2**32))
def test_distinct_values_merge_and_keep_their_error(count: int, parts: int, seed: int) -> None:
    values = np.random.default_rng(seed).integers(0, max(1, count), 2 * count).astype(float)
    whole, joined = DistinctValues(), DistinctValues()
    whole.add(hash_numbers(values), values)
    for part in np.array_split(values, parts):
        one = DistinctValues()
        one.add(hash_numbers(part), part)
        joined.merge(one)
    exact = len(np.unique(values))
    assert whole.count == joined.count and np.array_equal(whole.counts, joined.counts)
    assert abs(whole.count - exact) <= 6 * whole.error * exact
    if whole.exact:
        assert exact < SKETCH_SIZE and dict(whole.most_frequent(SKETCH_SIZE)) == dict(
            zip(*(a.tolist() for a in np.unique(values, return_counts=True)), strict=True)
        )


def test_the_sample_is_uniform_and_rare_classes_are_kept() -> None:
    rows = 200_000
    labels = np.where(np.arange(rows) % 5000 == 7, "rare", "common")
    whole = pa.table({"row": np.arange(rows), "y": labels})
    sample = RowSample("y", 2000, per_class=30)
    for first in range(0, rows, 30_000):
        part = whole.slice(first, 30_000)
        sample.add(part, hash_rows("a", first, part.num_rows, 3), hash_text("a"), first)
    uniform = sample.take(2000)
    assert stats.kstest(uniform.table["row"].to_numpy() / rows, "uniform").pvalue > 0.001
    drawn = sample.take(2000, least=30)
    assert drawn.table["y"].to_pylist().count("rare") == 30 and drawn.uniform == 2000
    assert sample.class_rows == {"rare": 40, "common": rows - 40}
    smaller, larger = (set(sample.take(k).table["row"].to_pylist()) for k in (500, 1000))
    assert smaller < larger


@pytest.mark.parametrize("spoil", [spoil for spoil, _ in BAD], ids=lambda spoil: spoil.__name__)
def test_a_bad_file_is_left_out_where_that_is_allowed(tmp_path: Path, spoil: Any) -> None:
    folder = write_parts(tmp_path / "table", pq.write_table, "parquet")
    _, good = run(folder)
    spoil(folder / "bad.parquet")
    source, found = survey(open_source(folder, "y", skip_bad=True), seed=1, shard_map=on_threads, skip_bad=True)
    assert [shard.name for shard in source.skipped] == ["bad.parquet"] and found.digest == good.digest
    with pytest.raises(DataError):
        run(folder)
