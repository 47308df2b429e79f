"""Validation rows of the members, by rows and by groups, and the loss of their mean output."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from unbend.verdict.holdout import ensemble_losses, hold_out, paired


@given(st.integers(8, 200), st.integers(1, 6), st.sampled_from([0.1, 0.15, 0.3]), st.booleans(), st.integers(0, 999))
@settings(max_examples=60, deadline=None)
def test_training_and_validation_rows(n: int, members: int, fraction: float, classes: bool, seed: int) -> None:
    rng = np.random.default_rng(seed)
    labels = rng.integers(0, 3, n) if classes else None
    training, validation = hold_out(n, members, fraction, rng, classes=labels)
    assert training.shape[0] == validation.shape[0] == members and validation.shape[1] == max(1, round(fraction * n))
    for k in range(members):
        assert sorted([*training[k], *validation[k]]) == list(range(n))
    pairs = max(1, members // 2)
    for k in range(pairs, members):
        np.testing.assert_array_equal(validation[k], validation[k - pairs if k < 2 * pairs else 0])
    if pairs * validation.shape[1] <= n:  # then only the pair has these validation rows
        assert len(np.unique(validation)) == validation[:pairs].size


def test_the_loss_of_many_from_the_outputs_of_two() -> None:
    """Averages of 8 independent outputs: their mean squared error follows from pairs of them."""
    rng = np.random.default_rng(1)
    y = rng.normal(size=4000)
    outputs = (y + 0.5)[None, :, None] + rng.normal(0, 2, (8, 4000, 1))
    squared = lambda o: (o[..., 0] - y) ** 2  # noqa: E731
    real = squared(outputs.mean(axis=0)).mean()
    assert ensemble_losses(outputs[:2], squared, 8).mean() == pytest.approx(real, abs=0.15)
    assert ensemble_losses(outputs[:2], squared, 2) == pytest.approx(squared(outputs[:2].mean(axis=0)))
    np.testing.assert_array_equal(ensemble_losses(outputs[:1], squared, 8), squared(outputs[0]))
    np.testing.assert_array_equal(paired(np.arange(10).reshape(5, 2)), [[0, 1, 2, 3], [4, 5, 6, 7]])


@given(st.integers(0, 10**6), st.integers(3, 60), st.integers(1, 9))
@settings(max_examples=60, deadline=None)
def test_members_hold_out_full_groups(seed: int, count: int, members: int) -> None:
    rng = np.random.default_rng(seed)
    groups = rng.integers(0, count, 150)
    training, validation = hold_out(150, members, 0.125, rng, groups=groups)
    assert training.shape == (members, 131) and validation.shape == (members, 19)
    if len(np.unique(groups)) > 2:
        assert not any(set(groups[a]) & set(groups[b]) for a, b in zip(training, validation, strict=True))
    half = members // 2
    assert (validation[:half] == validation[half : 2 * half]).all()
