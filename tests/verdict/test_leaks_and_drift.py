"""Target leakage, drifting columns and autocorrelated errors."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from scipy import stats

from unbend.data import pose_problem
from unbend.verdict.drift import _kolmogorov_smirnov, drift, order_notes
from unbend.verdict.leaks import leaks

RNG = np.random.default_rng(0)
N = 200
X, Z = RNG.normal(size=N), RNG.normal(size=N)
Y = X + Z + 0.5 * RNG.normal(size=N)
SIDE = np.where(Y > 0, "yes", "no")
THREE = np.array(["low", "mid", "high"])[np.digitize(Y, [-1, 1])]
NONE = np.full(N, np.nan)
ROUND = np.round(Y) + 0.0  # no -0


def leaky(column: Any, y: Any = Y) -> list[str]:
    problem = pose_problem({"x": X, "z": Z, "leak": column, "y": y}, "y")
    return [note.key.removeprefix("verdict.") for note in leaks(problem) if note.values["column"] == "leak"]


@pytest.mark.parametrize(
    ("column", "y", "expected"),
    [
        (np.exp(Y), Y, ["leak_number"]),  # a monotone copy
        (-3 * Y + 7, Y, ["leak_number"]),
        (Y + 0.001 * RNG.normal(size=N), Y, ["leak_number"]),  # nearly one
        ([f"{v:g} kg" for v in ROUND], ROUND, ["leak_number"]),  # spelled out
        (Y + 0.3 * RNG.normal(size=N), Y, []),  # merely a good column
        (X, Y, []),
        (np.where(SIDE == "yes", "A", "B"), SIDE, ["leak_class"]),
        (Y, SIDE, ["leak_class"]),  # cut at 0
        (Y, THREE, ["leak_class"]),  # cut twice
        (np.where(THREE == "low", 5.0, np.where(THREE == "mid", 2.0, 9.0)), THREE, ["leak_class"]),
        (np.where(SIDE == "yes", X, np.nan), SIDE, ["leak_gaps"]),
        (X, SIDE, []),
        (RNG.integers(0, 2, N).astype(str), SIDE, []),
        ([f"id{k // 2}" for k in range(N)], SIDE, []),  # pairs: no evidence of anything
    ],
)
def test_leaks(column: Any, y: Any, expected: list[str]) -> None:
    assert leaky(column, y) == expected


def test_a_column_equal_to_the_target_is_said_once() -> None:
    problem = pose_problem({"x": X, "same": Y, "y": Y}, "y")
    assert [n.key for n in problem.notes] == ["data.equals_target"] and leaks(problem) == ()


@pytest.mark.parametrize(("sizes", "shift"), [((60, 60), 0.0), ((300, 200), 0.3), ((2000, 1500), 0.05)])
def test_two_samples(sizes: tuple[int, int], shift: float) -> None:
    """The distance is SciPy's, and the p-value about the exact one."""
    rng = np.random.default_rng(1)
    first, second = np.round(rng.normal(size=sizes[0]), 1), np.round(shift + rng.normal(size=sizes[1]), 1)
    distance, p = _kolmogorov_smirnov(first, second)
    theirs = stats.ks_2samp(first, second, method="asymp")
    assert distance == pytest.approx(theirs.statistic, rel=1e-12)
    assert p == pytest.approx(theirs.pvalue, rel=0.05)


def test_drift() -> None:
    late = np.arange(N) >= N // 2
    shifted = pose_problem({"x": X + 2 * late, "z": Z, "y": Y}, "y")
    note = drift(shifted, None)[0]
    assert note.key == "verdict.drift" and note.values["columns"] == "x"
    order = RNG.permutation(N)
    assert drift(shifted.take(order), None) == ()
    assert drift(shifted.take(order), order.astype(float))[0].key == "verdict.drift_in_time"
    assert drift(pose_problem({"x": np.sort(X), "z": Z, "y": Y}, "y"), None) == ()  # sorted by a column
    dated = {"day": np.datetime64("2024-01-01") + np.arange(N), "x": X + 2 * late, "y": Y}
    assert "--time 'day'" in drift(pose_problem(dated, "y"), None)[0].text()


def test_neighbours_that_err_alike() -> None:
    walk = np.convolve(RNG.normal(size=N + 9), np.ones(10), "valid")
    problem = pose_problem({"x": X, "z": Z, "y": Y}, "y")
    assert order_notes(problem, None, walk)[0].key == "verdict.kinship"
    assert order_notes(problem, None, RNG.permutation(walk)) == ()
    assert order_notes(problem, None, NONE) == ()
    gaps = np.where(RNG.random(N) < 0.2, np.nan, walk)
    assert order_notes(problem, None, gaps)[0].key == "verdict.kinship"
    assert order_notes(problem, np.arange(N), walk) == ()


def test_pure_chance_is_left_alone() -> None:
    count = 0
    for seed in range(100):
        rng = np.random.default_rng(seed)
        table = {f"x{j}": rng.standard_t(3, 100) for j in range(5)} | {"y": rng.normal(size=100)}
        problem = pose_problem(table, "y")
        count += len(order_notes(problem, None, rng.normal(size=100))) + len(leaks(problem))
    assert count == 0
