"""A bend of one column in the linear model's residuals: found where it is, not found where there is none."""

from __future__ import annotations

import sys

import numpy as np
import pytest

import unbend as ub
from unbend.report.sentences import explanation
from unbend.verdict.missed_bend import missed_bend

SOURCES = [f"x{k}" for k in range(40)]


def linear_output(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    design = np.c_[np.ones(len(x)), x]
    return np.asarray(design @ np.linalg.lstsq(design, y, rcond=None)[0])[:, None]


@pytest.mark.parametrize("curve", [np.abs, np.square], ids=["absolute", "square"])
@pytest.mark.parametrize("classes", [0, 2])
def test_a_bend_of_one_column_among_many(curve: np.ufunc, classes: int) -> None:
    rng = np.random.default_rng(0)
    x = rng.normal(size=(800, 40))
    size = 1.5 * curve(x[:, 7]) + x[:, 0] - 1.5
    if classes:
        y = (rng.random(800) < 1 / (1 + np.exp(-size))).astype(np.int64)
        output = x[:, :1].astype(float)
    else:
        y = size + rng.normal(size=800)
        output = linear_output(x, y)
    bend = missed_bend(x, y, output, classes, SOURCES)
    assert bend is not None and bend.column == "x7" and bend.share > 0.02
    if not classes:
        rest = y - output[:, 0]
        truth = 1.5 * curve(x[:, 7]) - 1.5 * curve(x[:, 7]).mean()
        assert bend.share < 1.2 * truth.var() / rest.var()  # a lower limit, up to the shape of the curve


def test_linear_truths_have_none_also_with_uneven_noise_and_far_values() -> None:
    found = 0
    for seed in range(40):
        rng = np.random.default_rng(seed)
        x = rng.normal(size=(300, 40)) if seed % 2 else rng.lognormal(0, 1.5, (300, 40))
        noise = rng.standard_t(3, 300) * (1 + np.abs(x[:, 1]).clip(max=5))
        y = x @ rng.normal(size=40) + noise
        found += missed_bend(x, y, linear_output(x, y), 0, SOURCES) is not None
    assert found <= 1
    assert missed_bend(x[:20], y[:20], np.zeros((20, 1)), 0, SOURCES) is None


def test_straight_is_not_enough_where_a_column_bends(monkeypatch: pytest.MonkeyPatch, quick: None) -> None:
    """The networks are kept from gaining anything: what they did not find is said, and no verdict built on it."""
    monkeypatch.setattr(sys.modules["unbend.verdict.network_model"], "_weights", lambda *a: (0.0, (0.0, 0.0)))
    rng = np.random.default_rng(1)
    x, z = rng.normal(size=(2, 300))
    for bend, verdict in ((1.0, "cannot_tell"), (0.0, "straight_is_enough")):
        result = ub.fit({"x": x, "z": z, "y": 2 * z + bend * np.abs(x) + 0.5 * rng.normal(size=300)}, "y", budget=600)
        assert result.verdict == verdict
        assert ("verdict.missed_bend" in [note.key for note in result.notes]) == (verdict == "cannot_tell")
        for language in ("en", "ko"):
            ub.set_language(language)
            assert ("(--drop)" in explanation(result)) == (verdict == "cannot_tell")
