"""Training on all rows of a large table: each row once, at random; better than the sample's network, or as before."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from unbend.data import Encoder, pose_problem
from unbend.scale import open_source, survey
from unbend.scale.encoded_blocks import BlockEncoder
from unbend.scale.held_out_rows import HeldOut
from unbend.scale.network_of_all_rows import network_of_all_rows
from unbend.scale.shard_map import on_threads
from unbend.scale.shuffle_buffer import Rows, ShuffleBuffer, blocks_in_turn
from unbend.scale.stream_training import StreamTraining, train_on_stream
from unbend.verdict import Settings, fit_network
from unbend.verdict.linear_model import fit_linear

QUICK = Settings(members=2, hidden=(16,), steps=300, batch_size=32, bins=8)


def made(rows: int, seed: int, kind: str = "bent") -> Rows:
    rng = np.random.default_rng(seed)
    x = rng.uniform(-1, 1, (rows, 3))
    bend = 0.0 if kind == "straight" else np.sin(4 * x[:, 0]) * np.sign(x[:, 1])
    y = x[:, 2] + bend + 0.1 * rng.normal(size=rows)
    cuts = {"two": [0.0], "three": [-0.5, 0.5]}.get(kind)
    return x, y if cuts is None else np.digitize(y, cuts).astype(np.int64)


def drawer(rows: Rows) -> Callable[[int], Rows | None]:
    buffer = ShuffleBuffer(iter([rows]), 10**6, np.random.default_rng(0))
    return buffer.draw


def streamed(kind: str = "bent", rows: int = 12_000, seed: int = 0, **arguments: Any) -> tuple[StreamTraining, Any]:
    classes = {"two": 2, "three": 3}.get(kind, 0)
    sample, held_out = made(400, 1, kind), made(800, 2, kind)
    linear = fit_linear(*sample, classes, 0)[0]
    network = fit_network(*sample, classes, linear, 0, settings=QUICK).network
    done = train_on_stream(
        drawer(made(rows, 3, kind)),
        rows,
        sample=sample,
        held_out=held_out,
        classes=classes,
        linear=linear,
        network=network,
        seed=seed,
        settings=QUICK,
        **arguments,
    )
    return done, network


@pytest.mark.parametrize("kind", ["bent", "two", "three"])
def test_more_rows_pay(kind: str) -> None:
    done, network = streamed(kind)
    assert done.network is not network and done.losses[1] < 0.9 * done.losses[0]
    assert done.reason in ("all_rows", "no_gain") and 2_000 < done.rows <= 12_000
    x, y = made(3_000, 9, kind)
    if kind == "bent":
        errors = [np.mean((net(x)[:, 0] - y) ** 2) for net in (network, done.network)]
        assert errors[1] < 0.9 * errors[0]
    assert done.network.dtype == np.float64 and done.network.inputs == 3


def test_same_arguments_same_bits() -> None:
    x = made(10, 5)[0]
    first, again, other = (streamed(rows=10_000, seed=seed)[0].network(x).tobytes() for seed in (0, 0, 1))
    assert first == again != other


def test_tasks_of_some_rounds_give_the_same_bits() -> None:
    x, lengths = made(10, 5)[0], []

    class Tasks:
        workers = 2

        def __call__(self, function: Any, turns: Any, /) -> Any:
            lengths.append(len(turns[0].rates))
            return map(function, turns)

    here, there = (streamed(rows=10_000, **more)[0] for more in ({}, {"task_map": Tasks()}))
    assert here.network(x).tobytes() == there.network(x).tobytes() and here.rows == there.rows
    assert max(lengths) > 3  # rounds at a time


def test_a_network_that_is_no_better_is_not_taken() -> None:
    done, network = streamed("straight", rows=600)
    assert done.network is network or done.losses[1] < done.losses[0]
    starved, network = streamed(deadline=-1.0)
    assert starved.reason in ("budget", "not_better") and (starved.network is network) is (
        starved.reason == "not_better"
    )


def test_nothing_to_draw() -> None:
    sample = made(200, 1)
    linear = fit_linear(*sample, 0, 0)[0]
    done = train_on_stream(
        lambda _: None, 0, sample=sample, held_out=sample, classes=0, linear=linear, network=linear, seed=0
    )
    assert done.network is linear and done.rows == 0


@pytest.mark.parametrize("size", [1, 7, 1000])
def test_the_buffer_gives_each_row_once(size: int) -> None:
    x = np.arange(100.0)[:, None]
    blocks = [(x[k : k + 10], x[k : k + 10, 0]) for k in range(0, 100, 10)]
    buffer = ShuffleBuffer(iter(blocks), size, np.random.default_rng(0))
    drawn = list(iter(partial(buffer.draw, 32), None))
    assert [len(rows[1]) for rows in drawn] == [32, 32, 32, 4]  # type: ignore[index]
    order = np.concatenate([rows[1] for rows in drawn])  # type: ignore[index]
    assert sorted(order) == list(range(100)) and (np.diff(order) != 1).any()
    assert all((rows[0][:, 0] == rows[1]).all() for rows in drawn)  # type: ignore[index]


def test_shards_are_read_in_turn() -> None:
    def read(shard: Any) -> Iterator[Rows]:
        return iter([(np.full((2, 1), shard), np.array([shard, k])) for k in range(3)])

    blocks = [tuple(y) for _, y in blocks_in_turn(list(range(9)), read, [0])]  # type: ignore[arg-type]
    assert sorted(blocks) == [(shard, k) for shard in range(9) for k in range(3)]
    assert len({shard for shard, _ in blocks[:4]}) == 4
    assert blocks != [tuple(y) for _, y in blocks_in_turn(list(range(9)), read, [1])]  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("parts")
    for k in range(4):
        x, y = made(2_000, 20 + k)
        columns: dict[str, Any] = {f"x{j}": x[:, j] for j in range(3)} | {"y": y}
        columns["y"] = pa.array([None if n % 50 == k else float(v) for n, v in enumerate(y)])
        pq.write_table(pa.table(columns), place / f"{k}.parquet", row_group_size=500)
    return place


def opened(folder: Path) -> tuple[Any, BlockEncoder, Any]:
    source = open_source(str(folder), "y")
    problem = pose_problem(pq.read_table(folder / "0.parquet").slice(0, 400), "y")
    return source, BlockEncoder(source.form, Encoder.fit(problem), ()), problem


def test_held_out_rows_are_never_trained_on(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source, encoder, _ = opened(folder)
    held_out = HeldOut.of(8_000, 0)
    x, y = held_out.read(source.shards, encoder, on_threads)
    training = [block for shard in source.shards for block in held_out.training_rows(shard, encoder)]
    everything = np.concatenate([y, *(own for _, own in training)])
    assert len(everything) == 8_000 - 160 and len(np.unique(everything)) == len(everything)
    assert 0.07 * 8_000 < len(y) < 0.13 * 8_000 and len(x) == len(y)
    monkeypatch.setattr(type(source.form), "block_rows", 64)  # the same rows whatever the blocks
    np.testing.assert_array_equal(held_out.read(source.shards, encoder, on_threads)[1], y)


@pytest.mark.parametrize("kind", ["labels", "numbers", "many", "time", "years"])
def test_groups_and_times_are_held_out_as_a_whole(tmp_path: Path, kind: str) -> None:
    rows, rng = 30_000, np.random.default_rng(4)
    y = np.arange(rows) + 0.5  # which row it is
    apart = {
        "labels": np.array([f"shop {k}" for k in range(25)])[rng.integers(0, 25, rows)],
        "numbers": rng.integers(0, 400, rows),
        "many": rng.integers(0, 5_000, rows),
        "time": np.datetime64("2020-01-01", "s") + rng.permutation(rows) * 997,
        "years": 2000 + rng.integers(0, 12, rows),
    }[kind]
    whole = pa.table({"x": rng.normal(size=rows), "apart": apart, "y": y})
    for k in range(3):
        pq.write_table(whole.slice(k * 10_000, 10_000), tmp_path / f"{k}.parquet")
    source, found = survey(open_source(tmp_path, "y"), seed=0, shard_map=on_threads)
    encoder = BlockEncoder(source.form, Encoder.fit(pose_problem(whole.select(["x", "y"]).slice(0, 400), "y")), ())
    by_time = kind in ("time", "years")
    held_out = (HeldOut.of_times if by_time else HeldOut.of_groups)(rows, 0, found, "apart")
    judged = held_out.read(source.shards, encoder, on_threads)[1].astype(int)
    blocks = [y for shard in source.shards for _, y in held_out.training_rows(shard, encoder)]
    trained = np.concatenate(blocks).astype(int)
    assert 0.8 * rows < len(trained) < 0.97 * rows and 0.03 * rows < len(judged) <= rows - len(trained)
    if by_time:
        assert apart[judged].min() > apart[trained].max()
    else:
        assert not set(apart[judged]) & set(apart[trained])
    assert len(trained) == pytest.approx((1 - held_out.share) * rows, rel=0.08)


def test_the_network_of_all_rows_of_a_folder(folder: Path) -> None:
    source, encoder, problem = opened(folder)
    sample = encoder.encoder.transform(problem), problem.y
    linear = fit_linear(*sample, 0, 0)[0]
    network = fit_network(*sample, 0, linear, 0, settings=QUICK).network
    done = network_of_all_rows(source, encoder, problem, linear=linear, network=network, rows=7_840, seed=0,
                               settings=QUICK, shard_map=on_threads)  # fmt: skip
    assert done is not None and done.losses[1] < done.losses[0] and 2_000 < done.rows <= 7_840
