"""Predictions in parts are those of the whole table, in its order; what is there already is not made again."""

from __future__ import annotations

import json
import pickle
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.csv as pacsv
import pyarrow.parquet as pq
import pytest

import unbend as ub
from unbend.cli import run
from unbend.scale import stream_predictions as module
from unbend.scale.source import list_shards
from unbend.scale.stream_predictions import PartWriter, predict_in_parts
from unbend.verdict import Model
from unbend.verdict.predicted_columns import PredictedColumns

from .test_source import table, write_parts


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    result = ub.fit(table().slice(0, 60), "y", budget=1)
    return result.save(tmp_path_factory.mktemp("model") / "model.json")


@pytest.mark.parametrize(("write", "ending"), [(pq.write_table, "parquet"), (pacsv.write_csv, "csv")])
def test_parts_are_the_predictions_of_the_table(tmp_path: Path, model: Path, write: Any, ending: str) -> None:
    folder, out = write_parts(tmp_path / "table", write, ending), tmp_path / "out"
    assert run(["predict", str(model), str(folder), "--out", str(out), "--id", "x"]) == 0
    found = pa.concat_tables([pq.read_table(path) for path in sorted(out.iterdir())])
    assert found["x"].cast(pa.float64()).equals(table()["x"])
    np.testing.assert_allclose(found.column(1).to_numpy(), Model.load(model).predict(table()), rtol=1e-12)


def test_parts_that_are_there_stay(tmp_path: Path, model: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder, out = write_parts(tmp_path / "table", pq.write_table, "parquet"), tmp_path / "out"
    command = ["predict", str(model), str(folder), "--out", str(out)]
    assert run(command) == 0
    times = {path: path.stat().st_mtime_ns for path in out.iterdir()}
    first = min(times)
    first.unlink()
    assert run(command) == 0
    assert "2 of these were there already" in capsys.readouterr().err
    assert all(path.stat().st_mtime_ns == times[path] for path in times if path != first)
    assert run([*command, "--flag"]) == 0
    assert "0 of these" in capsys.readouterr().err


def test_a_bad_part_leaves_the_others_whole(tmp_path: Path, model: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder, out = write_parts(tmp_path / "table", pacsv.write_csv, "csv"), tmp_path / "out"
    with (folder / "part-1.csv").open("a") as file:
        file.write("1,2\n")
    assert run(["predict", str(model), str(folder), "--out", str(out)]) == 2
    assert "part-1.csv, line 302" in capsys.readouterr().err
    assert sorted(path.name[:6] for path in out.iterdir()) == ["part-0", "part-2"]


def test_blocks_change_nothing(tmp_path: Path, model: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither what is predicted nor its order, with all columns of a prediction."""
    folder, fitted = write_parts(tmp_path / "table", pq.write_table, "parquet"), Model.load(model)
    writer = PartWriter(fitted, PredictedColumns(interval=0.9, flag=True), tmp_path / "out", append=True)
    whole = predict_in_parts(writer, str(folder))
    bytes_before = {path.name: pq.read_table(path) for path in (tmp_path / "out").iterdir()}
    monkeypatch.setattr(module, "BLOCK_CELLS", 5_000)
    small = predict_in_parts(PartWriter(fitted, writer.columns, tmp_path / "again", append=True), str(folder))
    assert (whole.rows, whole.parts) == (small.rows, small.parts) == (900, 3)
    assert all(pq.read_table(tmp_path / "again" / name).equals(part) for name, part in bytes_before.items())
    part = pq.read_table(min((tmp_path / "out").iterdir()))
    assert part.column_names == [*table().column_names, "predicted y", "low", "high", "unlike_training"]
    ends = fitted.predict_interval(table().slice(0, 300), 0.9)
    np.testing.assert_allclose(np.c_[part["low"].to_numpy(), part["high"].to_numpy()], ends, rtol=1e-9)


def test_a_shard_is_a_task(tmp_path: Path, model: Path) -> None:
    """Pickled with its model, it writes the same bytes."""
    folder, fitted = write_parts(tmp_path / "table", pq.write_table, "parquet"), Model.load(model)
    shard = list_shards(str(folder))[0][0]
    for name in ("here", "there"):
        (tmp_path / name).mkdir()
    writers = [PartWriter(fitted, PredictedColumns(), tmp_path / name) for name in ("here", "there")]
    assert writers[0](shard) == pickle.loads(pickle.dumps(writers[1]))(shard)
    assert next((tmp_path / "here").iterdir()).read_bytes() == next((tmp_path / "there").iterdir()).read_bytes()


def test_parts_of_other_contents_are_made_again(tmp_path: Path, model: Path) -> None:
    """So are those that were cut short by a power failure after all."""
    folder = write_parts(tmp_path / "table", pq.write_table, "parquet")
    writer = PartWriter(Model.load(model), PredictedColumns(), tmp_path / "out")
    predict_in_parts(writer, str(folder))
    pq.write_table(table(seed=1).slice(0, 7), folder / "part-0.parquet")
    damaged = max((tmp_path / "out").iterdir())
    damaged.write_bytes(damaged.read_bytes()[:50])
    done = predict_in_parts(writer, str(folder))
    assert (done.rows, done.before) == (607, 1)


def test_a_file_without_rows_has_a_part_without_rows(tmp_path: Path, model: Path) -> None:
    for write, ending in ((pq.write_table, "parquet"), (pacsv.write_csv, "csv")):
        folder = write_parts(tmp_path / ending, write, ending)
        write(table().slice(0, 0), folder / f"none.{ending}")
        done = predict_in_parts(
            PartWriter(Model.load(model), PredictedColumns(), tmp_path / f"out-{ending}"), str(folder)
        )
        assert (done.rows, done.parts) == (900, 4)


@pytest.mark.parametrize("kind", ["text", "columns", "empty", "truncated"])
def test_bad_files(kind: str, tmp_path: Path, model: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A line that names the file, and the row of a cell; no part of it; the others are whole with ``--skip-bad``."""
    ending, write = ("parquet", pq.write_table) if kind == "truncated" else ("csv", pacsv.write_csv)
    folder, out = write_parts(tmp_path / "table", write, ending), tmp_path / "out"
    path, said = folder / f"part-1.{ending}", [f"part-1.{ending}"]
    if kind == "text":
        head, first, *rows = path.read_text().splitlines()
        path.write_text("\n".join([head, first, *("much" + row[row.index(",") :] for row in rows)]) + "\n")
        said += ["'x'", "row 2"]
    elif kind == "columns":
        pacsv.write_csv(table().slice(0, 9).drop_columns("color"), path)
        said += ["color"]
    else:
        path.write_bytes(path.read_bytes()[:-200] if kind == "truncated" else b"")
    call = ["predict", str(model), str(folder), "--out", str(out), "--json"]
    assert run(call) == 2
    message = capsys.readouterr().err
    assert all(part in message for part in said) and message.count("\n") == 1
    assert run([*call, "--skip-bad"]) == 0
    answer = json.loads((captured := capsys.readouterr()).out)
    assert (answer["rows"], answer["parts"]) == (600, 2) and f"part-1.{ending}" in captured.err
    assert [entry["file"] for entry in answer["skipped"]] == [f"part-1.{ending}"]
    assert sorted(part.name[:6] for part in out.iterdir()) == ["part-0", "part-2"]
