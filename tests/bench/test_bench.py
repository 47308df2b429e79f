"""``unbend bench``: interleaved timing, ratios, tables; every backend trains on all rows once per epoch."""

from __future__ import annotations

import json

import numpy as np
import pytest

from unbend.bench.__main__ import numbers, show
from unbend.bench.timing import Times, interleaved_timings, ratio
from unbend.bench.training_backends import plain, products, unbend
from unbend.bench.workload import NotAvailable, Workload


def test_backends_run_interleaved_and_missing_ones_report_why(monkeypatch):
    monkeypatch.setattr("unbend.bench.timing._PAUSE", 0.0)
    calls: list[str] = []

    def missing():
        raise NotAvailable("not installed")

    builders = {"a": lambda: lambda: calls.append("a"), "b": lambda: lambda: calls.append("b"), "c": missing}
    found = interleaved_timings(builders, rounds=4, least=0.0)
    assert calls == list("aabb") + list("abbaabba")
    assert found["c"].missing == "not installed" and not found["c"].rounds
    assert all(len(found[n].rounds) == 4 and found[n].median >= 0 for n in "ab")


def test_ratio_is_median_of_per_round_ratios():
    times = {"unbend": Times([1.0, 2.0, 4.0]), "slow": Times([3.0, 4.0, 40.0])}
    assert ratio(times, "slow") == 3.0


@pytest.mark.parametrize("trainer", [unbend, plain, products])
def test_epoch_covers_all_rows(trainer):
    workload = Workload((3, 5, 2), 16, 100)
    trainer(workload)()
    assert workload.steps == 7 and sorted(workload.order) == list(range(100))
    assert workload.x.dtype == np.float32 and workload.recipe.batch_size == 16


def test_results_are_shown_and_written(tmp_path, capsys):
    line = numbers({"unbend": Times([0.001]), "other": Times([0.003]), "gone": Times(missing="no wheel")})
    results = {"facts": {"cores": "2"}, "training": {"2-4-3, 10": line}, "answers": {"2-4-3 × 10": line}}
    results |= {"widths": {"2": line, "4": line}, "memory": {"unbend": 100.0}, "first": {"2-4-3, 10": (2.0, 0.5)}}
    show(results, False, tmp_path)
    text = capsys.readouterr().out
    assert "| 2-4-3, 10 | 1 | 3 | – |" in text and "gone: no wheel" in text
    assert json.loads((tmp_path / "engine.json").read_text(encoding="utf-8"))["facts"] == {"cores": "2"}
    assert (tmp_path / "engine.png").stat().st_size > 1_000
    show(results, True, None)
    assert json.loads(capsys.readouterr().out)["training"]["2-4-3, 10"]["other"]["ratio"] == pytest.approx(3)
