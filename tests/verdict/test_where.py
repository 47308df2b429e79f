"""Where it bends: the right columns of known truths, shares that hold, a formula that does what it says."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest

from unbend import Formula
from unbend.data import Encoder, Problem, pose_problem
from unbend.verdict.decide import corrected_interval
from unbend.verdict.folds import Splitter
from unbend.verdict.formula_model import held_out_outputs, read_formula
from unbend.verdict.linear_model import fit_linear
from unbend.verdict.scores import row_losses
from unbend.verdict.where import Where, locate_bends
from unbend.verdict.where.column_basis import column_bases, interaction, standardized
from unbend.verdict.where.fold_fits import FoldFits, Task
from unbend.verdict.where.screening import screen_curves, screen_pairs

Table = dict[str, Any]


def located(table: Table, gain: float, task: str | None = None, seed: int = 0) -> tuple[Where, Problem]:
    problem = pose_problem(table, "y", task)
    encoder = Encoder.fit(problem)
    linear, penalty = fit_linear(encoder.transform(problem), problem.y, len(problem.classes), seed)
    folds = Splitter.of(problem).split(10, [seed, 0])
    return locate_bends(problem, encoder, linear, penalty, folds=folds, gain=gain, seed=seed), problem


def table_of(x: np.ndarray, y: np.ndarray) -> Table:
    return {f"x{j + 1}": column for j, column in enumerate(x.T)} | {"y": y}


def friedman1(rows: int, seed: int) -> Table:
    from sklearn.datasets import make_friedman1

    return table_of(*make_friedman1(rows, noise=1.0, random_state=seed))


# the columns named ----------------------------------------------------------------------------------------------------


def test_friedmans_first_function() -> None:
    """10 sin(π x1 x2) + 20 (x3 - 1/2)² + 10 x4 + 5 x5: x1, x2 together and alone, x3 alone, x4 and x5 straight."""
    where, _ = located(friedman1(600, 0), gain=5.5)
    assert set(where.bends) == {"x1", "x2", "x3"}
    assert where.partners("x1").keys() == {"x2"} and where.partners("x3") == {}
    assert where.own("x3") > 0.2 and where.own("x4") == 0
    assert where.suggestion is not None
    assert "x3**2" in where.suggestion.text and "x1*x2" in where.suggestion.text
    assert where.suggestion.share > 0.9


@pytest.mark.parametrize(
    ("kind", "bends", "term"),
    [
        ("product", {"x1", "x2"}, "x1*x2"),
        ("threshold", {"x1"}, "where(x1 > 0."),
        ("sine", {"x1"}, "sin("),
        ("log", {"x1"}, "log(x1)"),
        ("hinge", {"x1"}, "max(0, x1 "),
        ("label", {"x1", "kind"}, None),
    ],
)
def test_one_bend(kind: str, bends: set[str], term: str | None) -> None:
    rng = np.random.default_rng(3)
    x = rng.uniform(-1, 1, (600, 5))
    label = rng.choice(["p", "q", "r"], 600)
    if kind == "log":
        x[:, 0] = np.exp(2 * x[:, 0])
    a, b = x[:, 0], x[:, 1]
    f = {
        "product": 2 * a * b,
        "threshold": np.where(a > 0.2, 2.0, 0.0),
        "sine": 2 * np.sin(np.pi * a),
        "log": np.log(np.abs(a)),
        "hinge": 3 * np.maximum(0, a - 0.3),
        "label": np.where(label == "q", 2 * a, -a),
    }[kind]
    gain = float(np.mean((f - np.poly1d(np.polyfit(a, f, 1))(a)) ** 2))
    where, _ = located(table_of(x, f + x[:, 2] + 0.2 * rng.normal(size=600)) | {"kind": label}, gain)
    assert set(where.bends) == bends
    assert where.reached > 0.7
    if term is not None:
        assert where.suggestion is not None and where.suggestion.steps[0].term.startswith(term)


def test_exclusive_or_is_only_together() -> None:
    rng = np.random.default_rng(1)
    x = rng.uniform(-1, 1, (600, 4))
    answer = (x[:, 1] * x[:, 3] > 0) ^ (rng.random(600) < 0.05)
    where, _ = located(table_of(x, np.where(answer, "yes", "no")), gain=0.45)
    assert [p.columns for p in where.pairs] == [("x2", "x4")] and set(where.bends) == {"x2", "x4"}
    assert not any(c.bends for c in where.curves)
    assert where.suggestion is not None and where.suggestion.of == "yes"
    assert where.suggestion.steps[0].term.startswith("where(") and where.suggestion.share > 0.7


def test_three_classes() -> None:
    rng = np.random.default_rng(2)
    x = rng.uniform(-1, 1, (600, 3))
    y = np.digitize(np.abs(x[:, 0]) + 0.05 * rng.normal(size=600), [0.33, 0.66]).astype(str)
    where, _ = located(table_of(x, y), gain=0.6)
    assert where.bends == ("x1",) and where.reached > 0.5


@pytest.mark.parametrize("seed", range(3))
def test_nothing_is_named_in_straight_and_heavy_tailed_tables(seed: int) -> None:
    rng = np.random.default_rng([7, seed])
    x = rng.standard_t(3, (200, 12))
    y = x @ rng.normal(size=12) + rng.standard_t(3, 200)
    where, _ = located(table_of(x, y), gain=0.05)
    assert where.bends == () and where.suggestion is None and where.reached == 0


def test_screening_is_seldom_fooled() -> None:
    """Of 80 columns of noise, 80 curves and 3,160 pairs, hardly one table in a hundred may show anything at all."""
    fooled = 0
    for seed in range(20):
        rng = np.random.default_rng([8, seed])
        problem = pose_problem(table_of(rng.normal(size=(150, 80)), rng.normal(size=150)), "y")
        encoder = Encoder.fit(problem)
        columns = column_bases(encoder, encoder.transform(problem))
        rest = problem.y[:, None] * rng.exponential(size=(150, 1))  # of very different spread
        fooled += bool(screen_curves(columns, rest)) + bool(screen_pairs(columns, rest, rng))
    assert fooled <= 1


# the formula ----------------------------------------------------------------------------------------------------------


def test_the_fitted_values_are_those_of_the_formulas_own_fit() -> None:
    where, problem = located(friedman1(300, 0), gain=5.5)
    suggestion = where.suggestion
    assert suggestion is not None and suggestion.offered
    fit = suggestion.formula.fit(problem.table)
    assert suggestion.values == pytest.approx(fit.values, rel=1e-6, abs=1e-6)
    filled = Formula(suggestion.text_with_values)
    assert not filled.parameters
    predicted = filled.fit(problem.table).predict(problem.table)
    np.testing.assert_allclose(predicted, fit.predict(problem.table), atol=1e-3)


@pytest.mark.parametrize("curve", [np.log, np.sqrt, lambda v: v**2.5])
def test_a_monotone_relation_gets_no_sine(curve: Any) -> None:
    rng = np.random.default_rng(5)
    x = rng.uniform(0.5, 8, (400, 2))
    f = curve(x[:, 0]) / np.ptp(curve(x[:, 0])) * 10
    gain = float(np.mean((f - np.poly1d(np.polyfit(x[:, 0], f, 1))(x[:, 0])) ** 2))
    where, _ = located(table_of(x, f + x[:, 1] + 0.2 * rng.normal(size=400)), gain)
    assert where.suggestion is not None and "sin(" not in where.suggestion.text


def test_a_formula_has_terms_of_the_columns_it_can_contain_only() -> None:
    rng = np.random.default_rng(6)
    days = np.arange(500)
    table = {
        "date": np.datetime64("2020-01-01") + rng.permutation(days),
        "x": rng.uniform(-1, 1, 500),
    }
    y = 3 * (table["date"] > np.datetime64("2020-09-01")) + 2 * np.abs(table["x"]) + 0.1 * rng.normal(size=500)
    where, _ = located({**table, "y": y}, gain=1.5)
    assert "date" in where.bends
    assert where.suggestion is not None
    assert "date" not in where.suggestion.text and where.suggestion.left_out == ("date",)
    assert all("date" not in step.term for step in where.suggestion.steps)


def test_a_formula_worse_than_the_linear_model_is_not_offered() -> None:
    rng = np.random.default_rng(7)
    label, x = rng.choice(list("abcdef"), 500), rng.uniform(-1, 1, 500)
    y = 10.0 * np.array([ord(c) for c in label]) + np.abs(x) + 0.05 * rng.normal(size=500)
    where, _ = located({"label": label, "x": x, "y": y}, gain=0.08)
    assert where.suggestion is not None and where.suggestion.left_out == ("label",)
    assert where.suggestion.share < 0 and not where.suggestion.offered


def test_classes_have_values_for_their_log_odds() -> None:
    rng = np.random.default_rng(8)
    x = rng.uniform(-1, 1, (800, 2))
    odds = 6 * x[:, 0] ** 2 - 2 + x[:, 1]
    y = np.where(rng.random(800) < 1 / (1 + np.exp(-odds)), "yes", "no")
    where, _ = located(table_of(x, y), gain=0.12)
    assert where.suggestion is not None and where.suggestion.of == "yes"
    values = where.suggestion.values
    assert values["b0"] == pytest.approx(-2, abs=0.6) and values["b2"] == pytest.approx(1, abs=0.5)
    assert values["b3"] == pytest.approx(6, abs=1.5)


# the fits -------------------------------------------------------------------------------------------------------------


def test_shares_are_held_out_losses_of_least_squares() -> None:
    """Held-out losses of a hand-made design are those of NumPy's least squares; one step does what a new fit does."""
    rng = np.random.default_rng(4)
    x, extra = rng.normal(size=(120, 3)), rng.normal(size=(120, 2))
    y = x @ [1.0, -2.0, 0.5] + extra[:, 0] ** 2 + rng.normal(size=120)
    folds = Splitter(120).split(6, [0, 0])
    fits = FoldFits.of(Task(y, 0, folds), x, 0.0)
    for design, losses in ((x, fits.losses), (np.c_[x, extra], fits.with_blocks([(extra, 0.0)]).losses)):
        full = np.c_[np.ones(120), design]
        for k, (train, test) in enumerate(folds):
            w = np.linalg.lstsq(full[train], y[train], rcond=None)[0]
            assert losses[k] == pytest.approx(np.mean((y[test] - full[test] @ w) ** 2), rel=1e-6)
    trials = fits.trial_losses([(extra, 0.0), (extra[:, :1], 0.3)])
    np.testing.assert_allclose(trials[0], fits.with_blocks([(extra, 0.0)]).losses, rtol=1e-6)
    np.testing.assert_allclose(trials[1], fits.with_blocks([(extra[:, :1], 0.3)]).losses, rtol=1e-6)


def test_logistic_fits_are_those_of_scikit_learn() -> None:
    from sklearn.linear_model import LogisticRegression

    rng = np.random.default_rng(5)
    x = standardized(rng.normal(size=(150, 3)))
    y = (rng.random(150) < 1 / (1 + np.exp(-2 * x[:, 0]))).astype(np.int64)
    folds = Splitter(150, y).split(5, [0, 0])
    fits = FoldFits.of(Task(y, 2, folds), x, 0.01)
    for k, (train, test) in enumerate(folds):
        peer = LogisticRegression(C=1 / (0.01 * len(train)), tol=1e-8).fit(x[train], y[train])
        loss = row_losses(peer.decision_function(x[test])[:, None], y[test], 2).mean()
        assert fits.losses[k] == pytest.approx(loss, rel=1e-3)


def test_products_of_columns_without_spread_do_no_harm() -> None:
    problem = pose_problem({"a": [1.0, 2.0] * 10, "b": [0.0] * 19 + [1.0], "y": np.arange(20.0)}, "y")
    encoder = Encoder.fit(problem)
    a, b = column_bases(encoder, encoder.transform(problem))
    assert a.curve.shape[1] == 0 and np.isfinite(interaction(a, b)).all()


# the formula ----------------------------------------------------------------------------------------------------------


def test_the_formula_does_what_it_says() -> None:
    """Fitted fold by fold as ``unbend fit --formula`` does it, it reaches its share; names that no formula can write,
    a column called like a function, gaps and labels are in the table."""  # fmt: skip
    rng = np.random.default_rng(6)
    rows = 400
    size, weight = rng.uniform(1, 9, rows), rng.uniform(-1, 1, rows)
    y = 4 * np.log(size) * weight + weight + 0.2 * rng.normal(size=rows)
    table = {
        "size (m²)": size,
        "log": weight,
        "나이": rng.normal(size=rows),
        "kind": rng.choice(["p", "q"], rows),
        "y": y,
    }
    table["나이"][:7] = np.nan
    where, problem = located(table, gain=float(np.var(4 * np.log(size) * weight)) / 2)
    change = where.suggestion
    assert change is not None and set(where.bends) == {"size (m²)", "log"} and change.left_out == ("kind",)
    formula = read_formula(change.text, problem)
    assert set(formula.variables) == {"size_m", "log_", "나이"}
    folds = Splitter.of(problem).split(10, [0, 0])
    losses = np.array(
        [row_losses(held_out_outputs(formula, problem, *fold, 0), problem.y[fold[1]], 0).mean() for fold in folds]
    )
    x = Encoder.fit(problem).transform(problem)
    start = FoldFits.of(Task(problem.y, 0, folds), standardized(x), fit_linear(x, problem.y, 0, 0)[1])
    gain = float(np.var(4 * np.log(size) * weight)) / 2
    assert float(np.mean(start.losses - losses)) / gain == pytest.approx(change.share, abs=0.01)
    low, high, _ = corrected_interval((start.losses - losses) / gain, 1 / 9, 0.95)
    assert change.interval == pytest.approx((low, high), abs=0.02)
    assert change.formula.fit(table, seed=0).rss < 0.5 * np.sum((y - y.mean()) ** 2)


def test_json() -> None:
    where, _ = located(friedman1(300, 1), gain=5.5)
    answer = json.loads(json.dumps(where.to_json(), allow_nan=False))
    assert answer["bends"] == list(where.bends) and answer["looked"]
    assert answer["reached"] == pytest.approx(
        sum(c.share for c in where.curves if c.bends) + sum(p.share for p in where.pairs)
    )
    assert Where(searched=False).to_json()["bends"] == []
