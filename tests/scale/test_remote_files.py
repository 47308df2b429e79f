"""Tables and predictions at addresses, in a file system of memory; a server that does not answer is no bad file."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from pyarrow.fs import FileSystem

from unbend.cli import run
from unbend.data import Encoder, pose_problem
from unbend.errors import BadInput, DataError, ModelError
from unbend.network import Network
from unbend.scale import open_source, survey
from unbend.scale.remote_files import open_address, shown_place, without_options
from unbend.scale.shard_map import on_threads
from unbend.scale.stream_predictions import PartWriter, predict_in_parts
from unbend.verdict import Model
from unbend.verdict.predicted_columns import PredictedColumns

from .test_source import ROWS, table

memory = pytest.importorskip("fsspec.implementations.memory").MemoryFileSystem
PLACE = "fsspec+memory:///shop"


@pytest.fixture(autouse=True)
def files() -> Iterator[Any]:
    """Three files of a table in a folder, and another one below it."""
    found, root = FileSystem.from_uri(PLACE)
    for name in ("0.parquet", "1.parquet", "2.parquet", "below/3.parquet"):
        found.create_dir(f"{root}/table/below")
        pq.write_table(table().slice(0, ROWS // 3), f"{root}/table/{name}", filesystem=found)
    yield found
    found.delete_dir_contents(root)


@pytest.fixture
def model() -> Model:
    encoder = Encoder.fit(pose_problem(table(), "y"))
    W = np.arange(1.0, 1 + len(encoder.names))[:, None]
    return Model(Network.from_arrays([(W, np.zeros(1))], dtype="float64"), encoder, "y")


@pytest.mark.parametrize(
    ("below", "count"), [("table", 4), ("table/*.parquet", 3), ("table/**.parquet", 4), ("table/[02].parquet", 2)]
)
def test_folders_and_patterns(below: str, count: int) -> None:
    source, found = survey(open_source(f"{PLACE}/{below}", "y"), seed=0, shard_map=on_threads)
    assert (len(source.shards), found.rows) == (count, count * ROWS // 3)
    with pytest.raises(DataError, match="no Parquet"):
        open_source(f"{PLACE}/nothing", "y")


def test_predictions_are_written_there(files: Any, model: Model) -> None:
    writer = PartWriter(model, PredictedColumns(), f"{PLACE}/out")
    for before in (0, 3):
        done = predict_in_parts(writer, f"{PLACE}/table/*.parquet")
        assert (done.rows, done.parts, done.before) == (ROWS, 3, before)
    found, root = FileSystem.from_uri(f"{PLACE}/out")
    parts = sorted(info.path for info in found.get_file_info(pa.fs.FileSelector(root)))
    assert [path.rpartition("/")[2][:2] for path in parts] == ["0.", "1.", "2."]
    expected = model.predict(table().slice(0, ROWS // 3))
    for path in parts:
        np.testing.assert_allclose(pq.read_table(path, filesystem=found).column(0).to_numpy(), expected, rtol=1e-12)


def test_a_lost_server_leaves_out_no_file(model: Model, monkeypatch: pytest.MonkeyPatch) -> None:
    source = open_source(f"{PLACE}/table", "y", skip_bad=True)

    def lost(*_: Any, **__: Any) -> Any:
        raise OSError("When reading: AWS Error NETWORK_CONNECTION during GetObject operation: gone\nmore")

    monkeypatch.setattr(memory, "_open", lost)
    for job in (
        lambda: survey(source, seed=0, shard_map=on_threads, skip_bad=True),
        lambda: open_source(f"{PLACE}/table", "y", skip_bad=True),
    ):
        with pytest.raises(BadInput, match=r"cannot be reached \(AWS Error NETWORK_CONNECTION [^\n]*gone\)") as error:
            job()
        assert not isinstance(error.value, DataError) and "\n" not in str(error.value)


def test_a_folder_that_cannot_be_made(model: Model, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: Any, **__: Any) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(memory, "mkdir", refuse)
    with pytest.raises(ModelError, match="Permission denied"):
        predict_in_parts(PartWriter(model, PredictedColumns(), f"{PLACE}/locked"), f"{PLACE}/table")


def test_addresses() -> None:
    options = "?scheme=http&endpoint_override=127.0.0.1:1"
    assert (
        without_options(f"s3://a/b-*{options}") == "s3://a/b-*" and without_options("s3://a/b?.csv") == "s3://a/b?.csv"
    )
    assert shown_place(f"s3://key:secret@a/b{options}") == "s3://a/b" and shown_place("a@b?c=d") == "a@b?c=d"
    assert open_address(f"gs://anonymous@a/b{options}", "/*.csv")[1] == "a/b/*.csv"
    for bad in ("s3://a/b?colour=red", "s4://a/b"):
        with pytest.raises(DataError, match="cannot be reached") as error:
            open_address(bad)
        assert "\n" not in str(error.value)


@pytest.mark.parametrize("call", [["fit", "T", "--target", "y"], ["predict", "M", "T"]], ids=["fit", "predict"])
def test_other_results_are_not_written_to_addresses(
    call: list[str], tmp_path: Path, model: Model, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    pq.write_table(table(), "T.parquet")
    model.save("M.json")
    files = {"T": "T.parquet", "M": "M.json"}
    out = "s3://bucket/out.csv" if call[0] == "predict" else "s3://bucket/out"
    assert run([*(files.get(word, word) for word in call), "--out", out]) == 2
    assert "s3" in (said := capsys.readouterr().err) and said.count("\n") == 1
    assert sorted(os.listdir()) == ["M.json", "T.parquet"]


def test_patterns_on_the_command_line(tmp_path: Path, model: Model, capsys: pytest.CaptureFixture[str]) -> None:
    pq.write_table(table(), tmp_path / "1.parquet")
    model.save(tmp_path / "M.json")
    assert run(["fit", f"{tmp_path}/*.parquet"]) == 2
    assert "x, count, color, when, paid, y" in capsys.readouterr().err
    for place, rows in ((f"{tmp_path}/*.parquet", ROWS), (f"{PLACE}/table/1.parquet", ROWS // 3)):
        assert run(["predict", str(tmp_path / "M.json"), place, "--out", str(tmp_path / "o.csv")]) == 0
        found = np.loadtxt(tmp_path / "o.csv", skiprows=1)
        np.testing.assert_allclose(found, model.predict(table().slice(0, rows)), rtol=1e-6)
    assert run(["fit", "https://example.org/a.csv", "--target", "y"]) == 2
    assert "address on the web" in capsys.readouterr().err
