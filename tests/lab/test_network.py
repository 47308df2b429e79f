"""The page Network: its minibatch demo is plain gradient descent."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.metrics import log_loss

from unbend.lab.network import minibatch_demo


def test_minibatch_demo_is_one_step_of_plain_gradient_descent() -> None:
    before, after = minibatch_demo(3, "tanh", 0, 50, 0.1, 2), minibatch_demo(3, "tanh", 1, 50, 0.1, 2)
    x, y = before.x[after.batch_rows], before.y[after.batch_rows]
    assert len(set(after.batch_rows)) == 50
    (W1, b1), (W2, b2) = before.net.arrays
    h = np.tanh(x @ W1 + b1)
    e = np.exp(h @ W2 + b2)
    slope = (e / e.sum(axis=1, keepdims=True) - np.eye(3)[y]) / 50
    assert after.net.layers[1].W == pytest.approx(W2 - 0.1 * h.T @ slope)
    back = (slope @ W2.T) * (1 - h**2)
    assert after.net.layers[0].W == pytest.approx(W1 - 0.1 * x.T @ back)
    assert after.loss_before == pytest.approx(log_loss(y, e / e.sum(axis=1, keepdims=True)))
