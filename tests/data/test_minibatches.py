"""Minibatches: every row once an epoch, seeded, the same from arrays, memory maps and files."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from pyarrow import feather, parquet

import unbend as ub
from unbend.errors import DataError

ROWS = np.random.default_rng(0).normal(size=(1_003, 3))


def files(folder: Path) -> dict[str, Path]:
    table = pa.table({name: ROWS[:, i] for i, name in enumerate("aby")})
    parquet.write_table(table, folder / "t.parquet", row_group_size=100)
    feather.write_feather(table, folder / "t.feather")
    for name, mark in (("t.csv", ","), ("t.tsv", "\t")):
        lines = [mark.join("aby"), *(mark.join(repr(float(v)) for v in row) for row in ROWS)]
        (folder / name).write_text("\n".join(lines) + "\n")
    np.save(folder / "t.npy", ROWS)
    return {name: folder / name for name in ("t.parquet", "t.feather", "t.csv", "t.tsv")}


def test_every_row_once_an_epoch_in_another_order() -> None:
    batches = list(ub.minibatches(ROWS, 100, seed=1, epochs=2))
    assert [len(b) for b in batches] == ([100] * 10 + [3]) * 2
    epochs = np.concatenate(batches[:11]), np.concatenate(batches[11:])
    for rows in epochs:
        np.testing.assert_array_equal(np.sort(rows, axis=0), np.sort(ROWS, axis=0))
    assert not np.array_equal(*epochs)


def test_the_seed_decides_the_order() -> None:
    first, again, other = (np.concatenate(list(ub.minibatches(ROWS, seed=s))) for s in (3, 3, 4))
    np.testing.assert_array_equal(first, again)
    assert not np.array_equal(first, other)


def test_files_and_memory_maps_give_what_arrays_give(tmp_path: Path) -> None:
    wanted = list(ub.minibatches((ROWS[:, :2], ROWS[:, 2]), 64, seed=5))
    for path in files(tmp_path).values():
        for (x, y), (want_x, want_y) in zip(ub.minibatches(path, 64, target="y", seed=5), wanted, strict=True):
            np.testing.assert_array_equal(x, want_x)
            np.testing.assert_array_equal(y, want_y)
    mapped = np.load(tmp_path / "t.npy", mmap_mode="r")
    for batch, (want_x, _) in zip(ub.minibatches(mapped, 64, seed=5), wanted, strict=True):
        np.testing.assert_array_equal(batch[:, :2], want_x)


def test_a_network_learns_from_a_file_batch_by_batch(tmp_path: Path) -> None:
    x = ROWS[:, :2]
    table = pa.table({"a": x[:, 0], "b": x[:, 1], "y": 2 * x[:, 0] - x[:, 1] + 0.5})
    parquet.write_table(table, tmp_path / "t.parquet", row_group_size=50)
    net = ub.Network([ub.Dense(2, 1)], seed=0, dtype="float64")
    for batch_x, batch_y in ub.minibatches(tmp_path / "t.parquet", 50, target="y", epochs=6):
        net, _ = ub.train(net, batch_x, batch_y, optimizer="sgd", learning_rate=0.1, batch_size=50, epochs=1)
    np.testing.assert_allclose(net.layers[0].W[:, 0], [2, -1], atol=1e-3)
    np.testing.assert_allclose(net.layers[0].b, [0.5], atol=1e-3)


def test_bad_sources_are_refused(tmp_path: Path) -> None:
    (tmp_path / "bad.csv").write_text("a,b\n1,x\n2,y\n")
    (tmp_path / "e.csv").write_text("a,b\n")
    for source, named in (
        (tmp_path / "bad.csv", {}),
        (tmp_path / "e.csv", {}),
        (tmp_path / "absent.csv", {}),
        ((ROWS, ROWS[:5]), {}),
        (ROWS[:0], {}),
        (ROWS, {"batch_size": 0}),
        (files(tmp_path)["t.parquet"], {"target": "z"}),
    ):
        with pytest.raises(DataError):
            next(ub.minibatches(source, **named))
