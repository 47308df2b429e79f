"""The linear model of rows that were held out of its training."""

from __future__ import annotations

import numpy as np
import pytest

from unbend.verdict.holdout import hold_out
from unbend.verdict.linear_model import fit_linear, out_of_sample_outputs
from unbend.verdict.scores import probabilities

RNG = np.random.default_rng(4)
X = np.c_[RNG.uniform(-1, 1, (120, 2)), RNG.normal(2000, 1, 120)]
RING = (X[:, 0] ** 2 + X[:, 1] ** 2 > 0.6).astype(np.int64)
THREE = np.digitize(X[:, 0] ** 2, [0.1, 0.5])


@pytest.mark.parametrize("classes", [2, 3])
def test_outputs_of_rows_that_were_not_trained_on(classes: int) -> None:
    """Those of scikit-learn's logistic regression fitted to the other rows, with the same penalty."""
    from sklearn.linear_model import LogisticRegression

    y = {2: RING, 3: THREE}[classes]
    linear, penalty = fit_linear(X, y, classes, 0)
    training, validation = hold_out(len(y), 4, 0.125, np.random.default_rng(0), classes=y)
    found = out_of_sample_outputs(X, y, linear=linear, penalty=penalty, training=training, validation=validation)
    others = np.setdiff1d(np.arange(len(y)), validation)
    np.testing.assert_array_equal(found[others], linear(X)[others])
    z = (X - X.mean(axis=0)) / X.std(axis=0)
    for k in (0, 1):
        peer = LogisticRegression(C=1 / (penalty * training.shape[1]), tol=1e-8, max_iter=1000).fit(
            z[training[k]], y[training[k]]
        )
        wanted = peer.predict_proba(z[validation[k]])
        np.testing.assert_allclose(probabilities(found[validation[k]]), wanted, atol=2e-3)
