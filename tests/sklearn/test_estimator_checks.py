"""scikit-learn's own checks of an estimator: all of them, none expected to fail."""

from __future__ import annotations

from typing import Any

import pytest

pytest.importorskip("sklearn")
from sklearn.utils.estimator_checks import parametrize_with_checks

from unbend.sklearn import FormulaRegressor, NetworkClassifier, NetworkRegressor, StraightOrBent


@parametrize_with_checks([FormulaRegressor(), NetworkRegressor(), NetworkClassifier()])
def test_estimator(estimator: Any, check: Any) -> None:
    check(estimator)


@pytest.mark.usefixtures("brief")
@parametrize_with_checks([StraightOrBent(), StraightOrBent("regression"), StraightOrBent("classification")])
def test_straight_or_bent(estimator: Any, check: Any) -> None:
    check(estimator)
