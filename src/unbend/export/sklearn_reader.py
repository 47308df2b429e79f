"""`from_sklearn`: scikit-learn's multi-layer perceptrons → networks."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..errors import ModelError
from ..network import Network, Scaler, fold

_ACTIVATIONS = {"identity": "identity", "logistic": "sigmoid", "tanh": "tanh", "relu": "relu"}


def from_sklearn(model: Any) -> Network:
    """The network of a fitted multi-layer perceptron of scikit-learn.

    Parameters
    ----------
    model : MLPRegressor, MLPClassifier or Pipeline
        A fitted perceptron, or a fitted pipeline of ``StandardScaler`` and ``MinMaxScaler`` that ends in one: the
        scalers are folded into the first layer.

    Returns
    -------
    Network
        A regressor's outputs are its predictions. A classifier's outputs are the numbers before its last step: with
        two classes one output, the log odds of ``classes_[1]`` (``unbend.activations["sigmoid"]`` of it is
        ``predict_proba(x)[:, 1]``); with more, one per class in the order of ``classes_``, before the softmax
        (``unbend.network.softmax`` of them is ``predict_proba(x)``); with several labels at once, the log odds of
        each. Give ``classes=model.classes_`` to ``export`` to take the labels along.

    Raises
    ------
    ModelError
        For anything else, and before ``fit``.

    Examples
    --------
    >>> from sklearn.neural_network import MLPRegressor  # doctest: +SKIP
    >>> model = MLPRegressor((5,), max_iter=2000).fit(x, y)  # doctest: +SKIP
    >>> ub.from_sklearn(model)(x)[:, 0]  # model.predict(x), to the last digits  # doctest: +SKIP
    """
    steps = [step for _, step in getattr(model, "steps", [("", model)])]
    scalers = [_scaler(step) for step in steps[:-1] if step is not None and step != "passthrough"]
    last = steps[-1]
    if type(last).__name__ not in ("MLPRegressor", "MLPClassifier"):
        raise ModelError("export.sklearn_kind", got=type(last).__name__)
    if not hasattr(last, "coefs_"):
        raise ModelError("export.sklearn_unfitted", got=type(last).__name__)
    if last.activation not in _ACTIVATIONS:
        raise ModelError("export.sklearn_kind", got=str(last.activation))
    names = [_ACTIVATIONS[last.activation]] * (len(last.coefs_) - 1) + ["identity"]
    net = Network.from_arrays(list(zip(last.coefs_, last.intercepts_, strict=True)), names)
    for scaler in reversed(scalers):
        net = fold(net, scaler, None)
    return net


def _scaler(step: Any) -> Scaler:
    class_name = type(step).__name__
    if class_name not in ("StandardScaler", "MinMaxScaler") or getattr(step, "clip", False):
        raise ModelError("export.sklearn_kind", got=class_name)
    if not hasattr(step, "n_features_in_"):
        raise ModelError("export.sklearn_unfitted", got=class_name)
    n = step.n_features_in_
    if class_name == "MinMaxScaler":  # x scale + min
        return Scaler(-step.min_ / step.scale_, 1 / step.scale_)
    zeros, ones = np.zeros(n), np.ones(n)
    return Scaler(zeros if step.mean_ is None or not step.with_mean else step.mean_,
                  ones if step.scale_ is None else step.scale_)  # fmt: skip
