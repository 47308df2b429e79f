"""The columns that a wide table's networks take: those that matter are among them, chosen on training rows alone."""

from __future__ import annotations

import sys

import numpy as np
import pytest

import unbend as ub
from unbend.network import Network, Scaler
from unbend.verdict.column_screening import CLIP, FEW, TAKEN, best_pair, clipped, screen_columns
from unbend.verdict.missed_pair import missed_pair
from unbend.verdict.screened_inputs import ScreenedInputs

ROWS, COLUMNS = 400, 500


def noise(seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).normal(size=(ROWS, COLUMNS))


def folds() -> list[tuple[np.ndarray, np.ndarray]]:
    fold = np.arange(ROWS) % 4
    return [(np.flatnonzero(fold != k), np.flatnonzero(fold == k)) for k in range(4)]


@pytest.mark.parametrize(
    ("columns", "of"),
    [
        ([3], lambda x: np.abs(x[:, 3])),
        ([3], lambda x: np.sin(3 * x[:, 3])),
        ([7, 310], lambda x: x[:, 7] * x[:, 310]),
    ],
)
def test_curves_and_products_are_among_those_taken(columns, of):
    x = noise()
    residuals = np.broadcast_to((of(x) + 0.5 * np.random.default_rng(1).normal(size=ROWS))[:, None], (4, ROWS, 1))
    taken = screen_columns(x, folds(), residuals, np.zeros((4, COLUMNS, 1)))
    assert taken.shape == (4, TAKEN)
    assert all(set(columns) <= set(own) for own in taken.tolist())


def test_held_out_rows_do_not_matter():
    x, residuals = noise(), np.random.default_rng(1).normal(size=(4, ROWS, 1))
    before = screen_columns(x, folds(), residuals, np.zeros((4, COLUMNS, 1)))
    changed = residuals.copy()
    for k, (_, test) in enumerate(folds()):
        changed[k, test] = 100 * x[test, 11:12] ** 2
    assert np.array_equal(before, screen_columns(x, folds(), changed, np.zeros((4, COLUMNS, 1))))


def test_the_best_pair_is_that_of_all_products():
    x, r = noise()[:, :40], np.random.default_rng(1).normal(size=ROWS)
    z = clipped(x)
    assert np.abs(z).max() <= CLIP
    products = np.abs(np.einsum("n,ni,nj->ij", r, z, z))
    np.fill_diagonal(products, 0)
    assert set(best_pair(z, r)) == set(np.unravel_index(int(products.argmax()), products.shape))


def test_a_network_of_its_own_inputs_is_one_of_all_columns():
    rng = np.random.default_rng(0)
    x, y = noise(), rng.normal(size=ROWS)
    linear = [Network.from_arrays([(rng.normal(size=(COLUMNS, 1)), rng.normal(size=1))], dtype="float64")] * 4
    for inputs, count in zip(ScreenedInputs.of(x, y, 0, folds(), linear), (TAKEN, FEW), strict=True):
        net = Network([ub.Dense(count + 1, 5, "gelu"), ub.Dense(5, 1)], seed=1, dtype="float64")
        for k, own in enumerate(inputs.of_all_rows(x)):
            whole = inputs.on_all_columns(k, net)
            assert np.allclose(whole(Scaler.of(x)(x)), net(own.astype(np.float64)), atol=1e-4)


@pytest.mark.parametrize(("size", "found"), [(0.0, False), (1.0, True)])
def test_a_missed_pair_is_one_that_is_there(size, found):
    x = noise()
    y = x[:, 0] + size * x[:, 7] * x[:, 310] + np.random.default_rng(1).normal(size=ROWS)
    pair = missed_pair(x, y, x[:, :1], 0, [f"x{k}" for k in range(COLUMNS)])
    assert (pair is not None) == found
    if pair is not None:
        assert set(pair.columns) == {"x7", "x310"} and 0.1 < pair.share < 0.5


def test_a_bend_in_a_wide_table_pays_and_the_part_taken_is_said():
    x = noise()
    y = x[:, 0] + 3 * np.abs(x[:, 1]) + 0.3 * np.random.default_rng(1).normal(size=ROWS)
    result = ub.fit({f"x{k}": x[:, k] for k in range(COLUMNS)} | {"y": y}, "y", budget=20, by_clock=False)
    assert result.verdict == "bends_pay"
    note = next(note for note in result.notes if note.key == "verdict.screened")
    assert note.values == {"few": FEW, "taken": TAKEN, "all": COLUMNS}
    assert [curve.column for curve in result.where.curves if curve.bends] == ["x1"]


def test_of_very_many_columns_those_of_a_product_without_main_effects_are_paired(monkeypatch):
    monkeypatch.setattr(sys.modules["unbend.verdict.column_screening"], "PAIRED", 100)
    x = noise()
    r = x[:, 7] * x[:, 310] + 0.5 * np.random.default_rng(1).normal(size=ROWS)
    assert set(best_pair(clipped(x), r)) == {7, 310}
