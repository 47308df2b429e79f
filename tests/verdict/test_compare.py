"""The comparison: the same rows for all models, no answer of a held-out row inside its fold, the time kept."""

from __future__ import annotations

import sys
from typing import Any

import numpy as np
import pytest

import unbend.verdict
from unbend.data import Encoder, Problem, pose_problem
from unbend.verdict import Comparison, Settings, compare
from unbend.verdict.compare import MODELS
from unbend.verdict.fold_training import train_folds
from unbend.verdict.folds import Splitter
from unbend.verdict.kind_training import FoldData, KindTraining
from unbend.verdict.linear_model import fit_linear, fit_linear_folds
from unbend.verdict.network_model import fit_folds
from unbend.verdict.piecewise_encoding import PiecewiseEncoding
from unbend.verdict.plan import plan
from unbend.verdict.scores import row_losses

QUICK = Settings(hidden=(6,), steps=40, batch_size=16)
N = 60


def table(seed: int = 0, kind: str = "numbers") -> dict[str, Any]:
    rng = np.random.default_rng(seed)
    a, b, c = rng.normal(size=N), rng.normal(50, 9, N), rng.integers(0, 4, N)
    y: Any = 2 * a + 0.1 * b + c + rng.normal(size=N)
    if kind != "numbers":
        y = [f"class {k}" for k in (y > 5).astype(int) + ((y > 8) if kind == "three" else 0)]
    return {"a": a, "b": np.where(np.arange(N) % 9, b, np.nan), "c": np.array(["p", "q", "r", "s"])[c], "y": y}


def run(problem: Problem, folds: int = 5, repeats: int = 1, seed: int = 3, **more: Any) -> Comparison:
    return compare(problem, seed=seed, folds=folds, max_repeats=repeats, stop=lambda c: False, settings=QUICK, **more)


@pytest.mark.parametrize("kind", ["numbers", "two", "three"])
def test_what_comes_out(kind: str) -> None:
    problem = pose_problem(table(kind=kind), "y")
    classes = len(problem.classes)
    found = run(problem, repeats=2)
    assert found.losses.shape == (10, 3) and found.repeats == 2 and found.ratio == 0.25 and not found.out_of_time
    for k, model in enumerate(MODELS):
        output = found.outputs[model]
        assert output.shape == (N, {"numbers": 1, "two": 1, "three": 3}[kind]) and np.isfinite(output).all()
        assert found.mean(model) == pytest.approx(found.losses[:, k].mean())
    again, other = run(problem), run(problem, seed=4)
    for k, model in enumerate(MODELS):
        by_fold = [
            row_losses(again.outputs[model][test], problem.y[test], classes).mean()
            for _, test in Splitter.of(problem).split(5, [3, 0])
        ]
        np.testing.assert_allclose(again.losses[:, k], by_fold, rtol=1e-9)  # one set of rows for all three
    assert again.losses.tobytes() == found.losses[:5].tobytes()
    assert not np.isclose(other.losses, found.losses[:5]).any(axis=0).all()


@pytest.mark.parametrize("kind", ["numbers", "two"])
def test_folds(kind: str) -> None:
    problem = pose_problem(table(kind=kind), "y")
    for folds in (5, 10):
        pairs = list(Splitter.of(problem).split(folds, [0, 0]))
        assert sorted(np.concatenate([test for _, test in pairs]).tolist()) == list(range(N))
        assert all(sorted([*train, *test]) == list(range(N)) for train, test in pairs)
        if kind == "two":
            ones = [problem.y[test].sum() for _, test in pairs]
            assert max(ones) - min(ones) <= 1


@pytest.mark.parametrize("kind", ["numbers", "two"])
def test_answers_of_held_out_rows_cannot_leak(kind: str) -> None:
    """Other answers in the rows of a fold: its linear model and its networks stay the same, bit by bit."""
    rows = table(kind=kind)
    problem = pose_problem(rows, "y")
    classes = len(problem.classes)
    folds = Splitter(N).split(5, [3, 0])
    x, test = Encoder.fit(problem).transform(problem), folds[0][1]
    changed = problem.y.copy()
    changed[test] = 1 - changed[test] if classes else np.random.default_rng(0).normal(1e3, 1e3, len(test))
    trained = []
    for y in (problem.y, changed):
        linear = fit_linear_folds(x, y, classes, folds, 0)
        data = FoldData.of(x, y, classes, folds, linear)
        encoding = PiecewiseEncoding.of(x, 8)
        kinds = KindTraining.begin_all(data, x, [encoding.without_bins(), encoding], QUICK, 0)
        train_folds(data, kinds, QUICK)
        trained.append((linear, kinds))
    (linear, kinds), (other_linear, other_kinds) = trained
    np.testing.assert_allclose(linear[0](x), other_linear[0](x), rtol=1e-7)
    assert not np.allclose(linear[1](x), other_linear[1](x), rtol=1e-3)  # other folds do learn from them
    for one, other in zip(kinds, other_kinds, strict=True):
        same, different = (
            [np.abs(W[k] - V[k]).max() for (W, _), (V, _) in zip(one.weights[5], other.weights[5], strict=True)]
            for k in (0, 1)
        )
        assert max(same) < 1e-4 < min(different)


def test_a_feature_that_only_held_out_rows_have_says_nothing() -> None:
    """One row has the label: no network was trained on it, and its weight is a random number."""
    rng = np.random.default_rng(1)
    x = np.c_[rng.normal(size=(N, 2)), np.zeros(N)]
    y = x[:, 0] ** 2 + 0.1 * rng.normal(size=N)
    one = x.copy()
    one[7, 2] = 1.0
    folds = Splitter(N).split(5, [3, 0])
    outputs = [fit_folds(z, y, 0, folds, fit_linear_folds(z, y, 0, folds, 0), fit_linear(z, y, 0, 0)[0], 0,
                         settings=QUICK).outputs for z in (x, one)]  # fmt: skip
    k = next(k for k, (_, test) in enumerate(folds) if 7 in test)
    row = list(folds[k][1]).index(7)
    assert abs(outputs[1][k][row, 0] - outputs[0][k][row, 0]) < 1


def test_labels_that_only_memorise_are_worth_nothing() -> None:
    """Four rows to a label and answers that are noise: a code made from the answers would seem to know much."""
    rng = np.random.default_rng(0)
    labels = [f"id{k // 4}" for k in range(120)]
    problem = pose_problem({"who": labels, "x": rng.normal(size=120), "y": rng.normal(size=120)}, "y")
    assert [column.name for column in problem.inputs] == ["who", "x"]
    found = run(problem)
    assert found.mean("linear") > 0.95 * found.mean("constant")
    assert found.mean("network") > 0.9 * found.mean("constant")


def test_it_stops_when_enough_is_known() -> None:
    problem = pose_problem(table(), "y")
    checked: list[int] = []

    def stop(c: Comparison) -> bool:
        checked.append(len(c.losses))
        return len(checked) == 2

    result = compare(problem, seed=0, folds=5, max_repeats=4, stop=stop, settings=QUICK)
    assert result.repeats == 2 and checked == [5, 10]


def test_progress() -> None:
    steps: list[tuple[int, float]] = []
    run(pose_problem(table(), "y"), repeats=2, watch=lambda *step: steps.append(step))
    assert {r for r, _ in steps} == {0, 1}
    assert steps == sorted(steps) and all(0 < fraction <= 1 for *_, fraction in steps)
    assert [fraction for *_, fraction in steps].count(1.0) == 2


class Clock:
    """A clock that stands still but for the work: each epoch takes ``seconds``."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, seconds: float) -> None:
        self.now, self.epochs = 0.0, 0
        loop = sys.modules["unbend.verdict.member_rounds"]
        real = loop.run_epoch

        def run_epoch(*arguments: Any, **named: Any) -> Any:
            self.now += seconds
            self.epochs += 1
            return real(*arguments, **named)

        monkeypatch.setattr(loop, "run_epoch", run_epoch)
        monkeypatch.setattr("time.monotonic", lambda: self.now)


@pytest.mark.parametrize("seconds", [0.001, 0.25, 1.0, 3.0])
def test_the_time_is_kept_whatever_the_machine(monkeypatch: pytest.MonkeyPatch, seconds: float) -> None:
    problem = pose_problem(table(), "y")
    clock = Clock(monkeypatch, seconds)
    found = run(problem, folds=5, repeats=3, deadline=30.0)
    assert clock.now <= 30 - 6 + 1e-6  # and some is left for what follows
    assert len(found.losses) >= 5 and np.isfinite(found.losses).all()
    assert np.isfinite(found.outputs["network"]).all()
    assert found.is_cut == (seconds > 0.3)  # of 40 rounds of two kinds there was time for less than half
    assert found.out_of_time == (len(found.losses) < 15) == (seconds > 0.1)


@pytest.mark.parametrize("budget", [1.0, 10.0, 60.0, 600.0])
@pytest.mark.parametrize("rows", [30, 300, 3000, 20_000])
def test_the_plan_fits_its_own_estimate(rows: int, budget: float) -> None:
    from unbend.verdict.plan import _seconds

    work = plan(rows, 20, 1, budget)
    assert work.folds in (5, 8, 10) and 1 <= work.repeats <= 3
    recipe = Settings.for_rows(rows)
    assert work.fewer_steps == (work.settings.steps < recipe.steps)
    if work.settings.steps > 100:
        assert work.folds * _seconds(work.settings, 20, 1) <= budget
    assert work == plan(rows, 20, 1, budget)  # decided before the work: a seed repeats it
    assert plan(rows, 20, 1, 1e6).settings == recipe


def test_the_public_names() -> None:
    assert all(getattr(unbend.verdict, name) is not None for name in unbend.verdict.__all__)
