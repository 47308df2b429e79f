"""The linear models of the folds: each as if it had been fitted alone, without the held-out rows."""

from __future__ import annotations

import numpy as np
import pytest

from unbend.verdict.folds import Splitter
from unbend.verdict.linear_model import fit_linear, fit_linear_folds

RNG = np.random.default_rng(4)
X = np.c_[RNG.uniform(-1, 1, (120, 2)), RNG.normal(2000, 1, 120)]
VALUES = X @ [1.0, -2.0, 0.5] + RNG.normal(size=120)
RING = (X[:, 0] ** 2 + X[:, 1] + X[:, 0] > 0.6).astype(np.int64)
THREE = np.digitize(X[:, 0] + 0.3 * RNG.normal(size=120), [-0.3, 0.4])


@pytest.mark.parametrize("classes", [0, 2, 3])
def test_the_folds_models_know_nothing_of_the_held_out_rows(classes: int) -> None:
    y = {0: VALUES, 2: RING, 3: THREE}[classes]
    folds = Splitter(len(y), y if classes else None).split(5, [0])
    models = fit_linear_folds(X, y, classes, folds, 0)
    for (train, test), model in zip(folds, models, strict=True):
        alone = fit_linear(X[train], y[train], classes, 0)[0]
        np.testing.assert_allclose(model(X[test]), alone(X[test]), rtol=1e-3, atol=1e-3)
