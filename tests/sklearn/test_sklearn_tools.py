"""The estimators inside scikit-learn's own tools."""

from __future__ import annotations

import pickle
import subprocess
import sys
from typing import Any

import numpy as np
import pytest

pytest.importorskip("sklearn")
import sklearn
from sklearn.base import clone
from sklearn.calibration import CalibratedClassifierCV
from sklearn.compose import TransformedTargetRegressor
from sklearn.datasets import load_iris, make_friedman1
from sklearn.ensemble import AdaBoostRegressor, BaggingClassifier, VotingClassifier, VotingRegressor
from sklearn.inspection import permutation_importance
from sklearn.linear_model import LinearRegression
from sklearn.model_selection import GridSearchCV, cross_val_predict, cross_val_score, learning_curve
from sklearn.multioutput import MultiOutputClassifier
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import StandardScaler

from unbend.sklearn import FormulaRegressor, NetworkClassifier, NetworkRegressor

X, Y = make_friedman1(150, noise=0.5, random_state=0)
IRIS, SPECIES = load_iris(return_X_y=True)
REGRESSOR = NetworkRegressor((16,), epochs=60)
CLASSIFIER = NetworkClassifier((16,), epochs=60, learning_rate=0.01)


def test_pipeline_grid_search_and_clones() -> None:
    pipe = Pipeline([("scale", StandardScaler()), ("net", clone(REGRESSOR))])
    grid = GridSearchCV(pipe, {"net__hidden": [(), (16,)], "net__activation": ["gelu", "max(x, 0.1*x)"]}, cv=3)
    assert grid.fit(X, Y).best_params_["net__hidden"] == (16,)
    assert clone(grid.best_estimator_).get_params()["net__hidden"] == (16,)


def test_other_processes_give_the_same_scores() -> None:
    assert np.array_equal(cross_val_score(REGRESSOR, X, Y, cv=2), cross_val_score(REGRESSOR, X, Y, cv=2, n_jobs=2))


def test_tools_around_a_regressor() -> None:
    vote = VotingRegressor([("net", REGRESSOR), ("line", LinearRegression()), ("formula", FormulaRegressor())])
    assert vote.fit(X, Y).score(X, Y) > 0.7
    model = clone(REGRESSOR).fit(X, Y)
    importances = permutation_importance(model, X, Y, n_repeats=2, random_state=0).importances_mean
    assert importances[:5].min() > importances[5:].max()  # Friedman's function has five columns of its own, then noise
    assert learning_curve(REGRESSOR, X, Y, train_sizes=[0.3, 1.0], cv=2)[2].shape == (2, 2)
    logs = TransformedTargetRegressor(REGRESSOR, func=np.log, inverse_func=np.exp).fit(X, np.exp(Y / 10))
    assert logs.score(X, np.exp(Y / 10)) > 0.7
    assert AdaBoostRegressor(FormulaRegressor(), n_estimators=3, random_state=0).fit(X, Y).score(X, Y) > 0.5


def test_tools_around_a_classifier() -> None:
    calibrated = CalibratedClassifierCV(CLASSIFIER, cv=2).fit(IRIS, SPECIES)
    assert calibrated.score(IRIS, SPECIES) > 0.9
    vote = VotingClassifier([("a", CLASSIFIER), ("b", clone(CLASSIFIER).set_params(random_state=1))], voting="soft")
    assert vote.fit(IRIS, SPECIES).score(IRIS, SPECIES) > 0.9
    bag = BaggingClassifier(CLASSIFIER, n_estimators=2, random_state=0).fit(IRIS, SPECIES)
    assert bag.score(IRIS, SPECIES) > 0.9
    several = MultiOutputClassifier(CLASSIFIER).fit(IRIS, np.stack([SPECIES, 2 - SPECIES], axis=1))
    assert several.predict(IRIS).shape == (150, 2)
    shares = cross_val_predict(CLASSIFIER, IRIS, SPECIES, cv=3, method="predict_proba")
    assert np.mean(shares.argmax(axis=1) == SPECIES) > 0.9


def test_all_frame_types_give_identical_results() -> None:
    pd, pl, pa = (pytest.importorskip(name) for name in ("pandas", "polars", "pyarrow"))
    names = [f"column {i}" for i in range(X.shape[1])]
    columns = {name: X[:, i] for i, name in enumerate(names)}
    plain = clone(REGRESSOR).fit(X, Y).predict(X)
    for frame, target in (
        (pd.DataFrame(columns), pd.Series(Y)),
        (pl.DataFrame(columns), pl.Series(Y)),
        (pa.table(columns), pa.array(Y)),
    ):
        model = clone(REGRESSOR).fit(frame, target)
        assert list(model.feature_names_in_) == names
        assert np.array_equal(model.predict(frame), plain)
    with pytest.raises(ValueError, match="feature names"):
        model.predict(pd.DataFrame(columns)[names[::-1]])


def test_frames_in_a_pipeline_preserve_column_names() -> None:
    pd = pytest.importorskip("pandas")
    pipe = make_pipeline(StandardScaler(), clone(REGRESSOR)).set_output(transform="pandas")
    pipe.fit(pd.DataFrame(X, columns=list("abcdefghij")), Y)
    assert list(pipe[-1].feature_names_in_) == list("abcdefghij")


def test_weights_are_routed_on_request() -> None:
    w = np.random.default_rng(0).integers(0, 3, len(X))
    with sklearn.config_context(enable_metadata_routing=True):
        scaler = StandardScaler().set_fit_request(sample_weight=False)
        asked = make_pipeline(scaler, clone(REGRESSOR).set_fit_request(sample_weight=True))
        unasked = make_pipeline(scaler, clone(REGRESSOR))
        routed = asked.fit(X, Y, sample_weight=w)
        own = clone(REGRESSOR).fit(StandardScaler().fit_transform(X), Y, sample_weight=w)
        assert np.array_equal(routed.predict(X), own.predict(StandardScaler().fit_transform(X)))
        with pytest.raises(ValueError, match="sample_weight"):
            unasked.fit(X, Y, sample_weight=w)
        request = clone(CLASSIFIER).set_partial_fit_request(classes=True, sample_weight=True)
        assert request.get_metadata_routing().partial_fit.requests == {"classes": True, "sample_weight": True}


@pytest.mark.parametrize("model", [REGRESSOR, CLASSIFIER, FormulaRegressor("a*x1 + b*exp(-c*x2)")])
def test_pickle_roundtrip_predicts_identically(model: Any) -> None:
    model = clone(model).fit(IRIS, SPECIES)
    assert np.array_equal(pickle.loads(pickle.dumps(model)).predict(IRIS), model.predict(IRIS))


def test_missing_scikit_learn_is_reported_and_everything_else_works() -> None:
    code = """
import sys
sys.modules["sklearn"] = None
import numpy as np, unbend as ub
x = np.linspace(-1, 1, 30)[:, None]
ub.train(ub.Network([ub.Dense(1, 2, "relu"), ub.Dense(2, 1)]), x, x[:, 0], epochs=1)
ub.set_language("en")
try:
    import unbend.sklearn
except ImportError as error:
    print(error)
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "unbend.sklearn needs scikit-learn 1.6 or newer: pip install 'unbend[sklearn]'\n"
