"""Partial dependence of both models on numbers, labels, dates; the most influential columns of a wide table."""

from __future__ import annotations

import numpy as np
import pytest

from unbend.data import Encoder, pose_problem
from unbend.network import Network
from unbend.verdict.effects import GRID, Effects
from unbend.verdict.linear_model import fit_linear

RNG = np.random.default_rng(4)


def test_effects() -> None:
    """Of a known network: lines keep their slope, |x| its kink, an unused column does nothing."""
    n = 150
    a, b, c = RNG.normal(0, 2, n), RNG.choice(["p", "q", "r"], n, p=[0.5, 0.3, 0.2]), RNG.normal(size=n)
    problem = pose_problem({"a": a, "b": b, "c": c, "y": a}, "y")
    encoder = Encoder.fit(problem)
    at = {name: k for k, name in enumerate(encoder.names)}
    W, V = np.zeros((len(at), 1)), np.zeros((len(at), 2))
    W[at["a"]], W[at["b=q"]] = 3, 5
    V[at["a"]] = [1, -1]
    linear = Network.from_arrays([(W, [1.0])])
    network = Network.from_arrays([(V, [0.0, 0.0]), ([[1.0], [1.0]], [0.0])], ["relu", "identity"])
    found = {e.column: e for e in Effects(problem, encoder, linear, network, seed=0).strongest(9)}
    assert set(found) == {"a", "b", "c"} and found["a"].of is None
    values = np.array(found["a"].values, dtype=float)
    assert len(values) <= GRID and (values[0], values[-1]) == (a.min(), a.max())
    np.testing.assert_allclose(np.diff(found["a"].linear), 3 * np.diff(values), rtol=1e-9)
    np.testing.assert_allclose(found["a"].network, np.abs(values), rtol=1e-12)
    assert found["b"].values == ["p", "q", "r"]  # the most frequent first
    np.testing.assert_allclose(found["b"].linear - found["b"].linear[0], [0, 5, 0], atol=1e-9)
    assert found["c"].amplitude == 0 and found["a"].amplitude == pytest.approx(3 * np.ptp(a))
    order = [e.column for e in Effects(problem, encoder, linear, network, seed=0).strongest(9)]
    assert order == ["a", "b", "c"]  # strongest first


@pytest.mark.parametrize("network_too", [False, True])
def test_effects_of_a_wide_table(network_too: bool) -> None:
    """Only the columns that influence either model most are considered, whatever their units."""
    wide = {f"c{k}": RNG.normal(size=60) * 10.0 ** (k % 5) for k in range(30)}
    problem = pose_problem(wide | {"y": RNG.normal(size=60)}, "y")
    encoder = Encoder.fit(problem)
    W, V = np.zeros((30, 1)), np.zeros((30, 1))
    W[7], W[21], V[13] = 3 / 10**2, 2 / 10**1, (5 if network_too else 0) / 10**3
    linear, network = Network.from_arrays([(W, [0.0])]), Network.from_arrays([(V, [0.0]), ([[1.0]], [0.0])])
    found = Effects(problem, encoder, linear, network, seed=0).strongest(3)
    assert len(found) == 3
    names = [e.column for e in found if e.amplitude > 0]
    assert sorted(names) == (["c13", "c21", "c7"] if network_too else ["c21", "c7"])
    assert [e.amplitude for e in found] == sorted((e.amplitude for e in found), reverse=True)


@pytest.mark.parametrize("classes", [2, 3])
def test_effects_of_classes_are_probabilities(classes: int) -> None:
    a = RNG.normal(size=90)
    labels = np.array(["A", "B", "C"])[np.digitize(a, [-0.5, 0.5]) if classes == 3 else (a > 0).astype(int)]
    problem = pose_problem({"a": a, "flag": RNG.choice([True, False], 90), "y": labels}, "y")
    encoder = Encoder.fit(problem)
    linear, _ = fit_linear(encoder.transform(problem), problem.y, classes, 0)
    first = Effects(problem, encoder, linear, linear, 0).strongest(9)[0]
    assert first.column == "a" and first.of in problem.classes and (first.of == "B" or classes == 3)
    assert np.all((first.linear >= 0) & (first.linear <= 1)) and first.amplitude > 0.5
    np.testing.assert_array_equal(first.linear, first.network)


def test_effects_of_dates_booleans_and_gaps() -> None:
    n = 60
    days = np.datetime64("2020-01-01") + RNG.integers(0, 900, n)
    gap = [None if k % 5 == 0 else float(k) for k in range(n)]
    flag, y = RNG.choice(["yes", "no"], n), RNG.normal(size=n)
    problem = pose_problem({"day": days.astype("datetime64[us]"), "flag": flag, "gap": gap, "y": y}, "y")
    encoder = Encoder.fit(problem)
    linear, _ = fit_linear(encoder.transform(problem), problem.y, 0, 0)
    found = {e.column: e for e in Effects(problem, encoder, linear, linear, 0).strongest(9)}
    assert set(found) == {"day", "flag", "gap"}
    assert sorted(found["flag"].values) == ["no", "yes"] and None not in found["gap"].values
    assert all(np.isfinite(e.linear).all() and len(e.values) == len(e.linear) for e in found.values())
