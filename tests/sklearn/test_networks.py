"""The network estimators: weights, order, scales, classes, labels, learning in parts."""

from __future__ import annotations

import pickle
from typing import Any

import numpy as np
import pytest

pytest.importorskip("sklearn")
from sklearn.datasets import load_breast_cancer, load_iris, make_friedman1, make_multilabel_classification
from sklearn.linear_model import LinearRegression, LogisticRegression
from sklearn.utils.class_weight import compute_class_weight

import unbend as ub
from unbend.sklearn import NetworkClassifier, NetworkRegressor

rng = np.random.default_rng(0)
X = rng.normal(size=(90, 3))
Y = np.stack([np.sin(2 * X[:, 0]) + X[:, 1], X[:, 2] ** 2], axis=1)
CLASSES = np.array(["blue", "green", "red"])[(X[:, 0] > 0).astype(int) + (X[:, 1] > 0.5)]
QUICK = {"hidden": (16,), "epochs": 20}


@pytest.mark.parametrize(
    ("model", "y"),
    [
        (NetworkRegressor(**QUICK), Y[:, 0]),
        (NetworkRegressor(**QUICK, loss="huber", dtype="float64", validation=0.2, patience=3), Y),
        (NetworkClassifier(**QUICK), CLASSES),
        (NetworkClassifier(**QUICK, class_weight="balanced"), CLASSES == "red"),
        (NetworkClassifier(**QUICK, class_weight={0: 2, 1: 0.5}), (Y > 0).astype(int)),
    ],
)
def test_integer_weights_equal_repeated_rows_exactly(model: Any, y: Any) -> None:
    counts = np.random.default_rng(1).integers(0, 4, len(X))
    answers = model.fit(X, y, sample_weight=counts).network_(X)
    order = np.random.default_rng(2).permutation(counts.sum())
    repeated = model.fit(np.repeat(X, counts, axis=0)[order], np.repeat(y, counts, axis=0)[order]).network_(X)
    assert np.array_equal(answers, repeated)
    assert not np.array_equal(answers, model.fit(X, y).network_(X))


def test_fractions_of_weights_count_by_their_ratio() -> None:
    w = np.random.default_rng(3).uniform(0.1, 2, len(X))
    model = NetworkRegressor(**QUICK)
    assert np.allclose(model.fit(X, Y, w).predict(X), model.fit(X, Y, 4 * w).predict(X), rtol=0, atol=1e-6)


@pytest.mark.parametrize("loss", ["squared", "absolute", "huber"])
def test_regression_learns_in_raw_units(loss: str) -> None:
    x, y = make_friedman1(400, noise=0.0, random_state=0)
    x, y = 1e4 + 1e-2 * x, 1e6 * y - 1e8
    model = NetworkRegressor(loss=loss).fit(x[:300], y[:300])
    assert model.score(x[300:], y[300:]) > 0.9 > LinearRegression().fit(x[:300], y[:300]).score(x[300:], y[300:])
    assert np.array_equal(model.network_(x)[:, 0], model.predict(x))
    assert model.network_.dtype == np.float64


def test_no_hidden_layer_is_least_squares() -> None:
    model = NetworkRegressor((), epochs=800, batch_size=90, learning_rate=0.03, weight_decay=0.0, dtype="float64").fit(
        X, Y
    )
    assert np.allclose(model.predict(X), LinearRegression().fit(X, Y).predict(X), atol=1e-3)
    assert model.network_.bends == ()


def test_several_outputs_and_their_shapes() -> None:
    model = NetworkRegressor().fit(X, Y)
    assert model.predict(X).shape == Y.shape
    assert model.score(X, Y) > 0.9
    assert model.fit(X, Y[:, :1]).predict(X).shape == (90, 1)
    assert model.fit(X, Y[:, 0]).predict(X).shape == (90,)


@pytest.mark.parametrize("data", [load_iris, load_breast_cancer])
def test_classes_as_well_as_logistic_regression(data: Any) -> None:
    x, y = data(return_X_y=True)
    names = np.array(["c", "a", "b"])[y]
    learn = np.arange(len(x)) % 2 == 0
    model = NetworkClassifier().fit(x[learn], names[learn])
    peer = LogisticRegression(max_iter=10_000).fit((x - x.mean(0))[learn] / x.std(0), names[learn])
    assert model.score(x[~learn], names[~learn]) >= peer.score((x - x.mean(0))[~learn] / x.std(0), names[~learn]) - 0.05
    assert list(model.classes_) == sorted(set(names))
    shares = model.predict_proba(x)
    assert np.allclose(shares.sum(axis=1), 1)
    assert np.array_equal(model.classes_[shares.argmax(axis=1)], model.predict(x))
    assert np.allclose(np.exp(model.predict_log_proba(x)), shares)


def test_multilabel_outputs_are_independent() -> None:
    x, y = make_multilabel_classification(200, n_features=8, n_classes=4, random_state=0)
    model = NetworkClassifier().fit(x, y)
    assert model.predict(x).shape == model.predict_proba(x).shape == model.decision_function(x).shape == (200, 4)
    assert np.mean(model.predict(x) == y) > 0.9
    assert np.array_equal(model.predict(x), (model.predict_proba(x) > 0.5).astype(int))
    from scipy.sparse import csr_array

    assert np.array_equal(NetworkClassifier().fit(x, csr_array(y)).predict(x), model.predict(x))


def test_balanced_class_weight_matches_scikit_learn() -> None:
    y = CLASSES == "red"
    balanced = compute_class_weight("balanced", classes=np.array([False, True]), y=y)
    weights = dict(zip([False, True], balanced, strict=True))
    by_name = NetworkClassifier(**QUICK, class_weight="balanced").fit(X, y)
    by_hand = NetworkClassifier(**QUICK, class_weight=weights).fit(X, y)
    assert np.allclose(by_name.decision_function(X), by_hand.decision_function(X), atol=1e-5)
    plain = NetworkClassifier(**QUICK).fit(X, y)
    assert by_name.predict_proba(X)[:, 1].mean() > plain.predict_proba(X)[:, 1].mean()  # red is rare


def test_partial_fit_resumes() -> None:
    stream = [(x, x[:, 0] * x[:, 1]) for x in np.random.default_rng(4).normal(size=(300, 32, 2))]
    model = NetworkRegressor(hidden=(32,), learning_rate=0.01)
    for x, y in stream[:150]:
        model.partial_fit(x, y)
    again = pickle.loads(pickle.dumps(model))
    for x, y in stream[150:]:
        model.partial_fit(x, y)
        again.partial_fit(x, y)
    x, y = np.concatenate([x for x, _ in stream[:20]]), np.concatenate([y for _, y in stream[:20]])
    assert np.array_equal(model.predict(x), again.predict(x))
    assert model.score(x, y) > 0.9
    assert model.n_iter_ == 300


def test_partial_fit_with_missing_classes() -> None:
    model = NetworkClassifier(hidden=(16,), learning_rate=0.01)
    model.partial_fit(X[CLASSES == "red"], CLASSES[CLASSES == "red"], classes=["red", "green", "blue"])
    for _ in range(60):
        model.partial_fit(X, CLASSES)
    assert list(model.classes_) == ["blue", "green", "red"]
    assert model.score(X, CLASSES) > 0.9
    labels = NetworkClassifier(hidden=(8,))
    for _ in range(3):
        labels.partial_fit(X, (Y > 0).astype(int))
    assert labels.predict(X).shape == (90, 2)


def test_diverging_partial_fit_leaves_model_unchanged() -> None:
    model = NetworkRegressor(hidden=(8,), scale=False).partial_fit(X, Y)
    before = model.predict(X)
    with pytest.raises(ub.BadInput, match="learning rate"), np.errstate(over="ignore"):
        model.partial_fit(1e30 * X, 1e30 * Y)
    assert np.array_equal(model.predict(X), before)
    assert np.isfinite(model.partial_fit(X, Y).predict(X)).all()


@pytest.mark.parametrize(
    ("call", "match"),
    [
        (lambda: NetworkClassifier().fit(X, np.zeros(90)), "two classes"),
        (lambda: NetworkClassifier().fit(X, rng.integers(0, 3, (90, 2))), "MultiOutputClassifier"),
        (lambda: NetworkClassifier().partial_fit(X, CLASSES), "classes="),
        (lambda: NetworkClassifier().partial_fit(X, CLASSES, ["red", "green"]), "'blue'"),
        (lambda: NetworkClassifier(class_weight="balanced").partial_fit(X, CLASSES, CLASSES), "all rows at once"),
        (lambda: NetworkClassifier(class_weight="even").fit(X, CLASSES), "class_weight"),
        (lambda: NetworkClassifier(class_weight={"red": -1}).fit(X, CLASSES), "class_weight"),
        (lambda: NetworkRegressor(activation="no_such").fit(X, Y), "no_such"),
        (lambda: NetworkRegressor(loss="no such").fit(X, Y), "no such"),
        (lambda: NetworkRegressor(epochs=0).fit(X, Y), "epochs"),
        (lambda: NetworkRegressor().fit(X, np.full(90, "a")), "convert|numeric"),
    ],
)
def test_invalid_input_raises_with_reason(call: Any, match: str) -> None:
    with pytest.raises(ValueError, match=match) as caught:
        call()
    assert "\n" not in str(caught.value) or not isinstance(caught.value, ub.BadInput)


def test_seeds_and_random_states() -> None:
    def answers(state: Any) -> Any:
        return NetworkRegressor(**QUICK, random_state=state).fit(X, Y).predict(X)

    assert np.array_equal(answers(5), answers(5))
    assert not np.array_equal(answers(5), answers(6))
    assert np.array_equal(answers(np.random.RandomState(7)), answers(np.random.RandomState(7)))
    assert not np.array_equal(answers(None), answers(None))
