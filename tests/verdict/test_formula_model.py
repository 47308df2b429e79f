"""A user's formula as a third model: same rows, fitted inmodel the folds, told apart from the other two."""

from __future__ import annotations

import numpy as np
import pytest

import unbend as ub
from unbend.errors import FormulaError

pytestmark = pytest.mark.usefixtures("quick")


def curve(rows: int = 150) -> dict[str, np.ndarray]:
    rng = np.random.default_rng(0)
    t = rng.uniform(0, 4, rows)
    return {"t": t, "other": rng.normal(size=rows), "y": 5 * (1 - np.exp(-1.3 * t)) + 0.05 * rng.normal(size=rows)}


def test_the_true_formula_finds_its_parameters_and_beats_the_straight_line() -> None:
    result = ub.fit(curve(), "y", formula="y = b1*(1 - exp(-b2*t))", budget=60)
    model = result.formula
    assert model is not None
    assert model.fit.values["b1"] == pytest.approx(5, abs=0.05)
    assert model.fit.values["b2"] == pytest.approx(1.3, abs=0.05)
    assert model.rmse == pytest.approx(0.05, rel=0.2)
    assert model.interval[0] > 0.5
    assert model.gain == pytest.approx(1 - (model.rmse / result.linear.rmse) ** 2, rel=1e-6)
    assert result.to_json()["formula"]["text"] == "y = b1*(1 - exp(-b2*t))"


def test_the_right_model_alone_is_enough_and_a_straight_formula_gains_nothing() -> None:
    model = ub.fit(curve(), "y", formula="a*t + b*other + c", budget=60).formula
    assert model is not None
    assert model.text.startswith("y = ")
    assert abs(model.gain) < 0.02


@pytest.mark.parametrize(
    ("formula", "target", "task"),
    [("log(y) = a*t", "y", None), ("other = a*t", "y", None), ("a*t", "y", "classification"), ("a*(t", "y", None)],
)
def test_a_formula_of_something_else_is_refused(formula: str, target: str, task: str | None) -> None:
    data = curve()
    if task:
        data["y"] = (data["y"] > 3).astype(float)
    with pytest.raises(FormulaError):
        ub.fit(data, target, formula=formula, task=task, budget=5)


def test_rows_where_the_formula_has_no_value_count_with_the_mean() -> None:
    data = curve()
    data["t"][:5] = np.nan
    model = ub.fit(data, "y", formula="a*t + b", budget=60).formula
    assert model is not None
    assert np.isfinite(model.rmse)
