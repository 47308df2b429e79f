"""The same table from every source gives the same problem, bit for bit."""

from __future__ import annotations

import datetime as dt
import decimal
import math
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.csv as pacsv
import pyarrow.feather as feather
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from unbend.data import Encoder, Problem, pose_problem, read_table, shipped_sets
from unbend.errors import DataError

N = 12
PLAIN = {
    "whole": list(range(5, 5 + N)),
    "real": [0.1 * k - 0.3 for k in range(N)],
    "flag": [k % 3 == 0 for k in range(N)],
    "colour": ["red", "green", "blue"] * (N // 3),
    "day": [dt.date(2020, 1, 1 + k) for k in range(N)],
    "y": [float(k * k % 7) + 0.5 for k in range(N)],
}


def assert_same(one: Problem, other: Problem) -> None:
    assert (one.task, one.classes, one.rows_read) == (other.task, other.classes, other.rows_read)
    assert one.columns == other.columns
    assert one.y.tobytes() == other.y.tobytes()
    encoders = Encoder.fit(one), Encoder.fit(other)
    assert encoders[0].to_dict() == encoders[1].to_dict()
    assert encoders[0].transform(one).tobytes() == encoders[1].transform(other).tobytes()


@pytest.mark.parametrize("name", ["concrete", "energy", "power-plant", "wine-quality-red", "yacht"])
def test_published_sets(shared: Path, tmp_path: Path, name: str) -> None:
    path = shared / "data" / "uci" / f"{name}.csv"
    pq.write_table(pacsv.read_csv(path), tmp_path / "table")  # the suffix does not matter
    feather.write_feather(pacsv.read_csv(path), str(tmp_path / "table.csv"))
    target = read_table(path).column_names[-1]
    problem = pose_problem(path, target)
    frames = (pd.read_csv(path), pl.read_csv(path, infer_schema_length=None))
    for other in (tmp_path / "table", tmp_path / "table.csv", *frames):
        assert_same(problem, pose_problem(other, target))
    expected = np.loadtxt(path, delimiter=",", skiprows=1)
    np.testing.assert_array_equal(Encoder.fit(problem).transform(problem), expected[:, :-1])
    np.testing.assert_array_equal(problem.y, expected[:, -1])


def sources(tmp_path: Path) -> dict[str, Any]:
    arrow = pa.table(PLAIN)
    pacsv.write_csv(arrow, tmp_path / "t.csv")
    (tmp_path / "t.tsv").write_text((tmp_path / "t.csv").read_text().replace(",", "\t"))
    pq.write_table(arrow, tmp_path / "t.parquet")
    feather.write_feather(arrow, str(tmp_path / "t.feather"))
    feather.write_feather(arrow, str(tmp_path / "t.arrow"), compression="uncompressed")
    with pa.ipc.new_stream(str(tmp_path / "t.stream"), arrow.schema) as writer:
        writer.write_table(arrow)
    frame = pd.DataFrame(PLAIN)
    frame.to_parquet(tmp_path / "indexed.parquet")
    return {
        **{name: tmp_path / f"t.{name}" for name in ("csv", "tsv", "parquet", "feather", "arrow", "stream")},
        "path as text": str(tmp_path / "t.csv"),
        "arrow table": arrow,
        "record batch": arrow.to_batches()[0],
        "dict": PLAIN,
        "dict of arrays": {name: np.array(values) for name, values in PLAIN.items()},
        "dicts": [dict(zip(PLAIN, row, strict=True)) for row in zip(*PLAIN.values(), strict=True)],
        "pandas": frame,
        "pandas with another index": frame.set_index(np.arange(N)[::-1] * 3),
        "pandas nullable": frame.convert_dtypes(),
        "pandas objects": frame.astype(object),
        "pandas arrow": frame.convert_dtypes(dtype_backend="pyarrow"),
        "pandas parquet": tmp_path / "indexed.parquet",
        "polars": pl.DataFrame(PLAIN),
        "polars lazy": pl.LazyFrame(PLAIN),
        "structured": np.rec.fromarrays([np.array(v) for v in PLAIN.values()], names=list(PLAIN)),
        "wide types": pa.table(
            {
                **PLAIN,
                "whole": pa.array(PLAIN["whole"], pa.decimal128(10, 3)),
                "colour": pa.array(PLAIN["colour"], pa.large_string()),
                "day": pa.array(PLAIN["day"]).cast(pa.timestamp("ns")),
            }
        ),
        "views and runs": pa.table(
            {
                **PLAIN,
                "whole": pa.array(PLAIN["whole"], pa.uint8()),
                "colour": pa.array(PLAIN["colour"], pa.string_view()),
                "day": pa.array(PLAIN["day"]).cast(pa.date64()),
                "flag": pa.RunEndEncodedArray.from_arrays(list(range(1, N + 1)), PLAIN["flag"]),
            }
        ),
        "categoricals": pa.table({**PLAIN, "colour": pa.array(PLAIN["colour"]).dictionary_encode()}),
        "pandas categorical": frame.astype({"colour": "category"}),
        "polars categorical": pl.DataFrame(PLAIN).with_columns(pl.col("colour").cast(pl.Categorical)),
    }


def test_every_source(tmp_path: Path) -> None:
    problem = pose_problem(PLAIN, "y")
    assert [column.kind for column in problem.columns] == ["number", "number", "boolean", "category", "date"]
    for name, source in sources(tmp_path).items():
        try:
            assert_same(problem, pose_problem(source, "y"))
        except Exception as error:
            error.add_note(f"source: {name}")
            raise


def test_arrays() -> None:
    x = np.arange(24.0).reshape(12, 2) ** 1.5
    assert read_table(x).column_names == ["x1", "x2"]
    assert_same(pose_problem(x, "x2"), pose_problem(x.astype(object), "x2"))
    assert_same(pose_problem(x, "x2"), pose_problem(x.astype(str), "x2"))
    assert_same(pose_problem(x, "x2"), pose_problem({"x1": x[:, 0], "x2": x[:, 1]}, "x2"))
    assert read_table(x.astype(np.float16))["x1"].type == pa.float64()


def test_mixed_objects_become_text() -> None:
    mixed = [1, "a", None, 2.5]
    for source in ({"m": mixed}, pd.DataFrame({"m": mixed}), [{"m": value} for value in mixed]):
        assert read_table(source)["m"].to_pylist() == ["1", "a", None, "2.5"]
    assert read_table([{"a": 1}, {"b": 2}]).to_pydict() == {"a": [1, None], "b": [None, 2]}


def test_decimals_round_as_text_does() -> None:
    exact = decimal.Decimal("0.1234567890123456789012345678")
    assert read_table({"d": [exact, exact]})["d"][0].as_py() == float(exact)


def test_heavy_parts_load_when_used() -> None:
    import subprocess
    import sys

    code = "import sys, unbend.data; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert not {"pandas", "polars", "narwhals", "sklearn", "scipy", "numba"} & set(done.stdout.split())


def test_extension_types() -> None:
    frame = pd.DataFrame({"p": pd.period_range("2020-01", periods=12, freq="M"), "y": [0.5 * k * k for k in range(12)]})
    frame["i"] = pd.cut(frame["y"], 3)
    assert [column.kind for column in pose_problem(frame, "y").columns] == ["number", "category"]


def test_shipped_sets() -> None:
    assert "concrete" in shipped_sets()
    assert read_table("concrete").num_columns == 9


def columns(rows: int) -> st.SearchStrategy[Any]:
    def of(values: st.SearchStrategy[Any], kind: Any) -> st.SearchStrategy[Any]:
        cells = st.lists(st.none() | values, min_size=rows, max_size=rows)
        return cells.map(lambda cells: pa.array(cells, kind))

    markers = st.sampled_from(["yes", "no", "NA", "true", "nan"])
    words = markers | st.text(st.sampled_from("ab ,;\"'\n é가1.-"), max_size=4)
    return st.one_of(
        of(st.floats(), pa.float64()),
        of(st.integers(-(2**63), 2**63 - 1), pa.int64()),
        of(st.integers(0, 3), pa.int8()),
        of(st.booleans(), pa.bool_()),
        of(st.dates(dt.date(1000, 1, 1)), pa.date32()),
        of(st.datetimes(dt.datetime(1000, 1, 1)), pa.timestamp("us")),
        of(words, pa.string()),
    )


@settings(max_examples=80, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.data())
def test_csv_and_parquet_agree(tmp_path: Path, data: st.DataObject) -> None:
    """The same problem, or the same refusal."""
    rows = data.draw(st.integers(10, 25))
    names = [f"c{k}" for k in range(data.draw(st.integers(1, 4)))]
    table = pa.table({**{name: data.draw(columns(rows)) for name in names}, "y": data.draw(columns(rows))})
    pacsv.write_csv(table, tmp_path / "t.csv")
    pq.write_table(table, tmp_path / "t.parquet")
    results: list[Any] = []
    for path in (tmp_path / "t.csv", tmp_path / "t.parquet"):
        try:
            results.append(pose_problem(path, "y"))
        except DataError as error:
            results.append(error.key)
    if isinstance(results[0], str) or isinstance(results[1], str):
        assert results[0] == results[1]
    else:
        assert_same(*results)
        features = Encoder.fit(results[0]).transform(results[0])
        assert np.isfinite(features).all() and math.isfinite(results[0].y.sum())
