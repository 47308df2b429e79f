"""A fit in parts: the verdict that the data was made for, the linear model of least squares on all rows."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from sklearn.linear_model import LinearRegression, LogisticRegression

import unbend as ub
from unbend.errors import BadInput, DataError
from unbend.scale import growing_verdict

FILES, ROWS = 3, 2000


@pytest.fixture(autouse=True)
def few_rows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(growing_verdict, "FIRST_ROWS", 512)
    monkeypatch.setattr(growing_verdict, "STRAIGHT_ROWS", 1024)


def write(folder: Path, target: Any) -> Any:
    """Files of two columns and a target, and the whole table."""
    rng = np.random.default_rng(5)
    folder.mkdir()
    tables = []
    for k in range(FILES):
        x = rng.normal(size=(ROWS, 2))
        y = target(x, rng)
        tables.append(pa.table({"a": pa.array(x[:, 0], mask=rng.random(ROWS) < 0.02), "b": x[:, 1], "y": y}))
        pq.write_table(tables[-1], folder / f"{k}.parquet", row_group_size=700)
    return pa.concat_tables(tables)


def fit(folder: Path, **arguments: Any) -> Any:
    return ub.fit(folder, "y", memory="100 kB", by_clock=False, **{"budget": 60, **arguments})


def bent(x: Any, rng: Any) -> Any:
    return np.abs(x[:, 0]) + x[:, 1] + 0.1 * rng.normal(size=len(x))


def straight(x: Any, rng: Any) -> Any:
    return x @ [1.0, 2.0] + rng.normal(size=len(x))


def test_bends_are_found_on_few_rows_and_predictions_work(tmp_path: Path) -> None:
    whole = write(tmp_path / "t", bent)
    result = fit(tmp_path / "t")
    assert result.verdict == "bends_pay"
    assert result.large.looks == ((512, "bends_pay"),) and result.rows == result.to_json()["rows"] == FILES * ROWS
    large = result.to_json()["large"]
    assert large["linear_rows"] == large["sample_rows"] == FILES * ROWS
    column = large["columns"][0]
    assert (column["name"], column["missing"], column["quantile_error"]) == ("a", whole["a"].null_count, 0.0)
    assert abs(column["quantiles"][3]["value"] - np.nanmedian(whole["a"].to_numpy())) < 0.01
    path = result.save(tmp_path / "model.safetensors")
    assert np.sqrt(np.mean((ub.load(path).predict(whole) - whole["y"].to_numpy()) ** 2)) < 0.3


def test_straight_takes_more_rows_and_the_model_is_that_of_all(tmp_path: Path) -> None:
    whole = write(tmp_path / "t", straight)
    result = fit(tmp_path / "t")
    assert result.verdict == "straight_is_enough" and result.large.verdict_rows >= 1024
    model = result.linear.model
    x, y = model.encoder.transform(whole), whole["y"].to_numpy()
    W, b = model.network.arrays[0]
    scaled = (x - x.mean(axis=0)) / x.std(axis=0)
    expected = LinearRegression().fit(scaled, y)
    np.testing.assert_allclose(x @ W[:, 0] + b[0], expected.predict(scaled), atol=0.01)  # but for the penalty
    errors = [np.mean((y - p) ** 2) for p in (x @ W[:, 0] + b[0], expected.predict(scaled))]
    assert errors[0] <= errors[1] * (1 + 1e-5)


def test_nearly_equal_columns_are_summed_again_without_rounding(tmp_path: Path) -> None:
    (tmp_path / "t").mkdir()
    rng = np.random.default_rng(0)
    for k in range(FILES):
        a = rng.normal(size=ROWS)
        b = a + 1e-7 * rng.normal(size=ROWS)
        pq.write_table(pa.table({"a": a, "b": b, "y": 1e9 * (a - b) + 1e-3 * b}), tmp_path / "t" / f"{k}.parquet")
    result = fit(tmp_path / "t")
    assert any(note.key == "scale.exact_sums" for note in result.notes)
    assert result.messages()


def test_rare_classes_are_in_the_verdict(tmp_path: Path) -> None:
    def classes(x: Any, rng: Any) -> Any:
        labels = np.where(x[:, 0] + 0.3 * rng.normal(size=len(x)) > 0, "high", "low")
        labels[::400] = "rare"
        return labels

    write(tmp_path / "t", classes)
    whole = pq.read_table(tmp_path / "t")
    result = fit(tmp_path / "t", budget=8)
    assert result.model.classes == ("high", "low", "rare")
    assert np.bincount(result.problem.y)[2] == FILES * ROWS / 400
    assert any(note.key == "scale.rare_classes" for note in result.notes)
    x = result.linear.model.encoder.transform(whole)
    scaled = (x - x.mean(axis=0)) / x.std(axis=0)
    expected = LogisticRegression(C=1e4, tol=1e-10, max_iter=1000).fit(scaled, whole["y"].to_pylist())
    found = result.linear.model.probabilities(whole)
    np.testing.assert_allclose(found, expected.predict_proba(scaled), atol=0.02)  # but for the penalty
    shares = result.network.model.probabilities(whole).mean(axis=0)  # of a sample with too many rare rows, corrected
    assert 0.5 / 400 < shares[2] < 2 / 400


class Broken:
    """The map over shards, which breaks off before so many; ``calls`` are what it was mapped over."""

    def __init__(self, shards: int = 10**6) -> None:
        self.left = shards
        self.calls: list[tuple[str, str, int]] = []

    def __call__(self, function: Any, shards: Any, /) -> Any:
        for shard in shards:
            if not self.left:
                raise BadInput("scale.cluster_lost", reason="broken off")
            self.left -= 1
            self.calls.append((function.func.__name__, shard.key, shard.first_row))
            yield function(shard)


@pytest.mark.parametrize("kind", ["values", "classes"])
def test_a_resumed_fit_repeats_no_pass(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, quick: None, kind: str) -> None:
    def labels(x: Any, rng: Any) -> Any:
        return np.where(straight(x, rng) > 0, "high", "low")

    write(tmp_path / "t", straight if kind == "values" else labels)
    saved: dict[str, Any] = {"checkpoint": tmp_path / "saved", "budget": 2}
    steps: list[Any] = []
    uninterrupted = Broken()
    monkeypatch.setattr("unbend.scale.large_fit.on_threads", uninterrupted)
    whole = fit(tmp_path / "t", budget=2, watch=steps.append)
    shares = [step.share for step in steps]
    assert shares == sorted(shares) and shares[-1] == 1
    assert [(s.rows, s.all_rows) for s in steps if s.name == "survey"][-1] == (FILES * ROWS, FILES * ROWS)
    monkeypatch.setattr(sys.modules["unbend.train.checkpoint"], "_WRITING_SHARE", 1e9)  # saved after every shard
    first, again = Broken(FILES + 2), Broken()
    monkeypatch.setattr("unbend.scale.large_fit.on_threads", first)
    with pytest.raises(BadInput, match="--resume"):
        fit(tmp_path / "t", **saved)
    monkeypatch.setattr("unbend.scale.large_fit.on_threads", again)
    result = fit(tmp_path / "t", resume=True, **saved)
    assert first.calls + again.calls == uninterrupted.calls and len(again.calls) >= FILES - 2
    for name in ("linear", "network"):
        one, other = (getattr(r, name).model.network for r in (whole, result))
        pairs = zip(one.arrays, other.arrays, strict=True)
        assert all(a.tobytes() == b.tobytes() for p, q in pairs for a, b in zip(p, q, strict=True))
    assert result.large == whole.large and result.verdict == whole.verdict


def test_counts_that_the_first_rows_have_few_of_are_numbers(tmp_path: Path) -> None:
    """Nine values look like classes; the last file has more."""
    write(tmp_path / "t", lambda x, rng: np.arange(len(x)) % 9)
    last = pa.table({"a": np.zeros(12), "b": np.zeros(12), "y": np.arange(12)})
    pq.write_table(pa.concat_tables([pq.read_table(tmp_path / "t" / "0.parquet"), last]), tmp_path / "t" / "9.parquet",
                   row_group_size=2000)  # fmt: skip
    result = fit(tmp_path / "t", budget=1)
    assert result.task == "regression" and result.large.linear_rows == 4 * ROWS + 12


def test_a_table_that_fits_is_read_whole(tmp_path: Path) -> None:
    write(tmp_path / "t", straight)
    result = ub.fit(f"{tmp_path}/t/*.parquet", "y", memory="16GB", by_clock=False, budget=3)
    assert result.large is None and result.problem.rows == FILES * ROWS


@pytest.mark.parametrize("memory", ["100 kB", "16GB"])
def test_several_targets(tmp_path: Path, memory: str) -> None:
    write(tmp_path / "t", straight)
    (tmp_path / "t" / "8.parquet").write_bytes(b"PAR1")
    pq.write_table(pa.table({"a": [1.0], "b": ["much"], "y": [1.0]}), tmp_path / "t" / "9.parquet")
    results = ub.fit(tmp_path / "t", ["y", "b"], memory=memory, skip_bad=True, by_clock=False, budget=3)
    assert list(results) == ["y", "b"]
    for result in results.values():
        assert result.rows == FILES * ROWS and [c.name for c in result.problem.inputs] == ["a"]
        assert (result.large is None) is (memory == "16GB")
        assert any("8.parquet, 9.parquet" in message for message in result.messages())
    assert results["y"].linear.score > 0.1 > results["b"].linear.score


def test_a_bad_file_stops_the_fit_or_is_left_out(tmp_path: Path) -> None:
    write(tmp_path / "t", bent)
    (tmp_path / "t" / "9.parquet").write_bytes((tmp_path / "t" / "0.parquet").read_bytes()[:-300])
    with pytest.raises(DataError, match=r"9\.parquet"):
        fit(tmp_path / "t")
    result = fit(tmp_path / "t", skip_bad=True, budget=5)
    assert [name for name, _ in result.large.skipped] == ["9.parquet"]
    assert any("9.parquet" in message for message in result.messages())
