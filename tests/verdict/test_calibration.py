"""Calibration curves and Brier scores, beside scikit-learn's."""

from __future__ import annotations

import numpy as np
import pytest

from unbend.verdict.calibration import Calibration
from unbend.verdict.scores import brier, probabilities

RNG = np.random.default_rng(0)


@pytest.mark.parametrize("classes", [2, 4])
def test_against_scikit_learn(classes: int) -> None:
    from sklearn.calibration import calibration_curve
    from sklearn.metrics import brier_score_loss, log_loss

    output = RNG.normal(0, 2, (500, 1 if classes == 2 else classes))
    p, y = probabilities(output), RNG.integers(0, classes, 500)
    found = Calibration.of(output, y, classes)
    assert found.log_loss == pytest.approx(log_loss(y, p, labels=range(classes)))
    wanted = np.eye(classes)[y]
    pooled = (wanted[:, 1], p[:, 1]) if classes == 2 else (wanted.ravel(), p.ravel())
    observed, predicted = calibration_curve(*pooled, n_bins=10)
    np.testing.assert_allclose(found.observed, observed)
    np.testing.assert_allclose(found.predicted, predicted)
    if classes == 2:
        assert found.brier == pytest.approx(2 * brier_score_loss(y, p[:, 1]))
    assert found.brier == pytest.approx(brier(p, y)) and found.count.sum() == len(pooled[0])
    assert (found.low <= found.observed).all() and (found.observed <= found.high).all()


def test_probabilities_that_are_right_lie_on_the_line() -> None:
    output = RNG.normal(0, 2, (20_000, 1))
    y = (RNG.random(20_000) < probabilities(output)[:, 1]).astype(np.int64)
    right, bold = Calibration.of(output, y, 2), Calibration.of(3 * output, y, 2)
    assert right.error < 0.02 and bold.error > 0.05 and right.brier < bold.brier
    assert np.mean((right.low <= right.predicted) & (right.predicted <= right.high)) >= 0.8


def test_sure_and_wrong() -> None:
    found = Calibration.of(np.array([[800.0], [-800.0]]), np.array([0, 1]), 2)
    assert found.brier == 2 and found.error == 1 and np.isfinite(found.log_loss)
