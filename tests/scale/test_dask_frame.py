"""Dask data frames as tables: the model of the files that they were read from, on a cluster or not."""

from __future__ import annotations

import pickle
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pytest

from unbend.scale import survey
from unbend.scale.dask_frame import dask_shards, is_dask_frame
from unbend.scale.dask_map import DaskMap
from unbend.scale.shard_map import on_threads
from unbend.scale.source import open_source, source_of

from .test_source import ROWS, table

dd, distributed = pytest.importorskip("dask.dataframe"), pytest.importorskip("distributed")
pytestmark = pytest.mark.filterwarnings("ignore")


def surveyed(frame: Any, shard_map: Any = on_threads) -> Any:
    return survey(source_of(dask_shards(frame), "Dask", "y"), seed=1, shard_map=shard_map)[1]


def test_the_rows_of_the_partitions(tmp_path: Path) -> None:
    pandas = table().to_pandas()
    frame = dd.from_pandas(pandas, npartitions=3)
    assert is_dask_frame(frame) and not is_dask_frame(pandas)
    shards = dask_shards(frame)
    own = [block for shard in shards for block in shard.blocks(100)]
    assert [block.num_rows for block in own] == [100] * 9
    np.testing.assert_array_equal(np.concatenate([block["y"].to_numpy() for block in own]), pandas.y)
    assert all(len(pickle.dumps(shard)) < 0.6 * len(pickle.dumps(frame)) for shard in shards)  # not the whole graph
    pq.write_table(table(), tmp_path / "t.parquet")
    file = survey(open_source(tmp_path / "t.parquet", "y"), seed=1, shard_map=on_threads)[1]
    found = surveyed(dd.read_parquet(tmp_path / "t.parquet"))
    for name in ("x", "color", "when", "paid"):
        assert found.columns[name].distinct.count == file.columns[name].distinct.count
        assert found.columns[name].least == file.columns[name].least
    assert found.rows == file.rows == ROWS


def test_on_a_cluster_also_persisted() -> None:
    rng = np.random.default_rng(2)
    frame = dd.from_pandas(pd.DataFrame({"x": rng.normal(size=900), "y": rng.normal(size=900)}), npartitions=3)
    here = surveyed(frame + 0)
    own = {"n_workers": 2, "threads_per_worker": 1, "processes": False, "dashboard_address": None}
    with distributed.LocalCluster(**own) as cluster, distributed.Client(cluster) as client:
        there, persisted = surveyed(frame + 0, DaskMap(client)), (frame + 0).persist()
        held, read_here = surveyed(persisted, DaskMap(client)), surveyed(persisted)
    assert here.digest == there.digest == held.digest == read_here.digest
