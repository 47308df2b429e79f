"""Held-out predictions as a table: the comparison's numbers, beside the right rows."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pyarrow.csv as csv
import pyarrow.parquet as pq
import pytest

import unbend as ub
from unbend.cli import run
from unbend.errors import DataError


@pytest.fixture(autouse=True)
def one_repeat(quick: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """Small networks, each fold once."""
    monkeypatch.setattr("unbend.verdict.plan.MAX_REPEATS", 1)


def test_numbers_stand_beside_their_rows() -> None:
    rng = np.random.default_rng(0)
    a = rng.normal(size=60)
    y = [None if k % 6 == 0 else 2 * v + 1 for k, v in enumerate(a)]
    table = {"customer_id": [f"c{k}" for k in range(60)], "a": a, "time": rng.permutation(60) * 1.5, "y": y}
    result = ub.fit(table, "y", time="time", by_clock=False)
    found = result.out_of_fold()
    assert found.column_names == ["row", "customer_id", "y", "linear", "network"]
    rows = found["row"].to_numpy()
    assert len(rows) == 50 and (rows % 6 != 0).all()
    assert found["customer_id"].to_pylist() == [f"c{k}" for k in rows]
    np.testing.assert_allclose(found["y"].to_numpy(), 2 * a[rows] + 1)
    output = result.comparison.outputs["linear"][:, 0]
    np.testing.assert_array_equal(np.isnan(output), found["linear"].is_null().to_numpy())  # the earliest half
    reached = ~np.isnan(output)
    np.testing.assert_array_equal(found["linear"].drop_null().to_numpy(), output[reached])
    assert result.out_of_fold(ids=["a"]).column_names == ["row", "a", "y", "linear", "network"]
    with pytest.raises(DataError, match="customer_id"):
        result.out_of_fold(ids=["customer_ids"])


@pytest.mark.parametrize("labels", [("no", "yes"), ("x", "y", "z")])
def test_probabilities_give_the_scores(labels: tuple[str, ...]) -> None:
    rng = np.random.default_rng(1)
    a = rng.normal(size=90)
    y = np.array(labels)[np.digitize(a + 0.5 * rng.normal(size=90), [-0.5, 0.5][: len(labels) - 1])]
    result = ub.fit({"a": a, "b": rng.normal(size=90), "y": y}, "y", by_clock=False)
    everything = result.out_of_fold()
    assert everything["y"].to_pylist() == y.tolist()
    reached = everything["network"].is_valid()  # a clear answer may come before every fold was needed
    found = everything.filter(reached)
    p = np.column_stack([found[f"network P({label})"].to_numpy() for label in labels])
    np.testing.assert_allclose(p.sum(axis=1), 1)
    actual = np.array([labels.index(label) for label in found["y"].to_pylist()])
    assert np.mean(p.argmax(axis=1) == actual) == result.network.accuracy
    assert found["network"].to_pylist() == np.array(labels)[p.argmax(axis=1)].tolist()


def test_a_column_called_like_a_prediction_is_refused() -> None:
    rng = np.random.default_rng(1)
    result = ub.fit({"a": rng.normal(size=40), "linear": rng.normal(size=40)}, "linear", by_clock=False)
    with pytest.raises(DataError, match="'linear'"):
        result.out_of_fold()


def test_files(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rng = np.random.default_rng(0)
    a = rng.normal(size=40)
    data = tmp_path / "t.csv"
    data.write_text("key,a,y\n" + "".join(f"k{k},{v},{3 * v + 1}\n" for k, v in enumerate(a)), encoding="utf-8")
    command = ["fit", str(data), "-t", "y", "--json", "--budget", "3"]
    assert run([*command, "--out", str(tmp_path / "o")]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert answer["out_of_fold"] == str(tmp_path / "o" / "out_of_fold.csv")
    written = csv.read_csv(answer["out_of_fold"])
    assert written["row"].to_pylist() == list(range(1, 41))  # as `unbend explain --row` counts
    assert written["key"].to_pylist() == [f"k{k}" for k in range(40)]
    path = tmp_path / "held.parquet"
    assert run([*command, "--out", str(tmp_path / "p"), "--out-of-fold", str(path), "--id", "a"]) == 0
    assert pq.read_table(path).column_names == ["row", "a", "y", "linear", "network"]
    assert not (tmp_path / "p" / "out_of_fold.csv").exists()
    capsys.readouterr()
    assert run([*command, "--out-of-fold", "held.pdf"]) == 2 and ".pdf" in capsys.readouterr().err
    assert run([*command, "--id", "b"]) == 2 and "'b'" in capsys.readouterr().err
