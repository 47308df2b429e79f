"""The comparison: the same rows for all models, nothing of the held-out rows inside a fold, the time kept."""

from __future__ import annotations

import sys
from typing import Any

import numpy as np
import pytest

import unbend.verdict
from unbend.data import Encoder, Problem, pose_problem
from unbend.verdict import Comparison, Settings, compare
from unbend.verdict.compare import MODELS
from unbend.verdict.folds import Splitter
from unbend.verdict.plan import plan
from unbend.verdict.scores import row_losses

MODULE = sys.modules["unbend.verdict.compare"]
QUICK = Settings(members=2, hidden=(6,), steps=40, batch_size=16)
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
        by_fold = [
            row_losses(output[test], problem.y[test], classes).mean()
            for _, test in Splitter.of(problem).split(5, [3, 0])
        ]
        np.testing.assert_allclose(found.losses[:5, k], by_fold, rtol=1e-9)  # one set of rows for all three
        assert found.mean(model) == pytest.approx(found.losses[:, k].mean())
    again, other = run(problem), run(problem, seed=4)
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


def test_everything_is_fitted_on_the_training_rows_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    problem = pose_problem(table(), "y")
    fitted: list[np.ndarray] = []
    seen: dict[str, list[tuple[np.ndarray, np.ndarray]]] = {"fit_linear": [], "fit_network": []}
    real_fit = Encoder.fit.__func__

    def fit(cls: Any, data: Any, columns: Any = None, rows: Any = None) -> Encoder:
        fitted.append(rows)
        return real_fit(cls, data, columns, rows)

    monkeypatch.setattr(Encoder, "fit", classmethod(fit))
    for name, calls in seen.items():
        real = getattr(MODULE, name)
        monkeypatch.setattr(MODULE, name, lambda x, y, *a, r=real, c=calls, **k: c.append((x, y)) or r(x, y, *a, **k))
    run(problem)
    for k, (train, test) in enumerate(Splitter.of(problem).split(5, [3, 0])):
        np.testing.assert_array_equal(fitted[k], train)
        for calls in seen.values():
            x, y = calls[k]
            np.testing.assert_array_equal(y, problem.y[train])
            np.testing.assert_array_equal(x, Encoder.fit(problem, rows=train).transform(problem, train))
            assert len(x) == len(train) == N - len(test)


def test_answers_of_held_out_rows_cannot_leak() -> None:
    """Other answers in the rows of a fold, even infinite ones as good as: its predictions stay the same, bit by bit."""
    rows = table()
    problem = pose_problem(rows, "y")
    test = next(iter(Splitter.of(problem).split(5, [3, 0])))[1]
    rows["y"] = rows["y"].copy()
    rows["y"][test] = np.random.default_rng(0).normal(1e6, 1e6, len(test))
    one, other = run(problem), run(pose_problem(rows, "y"))
    for model in MODELS:
        assert one.outputs[model][test].tobytes() == other.outputs[model][test].tobytes()
        assert one.outputs[model].tobytes() != other.outputs[model].tobytes()  # other folds do learn from them
    assert not np.isclose(one.losses[0], other.losses[0]).any()


def test_columns_of_held_out_rows_cannot_leak() -> None:
    """A held-out row's own cells decide its own prediction and no other's: no scale, median or level comes from it."""
    rows = table()
    problem = pose_problem(rows, "y")
    test = next(iter(Splitter.of(problem).split(5, [3, 0])))[1]
    changed = {name: np.array(cells, dtype=object if name == "c" else float) for name, cells in rows.items()}
    first = test[0]
    changed["a"][first], changed["b"][first], changed["c"][first] = 1e4, 1e5, "never seen"
    one, other = run(problem), run(pose_problem(changed, "y"))
    rest = test[1:]
    for model in MODELS:
        assert one.outputs[model][rest].tobytes() == other.outputs[model][rest].tobytes()
    assert one.outputs["linear"][first] != other.outputs["linear"][first]


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
    steps: list[tuple[int, int, float]] = []
    run(pose_problem(table(), "y"), repeats=2, watch=lambda *step: steps.append(step))
    assert {(r, f) for r, f, _ in steps} == {(r, f) for r in range(2) for f in range(5)}
    assert steps == sorted(steps) and all(0 < fraction <= 1 for *_, fraction in steps)
    assert [fraction for *_, fraction in steps].count(1.0) == 10


class Clock:
    """A clock that stands still but for the work: each epoch takes ``seconds``."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, seconds: float) -> None:
        self.now, self.epochs = 0.0, 0
        loop = sys.modules["unbend.train.loop"]
        real = loop.run_epoch

        def run_epoch(*arguments: Any, **named: Any) -> Any:
            self.now += seconds
            self.epochs += 1
            return real(*arguments, **named)

        monkeypatch.setattr(loop, "run_epoch", run_epoch)
        monkeypatch.setattr("time.monotonic", lambda: self.now)


@pytest.mark.parametrize("seconds", [0.001, 0.3, 1.0, 3.0])
def test_the_time_is_kept_whatever_the_machine(monkeypatch: pytest.MonkeyPatch, seconds: float) -> None:
    problem = pose_problem(table(), "y")
    clock = Clock(monkeypatch, seconds)
    found = run(problem, folds=5, repeats=3, deadline=30.0)
    assert clock.now <= 30 - 6 + 1e-6  # and some is left for the last training
    assert len(found.losses) >= 2 and np.isfinite(found.losses).all()
    assert found.out_of_time == (len(found.losses) < 15) == (seconds > 0.001)
    reached = ~np.isnan(found.outputs["network"][:, 0])
    assert reached.all() == (len(found.losses) >= 5) and reached.any()


@pytest.mark.parametrize("budget", [1.0, 10.0, 60.0, 600.0])
@pytest.mark.parametrize("rows", [30, 300, 3000, 20_000])
def test_the_plan_fits_its_own_estimate(rows: int, budget: float) -> None:
    from unbend.verdict.plan import _seconds

    work = plan(rows, 20, 1, budget)
    assert work.folds in (5, 10) and 1 <= work.repeats <= 3
    recipe = Settings.for_rows(rows)
    assert work.fewer_steps == (work.settings.steps < recipe.steps)
    if work.settings.steps > 100:
        assert (work.folds + 1) * _seconds(work.settings, 20, 1) <= budget
    assert work == plan(rows, 20, 1, budget)  # decided before the work: a seed repeats it
    assert plan(rows, 20, 1, 1e6).settings == recipe


def test_the_public_names() -> None:
    assert all(getattr(unbend.verdict, name) is not None for name in unbend.verdict.__all__)
