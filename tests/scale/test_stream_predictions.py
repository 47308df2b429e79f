"""Predictions in parts are those of the whole table, in its order; what is there already is not made again."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.csv as pacsv
import pyarrow.parquet as pq
import pytest

import unbend as ub
from unbend.cli import run
from unbend.verdict import Model

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
