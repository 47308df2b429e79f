"""Prediction intervals: coverage on new rows, widths that follow the errors, files, refusals."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import unbend as ub
from unbend.errors import BadInput, DataError, ModelError
from unbend.verdict import Model, Settings
from unbend.verdict.conformal import (
    LEAST_FACTOR,
    MAX_RESIDUALS,
    ConformalIntervals,
    averaging_factor,
    fit_intervals,
)


def rows(n: int, uneven: float, seed: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Features, predictions and skewed errors whose size follows the first feature where ``uneven``."""
    rng = np.random.default_rng(seed)
    x = rng.normal(size=(n, 3))
    return x, 5 + x[:, 1], np.exp(uneven * x[:, 0]) * (rng.exponential(size=n) - 1)


@pytest.mark.parametrize("uneven", [0.0, 0.8])
def test_coverage_of_new_rows(uneven: float) -> None:
    """Within two points of what was asked, on average over data sets (Vovk et al. 2005, proposition 2.3)."""
    levels, held, above = np.array([0.8, 0.9, 0.95]), [], []
    for seed in range(30):
        x, predicted, errors = rows(400 + 500, uneven, seed)
        intervals = fit_intervals(errors[:400], x[:400], predicted[:400], 0)
        ends = np.stack([intervals.interval(predicted[400:], x[400:], level) for level in levels])
        y = predicted[400:] + errors[400:]
        held.append(np.mean((ends[..., 0] <= y) & (y <= ends[..., 1]), axis=1))
        above.append(np.mean(y > ends[..., 1], axis=1))
        assert (intervals.scale is not None) == (uneven > 0)
    np.testing.assert_allclose(np.mean(held, axis=0), levels, atol=0.02)
    np.testing.assert_allclose(np.mean(above, axis=0), (1 - levels) / 2, atol=0.015)  # skewed, yet as many at each end


def test_wider_where_errors_are_larger() -> None:
    x, predicted, errors = rows(1000, 0.8, 0)
    intervals = fit_intervals(errors, x, predicted, 0)
    width = np.diff(intervals.interval(predicted, x, 0.9))[:, 0]
    assert np.corrcoef(np.log(width), x[:, 0])[0, 1] > 0.95
    wild = intervals.interval(np.zeros(1), np.full((1, 3), 1e6), 0.9)
    assert np.diff(wild)[0, 0] <= 1.01 * width.max()  # never beyond what was seen


def test_rows_that_were_not_reached_and_many_rows() -> None:
    x, predicted, errors = rows(5000, 0.0, 1)
    errors[::2] = np.nan
    intervals = fit_intervals(errors, x, predicted, 0)
    assert len(intervals.residuals) == MAX_RESIDUALS
    assert [intervals.residuals[0], intervals.residuals[-1]] == [np.nanmin(errors), np.nanmax(errors)]
    exact = fit_intervals(np.zeros(100), x[:100], predicted[:100], 0)
    np.testing.assert_array_equal(exact.interval(predicted[:3], x[:3], 0.9), predicted[:3, None].repeat(2, axis=1))
    assert fit_intervals(np.zeros(3), x[:3], predicted[:3], 0).checked == ()


@pytest.mark.parametrize("coverage", [0, 1, 1.5, -0.1, float("nan"), True, "0.9"])
def test_coverage_is_between_0_and_1(coverage: object) -> None:
    with pytest.raises(BadInput, match="between 0 and 1"):
        ConformalIntervals(np.arange(50.0), None).interval(np.zeros(1), np.zeros((1, 1)), coverage)  # type: ignore[arg-type]


def test_few_errors_cannot_tell_the_tails() -> None:
    intervals = ConformalIntervals(np.arange(19.0), None)
    assert intervals.interval(np.zeros(1), np.zeros((1, 1)), 0.9).tolist() == [[0.0, 18.0]]
    with pytest.raises(BadInput, match="at least"):
        intervals.interval(np.zeros(1), np.zeros((1, 1)), 0.95)


@pytest.fixture(scope="module")
def table() -> dict[str, np.ndarray]:
    rng = np.random.default_rng(3)
    a = rng.uniform(-2, 2, 300)
    return {"a": a, "b": rng.normal(size=300), "y": 3 * a + np.exp(0.5 * a) * rng.normal(size=300)}


@pytest.fixture(scope="module")
def result(table: dict[str, np.ndarray]) -> ub.Result:
    with pytest.MonkeyPatch.context() as patch:
        small = Settings(members=2, hidden=(8,), batch_size=16, steps=60)
        patch.setattr(Settings, "for_rows", classmethod(lambda cls, rows: small))
        return ub.fit({k: v[:200] for k, v in table.items()}, target="y", seed=1)


def test_from_the_table_to_the_file_and_back(result: ub.Result, table: dict[str, np.ndarray], tmp_path: Path) -> None:
    new = {k: v[200:] for k, v in table.items()}
    ends = result.predict_interval(new, 0.8)
    assert ends.shape == (100, 2) and (ends[:, 0] < ends[:, 1]).all()
    assert 0.65 < np.mean((ends[:, 0] <= new["y"]) & (new["y"] <= ends[:, 1])) < 0.95
    loaded = Model.load(result.save(tmp_path / "model.safetensors"))
    np.testing.assert_array_equal(loaded.predict_interval(new, 0.8), ends)
    for level, checked in result.to_json()["intervals"].items():
        assert checked["covered"] == pytest.approx(float(level), abs=0.1) and checked["width"] > 0
    with pytest.raises(DataError, match="without errors of held-out rows"):
        replace(loaded, intervals=None).predict_interval(new)


@pytest.mark.parametrize("broken", [
    {"errors": [2.0, 1.0]}, {"errors": "x"}, {"errors": [[1.0]]}, {"errors": [float("inf")]}, {"checked": [[1]]},
    {"scale": {"W": [1.0], "b": 0, "low": 0, "high": 1}}, {"scale": {"W": [1.0] * 3, "b": None, "low": 0, "high": 1}},
    {"scale": {"W": [1.0] * 3, "b": float("nan"), "low": 0, "high": 1}}, {"scale": []},
])  # fmt: skip
def test_damaged_descriptions_are_refused(result: ub.Result, broken: dict[str, object], tmp_path: Path) -> None:
    from unbend.network.files import save

    model = result.model
    assert model.intervals is not None
    described = {"kind": "table", "target": "y", "classes": [], "encoder": model.encoder.to_dict(),
            "spread": {**model.intervals.to_dict(), **broken}}  # fmt: skip
    with pytest.raises(ModelError, match="damaged"):
        Model.load(save(model.network, tmp_path / "m.safetensors", described))


def test_the_factor_of_averaging_is_that_of_the_means_errors() -> None:
    """Held-out errors are those of one network, the model is the mean of five: noise 1, disagreement 0.5."""
    rng = np.random.default_rng(0)
    noise, networks = rng.normal(size=20_000), rng.normal(scale=np.sqrt(0.5), size=(5, 20_000))
    one, mean = noise - networks[0], noise - networks.mean(axis=0)
    factor = averaging_factor(one, float(networks.var(axis=0, ddof=1).mean()), 1, 5)
    assert factor * one.std() == pytest.approx(mean.std(), rel=0.01)
    assert averaging_factor(one, 0.5, 5, 5) == 1.0 and averaging_factor(0 * one, 0.5, 1, 5) == 1.0
    assert averaging_factor(one, 100.0, 1, 5) == LEAST_FACTOR
