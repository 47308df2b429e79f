"""The penalty from the folds' sums: against ridge regressions of the rows."""

import numpy as np
import pytest

from unbend.solve.linear_model.ridge import PENALTIES
from unbend.solve.streamed.least_squares_sums import LeastSquaresSums
from unbend.solve.streamed.reference import reference_scaler
from unbend.solve.streamed.ridge_choice import choose_penalty


def sums_of(x: np.ndarray, y: np.ndarray, fold: np.ndarray, exact: bool) -> LeastSquaresSums:
    sums = LeastSquaresSums(x.shape[1], reference=reference_scaler(x, y), folds=3, exact=exact)
    sums.add(x, y, fold=fold)
    return sums


@pytest.mark.parametrize(("exact", "many"), [(False, 80), (True, 80), (False, 0)])
def test_held_out_losses_are_those_of_scikit_learn(exact: bool, many: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("unbend.solve.streamed.ridge_choice.MANY", many)
    linear_model = pytest.importorskip("sklearn.linear_model")
    rng = np.random.default_rng(0)
    x = rng.normal(size=(90, 12)) * 10.0 ** rng.integers(-3, 4, 12) + 5
    x[:, 3] = 2.0  # a constant column
    y = (x - x.mean(axis=0)) / (x.std(axis=0) + 1) @ rng.normal(size=12) + 8 * rng.normal(size=90)
    fold = np.arange(90) % 3
    losses = []
    for penalty in PENALTIES:
        squares = 0.0
        for k in range(3):
            a, b = fold != k, fold == k
            scale = np.where(x[a].std(axis=0) > 0, x[a].std(axis=0), 1.0)
            model = linear_model.Ridge(alpha=penalty * a.sum(), solver="svd").fit(x[a] / scale, y[a])
            squares += float(np.sum((y[b] - model.predict(x[b] / scale)) ** 2))
        losses.append(squares / 90)
    penalty, loss = choose_penalty(sums_of(x, y, fold, exact))
    assert penalty == PENALTIES[np.argmin(losses)]
    assert loss == pytest.approx(min(losses), rel=1e-8)
    for single, want in zip(PENALTIES[::8], losses[::8], strict=True):
        assert choose_penalty(sums_of(x, y, fold, exact), [single])[1] == pytest.approx(want, rel=1e-7)


def test_an_exact_line_has_the_least_penalty_and_next_to_no_loss() -> None:
    x = np.random.default_rng(0).integers(0, 100, (60, 2)).astype(float)
    penalty, loss = choose_penalty(sums_of(x, x @ [3.0, -2.0] + 1e6, np.arange(60) % 3, True))
    assert penalty == PENALTIES.min()
    assert 0 <= loss < 1e-15
