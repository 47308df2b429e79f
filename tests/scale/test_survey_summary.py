"""Quantiles and labels of a survey against all rows: exact where they say so, else within the bounds they state;
labels too rare for the verdict's rows."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from unbend.data import Encoder, pose_problem
from unbend.network import Network
from unbend.report.surveyed_columns import surveyed
from unbend.scale import open_source, survey
from unbend.scale.rare_levels import rare_level_notes, with_counted_levels
from unbend.scale.shard_map import on_threads
from unbend.scale.survey_summary import SHARES, summarize
from unbend.verdict import Model
from unbend.verdict.large_table import LargeTable

ROWS, DRAWN = 60_000, 4_000


@pytest.fixture(scope="module")
def whole() -> Any:
    rng = np.random.default_rng(4)
    labels = np.char.add("L", np.minimum(rng.zipf(1.3, ROWS), 10**9).astype(str))
    colors = np.where(np.arange(ROWS) == ROWS - 1, "only once", np.array(["red", "blue"])[rng.integers(0, 2, ROWS)])
    return pa.table(
        {
            "skewed": pa.array(np.exp(3 * rng.normal(size=ROWS)), mask=rng.random(ROWS) < 0.1),
            "count": rng.poisson(4, ROWS),
            "when": pa.array(np.datetime64("2020-01-01", "s") + rng.integers(0, 10**8, ROWS)),
            "many": labels,
            "color": colors,
            "y": pa.array(rng.normal(size=ROWS), mask=np.arange(ROWS) % 100 == 3),
        }
    )


@pytest.fixture(scope="module")
def folder(whole: Any, tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("table")
    for k in range(3):
        pq.write_table(whole.slice(k * ROWS // 3, ROWS // 3), place / f"{k}.parquet")
    return place


def summary(folder: Path, seed: int, size: int, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    monkeypatch.setattr(sys.modules[survey.__module__], "SAMPLE_ROWS", size)
    source, found = survey(open_source(folder, "y"), seed=seed, shard_map=on_threads)
    return {column.name: column for column in summarize(found, source.form)}


@pytest.mark.parametrize("seed", range(3))
def test_bounds_hold_in_all_rows(folder: Path, whole: Any, seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    found = summary(folder, seed, DRAWN, monkeypatch)
    with_target = whole.filter(whole["y"].is_valid())
    for name in ("skewed", "when"):
        column = found[name]
        values = with_target[name].drop_null().to_numpy().astype("datetime64[us]" if name == "when" else float)
        values = values.astype(np.int64) / 86_400e6 if name == "when" else values
        assert 0 < column.quantile_error < 0.04 and column.distinct_error > 0
        for share, value in column.quantiles[1:-1]:
            below, up_to = np.mean(values < value), np.mean(values <= value)
            assert below - column.quantile_error <= share <= up_to + column.quantile_error
    counts = dict(zip(*np.unique(with_target["many"].to_numpy(), return_counts=True), strict=True))
    assert len(found["many"].levels) == 10
    for level in found["many"].levels:
        assert level.least < level.rows < level.most and level.least <= counts[level.label] <= level.most
    assert abs(found["many"].distinct / len(set(whole["many"].to_pylist())) - 1) < 4 * found["many"].distinct_error


def test_what_was_counted_is_exact(folder: Path, whole: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    found = summary(folder, 0, DRAWN, monkeypatch)
    assert {level.label: level.rows for level in found["color"].levels} == {
        entry["values"]: entry["counts"] for entry in whole["color"].value_counts().to_pylist()
    }  # also the one that one row of the last file has
    expected = np.quantile(whole["count"].to_numpy(), SHARES, method="inverted_cdf")
    assert [value for _, value in found["count"].quantiles[1:-1]] == expected.tolist()
    assert found["count"].quantile_error == found["count"].distinct_error == 0
    skewed = whole["skewed"].drop_null().to_numpy()
    assert found["skewed"].missing == ROWS - len(skewed)
    assert [found["skewed"].quantiles[k][1] for k in (0, -1)] == [skewed.min(), skewed.max()]
    everything = summary(folder, 0, ROWS, monkeypatch)["skewed"]
    known = whole.filter(whole["y"].is_valid())["skewed"].drop_null().to_numpy()
    assert everything.quantile_error == 0
    expected = np.quantile(known, SHARES, method="inverted_cdf")
    assert [value for _, value in everything.quantiles[1:-1]] == expected.tolist()


def test_every_number_of_the_report_and_of_json_has_its_error(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    columns = tuple(summary(folder, 0, DRAWN, monkeypatch).values())
    large = LargeTable(ROWS, 3, DRAWN, ROWS, DRAWN, ((DRAWN, "bends_pay"),), (), "", columns=columns, sample_rows=DRAWN)
    page = surveyed(large, {"color": "category"})
    assert "2.21" in page and "4,000 rows drawn" in page and "only once" in page and "2020-01-01" in page
    by_name = {column["name"]: column for column in large.to_json()["columns"]}
    assert by_name["skewed"]["quantile_error"] > 0 and by_name["many"]["distinct_error"] > 0
    low, high = by_name["many"]["levels"][0]["between"]
    assert low < by_name["many"]["levels"][0]["rows"] < high


def test_labels_that_the_verdict_has_too_few_of_are_counted_and_known(folder: Path, whole: Any) -> None:
    found = survey(open_source(folder, "y"), seed=0, shard_map=on_threads)[1]
    problem = pose_problem(found.sample.take(500).table.select(["many", "color", "y"]), "y")
    encoder = Encoder.fit(problem)
    color, many = (next(c for c in encoder.column_encoders if c.name == name) for name in ("color", "many"))
    assert color.levels == ("blue", "red") and not color.other
    notes = {note.values["column"]: note for note in rare_level_notes(encoder, found)}
    assert notes["color"].values == {"column": "color", "count": 1, "all": 3, "rows": 1}
    assert notes["many"].values["own"] == len(many.levels) and "2.2 %" in notes["many"].text()
    once = whole.slice(ROWS - 1)
    network = Network.from_arrays([(np.ones((len(encoder.names), 1)), np.zeros(1))], dtype="float64")
    model = Model(network, encoder, "y")
    known = with_counted_levels(model, found)
    np.testing.assert_array_equal(known.predict(once), model.predict(once))
    unseen = [[n.values["column"] for n in m.notes(once.select(["color", "many"]))] for m in (model, known)]
    assert "color" in unseen[0] and "color" not in unseen[1]
