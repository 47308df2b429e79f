"""Text estimators in scikit-learn's tools: pipelines, cross-validation, clones, labels of any kind."""

from __future__ import annotations

import numpy as np
import pytest

pytest.importorskip("sklearn")
from sklearn.base import clone
from sklearn.exceptions import NotFittedError
from sklearn.model_selection import GridSearchCV, cross_val_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer
from sklearn.utils import estimator_checks

from unbend.sklearn import TextClassifier, TextRegressor

X = np.array([f"{a} {b}" for a in ("red", "green", "blue") for b in "abcdefghijklmnop"], dtype=object)
COLOURS = np.repeat([2, 10, 1], 16)


def test_labels_keep_their_order_and_type() -> None:
    model = TextClassifier().fit(X, COLOURS)
    assert model.classes_.tolist() == [1, 2, 10] and model.predict(X).dtype == COLOURS.dtype
    assert model.score(X, COLOURS) == 1
    proba = model.predict_proba(X)
    assert np.array_equal(model.classes_[proba.argmax(axis=1)], COLOURS)
    assert np.array_equal(model.decision_function(X).argmax(axis=1), proba.argmax(axis=1))
    two = TextClassifier().fit(X[:32], COLOURS[:32])  # "10" comes before "2" as text
    assert np.array_equal(two.predict(X[:32]), COLOURS[:32]) and two.decision_function(["red"])[0] < 0
    assert two.predict_proba(["red"])[0, 0] > 0.5


def test_pipelines_searches_and_clones() -> None:
    pipe = make_pipeline(FunctionTransformer(lambda texts: [t.upper() for t in texts]), TextClassifier())
    assert cross_val_score(pipe, X, COLOURS, cv=3).mean() > 0.9
    search = GridSearchCV(TextClassifier(), {"longest": [2, 3]}, cv=2).fit(X, COLOURS)
    assert search.best_score_ > 0.9 and clone(search.best_estimator_).get_params()["words"] == 2


def test_numbers_and_one_column_of_a_frame() -> None:
    pandas = pytest.importorskip("pandas")
    model = TextRegressor().fit(pandas.DataFrame({"text": X}), COLOURS)
    assert model.score(pandas.Series(X), COLOURS) > 0.9


@pytest.mark.parametrize("wrong", ["one text", np.array([["a", "b"]])])
def test_what_is_no_sequence_of_texts(wrong: object) -> None:
    with pytest.raises(ValueError, match="sequence of texts"):
        TextClassifier().fit(wrong, [0])


# scikit-learn runs all its checks on estimators of two-dimensional numbers alone; these do not depend on X
CHECKS = """check_estimator_cloneable check_estimator_repr check_get_params_invariance check_set_params
    check_mixin_order check_no_attributes_set_in_init check_parameters_default_constructible check_valid_tag_types
    check_estimator_tags_renamed""".split()


@pytest.mark.parametrize("check", CHECKS)
@pytest.mark.parametrize("estimator", [TextClassifier(), TextRegressor()], ids=["classifier", "regressor"])
def test_scikit_learns_checks(estimator: TextClassifier | TextRegressor, check: str) -> None:
    getattr(estimator_checks, check)(type(estimator).__name__, clone(estimator))


def test_use_before_fit_is_an_error() -> None:
    with pytest.raises(NotFittedError):
        TextClassifier().predict(["a"])
