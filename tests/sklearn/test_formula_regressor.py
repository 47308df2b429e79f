"""``FormulaRegressor`` beside scikit-learn's and NumPy's least squares."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

pytest.importorskip("sklearn")
from sklearn.linear_model import LinearRegression
from sklearn.model_selection import GridSearchCV, cross_val_score

import unbend as ub
from unbend.sklearn import FormulaRegressor

rng = np.random.default_rng(0)
X = rng.uniform(0.5, 4, size=(60, 2))
NOISE = 0.1 * rng.normal(size=60)


def test_default_formula_is_linear_in_all_columns() -> None:
    y = X @ [2, -3] + 5 + NOISE
    w = rng.integers(0, 4, 60)
    peer = LinearRegression().fit(X, y, sample_weight=w)
    model = FormulaRegressor().fit(X, y, sample_weight=w)
    assert np.allclose(list(model.parameters_.values()), [peer.intercept_, *peer.coef_], rtol=1e-12)
    assert np.allclose(model.predict(X), peer.predict(X), rtol=1e-12)


def test_nonlinear_formula_needs_no_starting_values() -> None:
    y = 5 * (1 - np.exp(-1.3 * X[:, 0]))
    model = FormulaRegressor("b1*(1 - exp(-b2*x1))").fit(X, y)
    assert model.parameters_ == pytest.approx({"b1": 5, "b2": 1.3}, rel=1e-9)
    assert model.score(X, y) == pytest.approx(1)
    assert model.fit_.standard_errors.keys() == {"b1", "b2"}


def test_frame_columns_are_matched_by_name() -> None:
    pd = pytest.importorskip("pandas")
    frame = pd.DataFrame(X, columns=["age", "dose"])
    y = 2 * np.log(X[:, 1]) + 1 + NOISE
    model = FormulaRegressor("strength = a*log(dose) + c").fit(frame, y)
    slope, constant = np.polyfit(np.log(X[:, 1]), y, 1)
    assert model.parameters_ == pytest.approx({"a": slope, "c": constant})
    assert model.predict(frame) == pytest.approx(slope * np.log(X[:, 1]) + constant)


def test_integer_weights_equal_repeated_rows_in_search_too() -> None:
    y = 5 * np.exp(-X[:, 0]) + NOISE
    w = rng.integers(0, 4, 60)
    model = FormulaRegressor("a*exp(-b*x1)")
    weighted = model.fit(X, y, sample_weight=w).predict(X)
    assert np.array_equal(weighted, model.fit(np.repeat(X, w, axis=0), np.repeat(y, w)).predict(X))


def test_a_grid_of_formulas() -> None:
    y = 3 * X[:, 0] ** 2 + 1 + NOISE
    grid = GridSearchCV(FormulaRegressor(), {"formula": ["a*x1 + b", "a*x1**2 + b", "a*exp(b*x1)"]}).fit(X, y)
    assert grid.best_params_ == {"formula": "a*x1**2 + b"}
    assert cross_val_score(FormulaRegressor(ub.Formula("y = a*x1**2 + b")), X, y).min() > 0.99


def test_a_constant_and_bounds() -> None:
    model = FormulaRegressor("c", bounds={"c": (None, 1)}).fit(X, np.full(60, 3.0))
    assert model.parameters_["c"] == pytest.approx(1)
    assert model.predict(X[:5]).shape == (5,)


@pytest.mark.parametrize(
    ("formula", "match"),
    [("log(y) = a*x1", "TransformedTargetRegressor"), ("x2 = a*x1", "x2"), ("a*(x1", r"\)"), ("a*x1 + b*x9*a", "")],
)
def test_invalid_formulas_raise(formula: str, match: str) -> None:
    model: Any = FormulaRegressor(formula)
    if match:
        with pytest.raises(ub.BadInput, match=match):
            model.fit(X, X[:, 0])
    else:  # a name that is no column is a parameter
        assert "x9" in model.fit(X, X[:, 0]).parameters_
