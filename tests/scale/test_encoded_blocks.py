"""Features of blocks against those of the encoder for the whole table; what is copied and what is converted."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from unbend.data import Encoder, pose_problem, read_table
from unbend.errors import DataError
from unbend.scale import open_source
from unbend.scale.encoded_blocks import BlockEncoder

from .test_source import ROWS, table


def with_missing(name: str) -> Any:
    column = table()[name].to_pylist()
    return table().set_column(table().column_names.index(name), name, pa.array([None, *column[1:]]))


def single() -> Any:
    x = np.random.default_rng(0).normal(size=(ROWS, 2)).astype(np.float32)
    return pa.table({"a": x[:, 0], "b": x[:, 1], "color": table()["color"], "y": x[:, 0].astype(float)})


CASES = [
    table(),
    with_missing("x"),
    with_missing("count"),
    with_missing("color"),
    with_missing("paid"),
    with_missing("y"),
]


@pytest.mark.parametrize("whole", [*CASES, single()], ids=["all", "x", "count", "color", "paid", "y", "single"])
@pytest.mark.parametrize("target", ["y", "color"])
def test_blocks_are_the_features_of_the_table(tmp_path: Path, whole: Any, target: str) -> None:
    pq.write_table(whole, tmp_path / "a.parquet", row_group_size=110)
    source = open_source(tmp_path / "a.parquet", target)
    problem = pose_problem(read_table(whole), target)
    encoder = BlockEncoder(source.form, Encoder.fit(problem), problem.classes)
    blocks = list(encoder.blocks(source.shards[0]))
    np.testing.assert_array_equal(np.concatenate([x for x, _ in blocks]), encoder.encoder.transform(problem))
    np.testing.assert_array_equal(np.concatenate([y for _, y in blocks]), problem.y)
    assert blocks[0][0].dtype == (np.float32 if "a" in whole.column_names else np.float64)


def test_an_infinite_target_is_named(tmp_path: Path) -> None:
    y = table()["y"].to_numpy().copy()
    problem = pose_problem(read_table(table()), "y")
    y[[3, 700]] = np.nan, np.inf
    pq.write_table(table().set_column(5, "y", pa.array(y, from_pandas=False)), tmp_path / "a.parquet")
    source = open_source(tmp_path / "a.parquet", "y")
    with pytest.raises(DataError, match=r"a\.parquet, row 4"):
        list(BlockEncoder(source.form, Encoder.fit(problem), ()).blocks(source.shards[0]))


def test_a_class_that_the_sample_lacks_is_named(tmp_path: Path) -> None:
    problem = pose_problem(read_table(table()), "color")
    pq.write_table(table(), tmp_path / "a.parquet")
    encoder = BlockEncoder(open_source(tmp_path / "a.parquet", "color").form, Encoder.fit(problem), problem.classes[:2])
    with pytest.raises(DataError, match=r"a\.parquet.*'파랑'"):
        list(encoder.blocks(open_source(tmp_path / "a.parquet", "color").shards[0]))
