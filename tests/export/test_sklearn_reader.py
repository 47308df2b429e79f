"""Perceptrons of scikit-learn as networks: the same predictions."""

from __future__ import annotations

import numpy as np
import pytest

import unbend as ub
from unbend.errors import ModelError

RNG = np.random.default_rng(4)


@pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")
@pytest.mark.parametrize("act", ["identity", "logistic", "tanh", "relu"])
def test_scikit_learn(act: str) -> None:
    sklearn = pytest.importorskip("sklearn")
    from sklearn.neural_network import MLPClassifier, MLPRegressor
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import MinMaxScaler, StandardScaler

    assert sklearn
    x = RNG.normal(3, [1, 5, 0.1], (60, 3))
    settings = {"hidden_layer_sizes": (5, 4), "activation": act, "max_iter": 8, "random_state": 0}
    one, two = MLPRegressor(**settings).fit(x, x[:, 0]), MLPRegressor(**settings).fit(x, x[:, :2])
    np.testing.assert_allclose(ub.from_sklearn(one)(x)[:, 0], one.predict(x), rtol=1e-10)
    np.testing.assert_allclose(ub.from_sklearn(two)(x), two.predict(x), rtol=1e-10)
    for classes in (2, 3):
        model = MLPClassifier(**settings).fit(x, np.arange(60) % classes)
        z, p = ub.from_sklearn(model)(x), model.predict_proba(x)
        if classes == 2:
            np.testing.assert_allclose(ub.activations["sigmoid"](z)[:, 0], p[:, 1], rtol=1e-10)
        else:
            np.testing.assert_allclose(ub.network.softmax(z), p, rtol=1e-10)
    many = MLPClassifier(**settings).fit(x, x[:, :2] > 3)
    np.testing.assert_allclose(ub.activations["sigmoid"](ub.from_sklearn(many)(x)), many.predict_proba(x), rtol=1e-10)
    for scalers in (
        [StandardScaler()],
        [MinMaxScaler(), StandardScaler(with_std=False)],
        [StandardScaler(with_mean=False)],
    ):
        pipe = make_pipeline(*scalers, MLPRegressor(**settings)).fit(x, x[:, 0])
        np.testing.assert_allclose(ub.from_sklearn(pipe)(x)[:, 0], pipe.predict(x), rtol=1e-9)


def test_scikit_learn_refused() -> None:
    pytest.importorskip("sklearn")
    from sklearn.linear_model import Ridge
    from sklearn.neural_network import MLPRegressor
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import PolynomialFeatures

    for model, part in [(Ridge(), "Ridge"), (MLPRegressor(), "fit first"), ("text", "str"),
                        (make_pipeline(PolynomialFeatures(), MLPRegressor()), "PolynomialFeatures")]:  # fmt: skip
        with pytest.raises(ModelError, match=part):
            ub.from_sklearn(model)
