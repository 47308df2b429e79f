"""Groups that nobody named are hinted at; columns that merely matter, and smooth dependence, are not."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from unbend.data import Encoder, pose_problem
from unbend.verdict.group_hints import group_hints, within_groups


def hints(table: dict[str, Any]) -> list[str]:
    problem = pose_problem(table, "y")
    encoder = Encoder.fit(problem)
    return [note.values["column"] for note in group_hints(problem, encoder.transform(problem), encoder.sources)]


def chicks(seed: int, spread: float) -> dict[str, Any]:
    """Fifty chicks weighed twelve times each, every one with a growth of its own."""
    rng = np.random.default_rng(seed)
    chick, time = np.repeat(np.arange(50), 12), np.tile(np.arange(0, 24, 2), 50)
    growth = 8 + spread * rng.normal(size=50)[chick]
    return {"time": time, "chick": chick, "y": 40 + growth * time + 5 * rng.normal(size=600)}


@pytest.mark.parametrize("labels", [False, True])
def test_rows_of_one_animal(labels: bool) -> None:
    for seed in range(5):
        table, alike = chicks(seed, 2.5), chicks(seed, 0.0)
        for t in (table, alike):
            t["chick"] = [f"c{k}" for k in t["chick"]] if labels else t["chick"]
        assert hints(table) == ["chick"] and hints(alike) == []


def test_what_is_no_group() -> None:
    rng = np.random.default_rng(0)
    age = rng.integers(20, 65, 900)
    smooth = 0.02 * (age - 42.0) ** 2 + rng.normal(size=900)
    assert hints({"age": age, "x": rng.normal(size=900), "y": smooth}) == []
    assert hints({"age": age, "x": rng.normal(size=900), "y": smooth > np.median(smooth)}) == []
    for values in (9, 16, 40):  # a column that simply bends: strongly, with a kink, in steps, in waves
        x = rng.integers(0, values, 600)
        u = 2 * x / (values - 1) - 1
        for bent in (20 * u**2, 20 * np.abs(u), 8.0 * (u > 0.2) - 5 * (u > 0.7), 10 * np.exp(2 * u), 8 * np.sin(5 * u)):
            assert hints({"x": x, "z": rng.normal(size=600), "y": bent + rng.normal(size=600)}) == []


def test_no_correlation_is_seldom_seen() -> None:
    rng = np.random.default_rng(1)
    for ordered in (False, True):
        groups = np.repeat(np.arange(30), 8)
        p = [within_groups(rng.normal(size=240), groups, ordered)[1] for _ in range(400)]
        assert np.mean(np.array(p) < 0.05) == pytest.approx(0.05, abs=0.035)
        correlated = rng.normal(size=30)[groups] + rng.normal(size=240)
        assert within_groups(correlated, groups, ordered)[0] == pytest.approx(0.5, abs=0.25)
