"""The specification test: textbook statistics recomputed, its error rate where that is hard, its power."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from scipy import stats

from unbend.verdict.score_tests import MAX_TERMS
from unbend.verdict.specification_test import LEAST_ROWS, SpecificationTest, specification_test

Draw = Callable[[np.random.Generator], tuple[Any, ...]]


def names(x: np.ndarray) -> list[str]:
    return [f"x{j + 1}" for j in range(x.shape[1])]


def rate(draw: Draw, times: int) -> float:
    """How often the test rejects the linear model."""
    rejected = []
    for seed in range(times):
        x, y, classes, clusters = draw(np.random.default_rng(seed))
        found = specification_test(x, y, classes, names(x), clusters=clusters, seed=seed)
        assert found is not None
        rejected.append(found.bends)
    return float(np.mean(rejected))


def test_reset_by_hand() -> None:
    """Powers of the fitted values, residuals against residuals, with White's matrix of HC2 errors."""
    rng = np.random.default_rng(0)
    x = rng.normal(size=(120, 3))
    y = x @ [1.0, 2.0, -1.0] + 0.1 * x[:, 0] ** 2 + rng.normal(size=120)
    design = np.c_[np.ones(120), x]
    hat = design @ np.linalg.inv(design.T @ design) @ design.T
    fitted, error = hat @ y, y - hat @ y
    f = (fitted - fitted.mean()) / fitted.std()
    added = np.c_[f**2, f**3]
    left = added - hat @ added
    scores = left * (error / np.sqrt(1 - np.diag(hat)))[:, None]
    total = left.T @ error
    expected = stats.chi2.sf(total @ np.linalg.inv(scores.T @ scores) @ total, 2)
    found = specification_test(x, y, 0, names(x))
    assert found is not None and found.test == "RESET" and found.powers == pytest.approx(expected, rel=1e-8)


def test_the_logistic_score_by_hand() -> None:
    """The model's maximum found by SciPy; scores of the added powers projected off the columns with its weights."""
    from scipy.optimize import minimize

    rng = np.random.default_rng(1)
    x = rng.normal(size=(300, 2))
    y = (rng.random(300) < 1 / (1 + np.exp(-(x[:, 0] - 0.5 * x[:, 1])))).astype(np.int64)
    design = np.c_[np.ones(300), x]
    w = minimize(lambda w: np.sum(np.logaddexp(0, design @ w) - y * (design @ w)), np.zeros(3), tol=1e-12).x
    index = design @ w
    p = 1 / (1 + np.exp(-index))
    weight = p * (1 - p)
    f = (index - index.mean()) / index.std()
    added = np.c_[f**2, f**3]
    inverse = np.linalg.inv(design.T @ (weight[:, None] * design))
    left = added - design @ inverse @ (design.T @ (weight[:, None] * added))
    leverage = weight * np.einsum("ij,jk,ik->i", design, inverse, design)
    scores, total = left * ((y - p) / np.sqrt(1 - leverage))[:, None], left.T @ (y - p)
    expected = stats.chi2.sf(total @ np.linalg.inv(scores.T @ scores) @ total, 2)
    found = specification_test(x, y, 2, names(x))
    assert found is not None and found.test == "link test" and found.powers == pytest.approx(expected, rel=1e-3)


def linear(rng: np.random.Generator, x: np.ndarray) -> np.ndarray:
    return x @ rng.normal(size=x.shape[1])


def plain(rng: np.random.Generator) -> tuple[Any, ...]:
    x = rng.normal(size=(80, 8))
    return x, linear(rng, x) + rng.normal(size=80), 0, None


def unequal(rng: np.random.Generator) -> tuple[Any, ...]:
    x = rng.normal(size=(150, 3))
    return x, linear(rng, x) + np.exp(x[:, 0]) * rng.normal(size=150), 0, None


def dummies(rng: np.random.Generator) -> tuple[Any, ...]:
    label = rng.integers(0, 5, 120)
    x = np.c_[np.eye(5)[label], rng.normal(size=(120, 2))]
    return x, linear(rng, x) + rng.normal(size=120), 0, None


def copied(rng: np.random.Generator) -> tuple[Any, ...]:
    x = rng.normal(size=(60, 3))
    y, rows = linear(rng, x) + rng.normal(size=60), np.tile(np.arange(60), 4)
    return x[rows], y[rows], 0, rows


def two(rng: np.random.Generator) -> tuple[Any, ...]:
    x = rng.normal(size=(200, 3))
    return x, (rng.random(200) < 1 / (1 + np.exp(-linear(rng, x)))).astype(np.int64), 2, None


def three(rng: np.random.Generator) -> tuple[Any, ...]:
    x = rng.normal(size=(300, 2))
    return x, (x @ rng.normal(size=(2, 3)) + rng.gumbel(size=(300, 3))).argmax(axis=1), 3, None


@pytest.mark.parametrize("draw", [plain, unequal, dummies, copied, two, three])
def test_it_seldom_rejects_a_linear_truth(draw: Draw) -> None:
    assert rate(draw, 60) <= 0.17  # at a true 5 % this fails once in 6,000


def test_unknown_duplicates_mislead() -> None:
    assert rate(lambda rng: (*copied(rng)[:3], None), 30) > 0.3


def nonlinear(kind: str) -> Draw:
    def draw(rng: np.random.Generator) -> tuple[Any, ...]:
        x = rng.uniform(-1, 1, (300, 4))
        a, b = x[:, 0], x[:, 1]
        noise = rng.normal(size=300)
        y = {"square": a**2 + 0.2 * noise, "product": a * b + 0.2 * noise, "sine": np.sin(np.pi * a) + 0.4 * noise,
             "xor": ((a * b > 0) ^ (noise > 1.5)).astype(np.int64)}[kind]  # fmt: skip
        return x, y, 2 if kind == "xor" else 0, None

    return draw


@pytest.mark.parametrize(
    ("kind", "term"),
    [("square", ("x1", "x1")), ("product", ("x1", "x2")), ("xor", ("x1", "x2")), ("sine", None)],
)
def test_it_rejects_a_nonlinear_truth(kind: str, term: tuple[str, str] | None) -> None:
    assert rate(nonlinear(kind), 8) == 1
    x, y, classes, _ = nonlinear(kind)(np.random.default_rng(99))
    found = specification_test(x, y, classes, names(x))
    assert found is not None
    if term:
        assert found.strongest == term and found.terms is not None and found.terms < 0.01


def test_where_nothing_can_be_tested() -> None:
    rng = np.random.default_rng(0)
    x, y = rng.normal(size=(40, 4)), rng.normal(size=40)
    assert specification_test(x, x @ [1.0, 2.0, 3.0, 4.0], 0, names(x)) is None  # exact
    assert specification_test(x[: 4 + LEAST_ROWS], y[: 4 + LEAST_ROWS], 0, names(x)) is None  # too few rows
    assert specification_test(x, (x[:, 0] > 0).astype(np.int64), 2, names(x)) is None  # separable classes
    only = specification_test(np.repeat([[0.0], [1.0]], 20, axis=0), y, 0, ["flag"])
    assert only is None  # a flag has no square of its own


def test_units_order_and_wide_tables() -> None:
    rng = np.random.default_rng(3)
    x = rng.normal(size=(300, 4))
    y = linear(rng, x) + x[:, 1] * x[:, 2] + rng.normal(size=300)
    one = specification_test(x, y, 0, names(x))
    other = specification_test(x * [1e-6, 1e3, 1.0, 1e9] + 1e4 * np.array([0, 1, 1, 0]), 1e5 * y - 7, 0, names(x))
    assert isinstance(one, SpecificationTest) and isinstance(other, SpecificationTest)
    assert one.strongest == other.strongest == ("x2", "x3")
    assert one.powers == pytest.approx(other.powers, rel=1e-3) and one.terms == other.terms
    assert one.to_json()["bends"] is True
    wide = rng.normal(size=(700, 60))
    assert 60 * 61 // 2 > MAX_TERMS
    found = specification_test(wide, wide[:, 7] ** 2 + rng.normal(size=700), 0, names(wide))
    assert found is not None and found.strongest == ("x8", "x8")
