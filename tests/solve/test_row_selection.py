"""Narrow peaks among many rows: the rows that stand out are seen, wherever they are and in whatever order."""

import numpy as np
import pytest

from unbend.solve import Formula
from unbend.solve.nonlinear_least_squares.row_selection import select_rows

SHAPES = {
    "gauss": "h*exp(-(x - m)**2/(2*s**2)) + c",
    "lorentz": "h/(1 + ((x - m)/s)**2) + c + d*x",
}


@pytest.mark.parametrize(
    ("shape", "rows", "width", "height"),
    [("gauss", 3_000, 0.6, 40), ("gauss", 10_000, 1.2, 40), ("lorentz", 6_000, 3, -25), ("gauss", 10_000, 12, 15)],
)
def test_a_narrow_peak_is_found(shape: str, rows: int, width: float, height: float) -> None:
    formula = Formula("y = " + SHAPES[shape], variables=["x"])
    rng = np.random.default_rng(rows)
    x, place = np.arange(float(rows)), rng.uniform(0.05, 0.95) * rows
    every = {"h": height, "m": place, "s": width, "c": 2.0, "d": 1e-4}
    truth = {n: every[n] for n in formula.parameters}
    data = {"x": x, "y": formula(x=x, **truth) + rng.normal(size=rows)}
    best = formula.fit(data, start=truth)
    fit = formula.fit(data)
    assert fit.converged and fit.rss <= best.rss * (1 + 1e-9)


def test_the_order_of_the_rows_does_not_matter() -> None:
    rng = np.random.default_rng(3)
    x = rng.permutation(8_000) / 7
    y = 30 * np.exp(-((x - 412.3) ** 2) / (2 * 0.2**2)) + rng.normal(size=8_000)
    fit = Formula("y = h*exp(-(x - m)**2/(2*s**2)) + c").fit({"x": x, "y": y})
    assert fit.values["m"] == pytest.approx(412.3, abs=0.1)


def test_selected_rows_stand_for_all_rows() -> None:
    rng = np.random.default_rng(0)
    x, y = np.arange(20_000.0), rng.normal(size=20_000)
    y[7_777:7_780] += 30
    selection = select_rows([x], y, 600)
    assert {7_777, 7_778, 7_779} <= set(selection.prominent.tolist())
    assert (np.diff(selection.rows) > 0).all() and 500 < len(selection.rows) < 800
    assert selection.weights.sum() == pytest.approx(20_000, rel=1e-9)
    assert selection.weights[np.isin(selection.rows, [7_777, 7_778, 7_779])].tolist() == [1, 1, 1]


def test_few_rows_are_all_taken() -> None:
    selection = select_rows([np.arange(600.0)], np.arange(600.0), 600)
    assert len(selection.rows) == 600 and (selection.weights == 1).all() and not len(selection.prominent)
