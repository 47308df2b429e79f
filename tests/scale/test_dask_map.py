"""Tasks on a Dask cluster: the bits of one process, also after a worker was killed."""

from __future__ import annotations

import os
import signal
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import unbend as ub
from unbend.errors import BadInput, DataError
from unbend.scale import open_source, survey
from unbend.scale.dask_map import DaskMap, cluster
from unbend.scale.shard_map import on_threads
from unbend.verdict import Settings, fit_network
from unbend.verdict.linear_model import fit_linear

from .test_source import write_parts

distributed = pytest.importorskip("distributed")
pytestmark = pytest.mark.filterwarnings("ignore")


def kill_a_worker(client: Any) -> None:
    os.kill(next(iter(client.run(os.getpid).values())), signal.SIGKILL)


def test_bits_of_one_process_also_when_a_worker_is_killed(tmp_path: Path) -> None:
    source = open_source(write_parts(tmp_path / "table", pq.write_table, "parquet", count=9), "y")
    rng = np.random.default_rng(0)
    x = rng.normal(size=(600, 3))
    y = np.abs(x[:, 0]) + x[:, 1] + rng.normal(size=600)
    linear, settings = fit_linear(x, y, 0, 0)[0], Settings(members=2, hidden=(16,), steps=240, batch_size=32)
    network = fit_network(x, y, 0, linear, 0, settings=settings)
    shares: list[float] = []
    with cluster(2, None) as client:
        _, here = survey(source, seed=1, shard_map=on_threads)
        _, there = survey(source, seed=1, shard_map=DaskMap(client))
        assert here.digest == there.digest
        assert here.sample.take(300).table.equals(there.sample.take(300).table)
        assert here.columns["x"].distinct.count == there.columns["x"].distinct.count

        def watch(done: int, planned: int) -> None:
            if shares and max(shares) < 0.1 <= done / planned:
                kill_a_worker(client)
            shares.append(done / planned)

        same = fit_network(x, y, 0, linear, 0, settings=settings, watch=watch, task_map=DaskMap(client))
    assert network.network(x).tobytes() == same.network(x).tobytes()
    assert len(network.curves[0].train) == len(same.curves[0].train) > 10
    assert shares == sorted(shares) and len(shares) > 10 and shares[-1] == 1


def test_a_lost_scheduler_is_one_line_and_the_fit_goes_on_without(tmp_path: Path, quick: None) -> None:
    rng = np.random.default_rng(1)
    for k in range(2):
        x = rng.normal(size=1500)
        pq.write_table(pa.table({"x": x, "y": 2 * x + rng.normal(size=1500)}), tmp_path / f"{k}.parquet")
    done: list[str] = []
    by: dict[str, Any] = {"budget": 2, "by_clock": False, "memory": "1MB", "checkpoint": tmp_path / "saved"}
    here = {"n_workers": 1, "threads_per_worker": 1, "processes": False, "dashboard_address": None}
    with distributed.LocalCluster(**here) as own, distributed.Client(own) as client:

        def watch(step: Any) -> None:
            done.append(step.name)
            if done.count("compare") == 3:
                own.close()

        with pytest.raises(BadInput, match="--resume") as error:
            ub.fit(f"{tmp_path}/*.parquet", "y", watch=watch, client=client, **by)
    assert "\n" not in str(error.value) and done.count("survey") == 2
    done.clear()
    result = ub.fit(f"{tmp_path}/*.parquet", "y", resume=True, watch=lambda step: done.append(step.name), **by)
    assert "survey" not in done and "linear" in done and result.verdict == "straight_is_enough"


def test_no_scheduler_is_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("unbend.scale.dask_map.CONNECT_SECONDS", 0.5)
    with pytest.raises(DataError, match=r"127\.0\.0\.1:1") as error, cluster(None, "tcp://127.0.0.1:1"):
        pass
    assert "\n" not in str(error.value)
