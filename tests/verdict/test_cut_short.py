"""A comparison that was cut short is no evidence for the straight model; the budget that would do is named."""

from __future__ import annotations

import sys
from typing import Any

import numpy as np
import pytest

import unbend as ub
from unbend.data import pose_problem
from unbend.report.sentences import explanation, specification_test_sentence
from unbend.verdict import Comparison, Settings, compare, decide
from unbend.verdict.compare import ENOUGH
from unbend.verdict.decide import gain_interval
from unbend.verdict.plan import WorkPlan, budget_needed, plan
from unbend.verdict.text.text_answers import TextAnswers

PIPELINE = sys.modules["unbend.verdict.pipeline"]


def straight(folds: int = 5, **more: Any) -> Comparison:
    """Losses in which the network gains nothing, clearly."""
    hard = np.linspace(0.9, 1.1, folds)
    losses = np.c_[2 * hard, hard, hard * (1 + 0.001 * (-1) ** np.arange(folds))]
    return Comparison(1 / 4, losses=losses, **more)


@pytest.mark.parametrize("noise", [False, True])
def test_networks_cut_short_are_no_evidence(noise: bool) -> None:
    full, starved = straight(), straight(steps_fraction=0.13)
    cut = straight(completed=[0.3], repeats=1)
    late = straight(out_of_time=True, repeats=1)  # only further repeats are missing
    if noise:
        for comparison in (full, starved, cut, late):
            comparison.losses[:, 0] = comparison.losses[:, 1]
    assert decide(full, 500).verdict == ("nothing_to_learn" if noise else "straight_is_enough")
    for comparison in (starved, cut):
        decision = decide(comparison, 500)
        assert (decision.verdict, decision.cut) == ("cannot_tell", True)
    assert decide(late, 500).verdict == decide(full, 500).verdict


def test_a_network_that_gains_in_spite_of_it_is_evidence() -> None:
    comparison = straight(steps_fraction=0.1)
    comparison.losses[:, 2] *= 0.5
    assert decide(comparison, 500).verdict == "bends_pay"


def test_rounding_is_no_gain() -> None:
    """The same predictions up to rounding: the gain and its interval are 0, and 0 lies in it."""
    comparison = straight()
    comparison.losses[:, 2] = comparison.losses[:, 1] * (1 + 3e-15 * np.array([1, -1, 2, 0, 1]))
    decision = decide(comparison, 500)
    assert (decision.verdict, decision.gain, decision.interval) == ("straight_is_enough", 0.0, (0.0, 0.0))
    same = comparison.of("linear")
    assert gain_interval(same, same, 0.25, 0.95) == (0.0, 0.0)


def test_of_a_cut_network_that_changed_nothing_the_gain_is_unknown() -> None:
    """Not 0 to 0: nothing was measured. One that changed something has the interval that was measured."""
    cut = straight(completed=[0.3], repeats=1)
    assert decide(cut, 500).is_known
    cut.losses[:, 2] = cut.losses[:, 1]
    decision = decide(cut, 500)
    assert (decision.verdict, decision.is_known, decision.interval[0]) == ("cannot_tell", False, -np.inf)
    same = np.ones(5)
    for short in (False, True):
        answers = TextAnswers.of(
            ("text",), constant=2 * same, bag=same, order=same, network=same, student=None, ratio=0.25, cut=short
        )
        assert answers.bend.is_known is not short
        assert answers.bend_pays == ("unclear" if short else "no")


def test_a_starved_fit_says_what_would_do() -> None:
    """|x| on 300 rows: with a budget of 0.05 s the plan has too few minibatches for a verdict."""
    rng = np.random.default_rng(0)
    table = {f"x{k}": rng.normal(size=300) for k in range(40)}
    table["y"] = 0.3 * np.abs(table["x0"]) + table["x1"] + rng.normal(size=300)
    result = ub.fit(table, "y", budget=0.05, by_clock=False)
    needed = result.decision.budget_needed
    assert result.verdict == "cannot_tell" and result.decision.cut and result.decision.rows_needed is None
    assert needed is not None and 1 <= needed <= 20
    assert "training cut by the budget to" in repr(result) and "to 0.00%" not in repr(result)
    for language in ("en", "ko"):
        ub.set_language(language)
        assert f"--budget {needed})" in explanation(result)
        assert " 0\N{NO-BREAK SPACE}%" not in explanation(result)
        assert "--" not in explanation(result, option=False)
        hint = specification_test_sentence(result)
        assert hint is not None and ("With more time" if language == "en" else "시간을 더 주면") in hint
    assert plan(300, 40, 1, needed).steps_fraction >= ENOUGH


def test_fully_trained_networks_without_a_bend_are_evidence(monkeypatch: pytest.MonkeyPatch) -> None:
    quick = Settings(members=2, hidden=(8,), steps=60, batch_size=16)
    monkeypatch.setattr(PIPELINE, "plan", lambda *a: WorkPlan(5, 1, quick))
    monkeypatch.setattr(sys.modules["unbend.verdict.network_model"], "_weights", lambda *a: (0.0, (0.0, 0.0)))
    rng = np.random.default_rng(1)
    x = rng.normal(size=120)
    result = ub.fit({"x": x, "y": 3 * x + 0.3 * rng.normal(size=120)}, "y", by_clock=False)
    assert (result.verdict, result.gain, result.interval) == ("straight_is_enough", 0.0, (0.0, 0.0))
    assert "no bend at all" in explanation(result)


class Clock:
    """A clock that stands still but for the work: each round takes ``seconds``, all linear models ``linear``."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, seconds: float, linear: float) -> None:
        self.now = 0.0
        loop, module = sys.modules["unbend.verdict.member_rounds"], sys.modules["unbend.verdict.compare"]

        def ticking(real: Any, tick: float) -> Any:
            def call(*arguments: Any, **named: Any) -> Any:
                self.now += tick
                return real(*arguments, **named)

            return call

        monkeypatch.setattr(loop, "run_epoch", ticking(loop.run_epoch, seconds))
        monkeypatch.setattr(module, "fit_linear_folds", ticking(module.fit_linear_folds, linear))
        monkeypatch.setattr("time.monotonic", lambda: self.now)


@pytest.mark.parametrize(("seconds", "linear"), [(0.05, 0.0), (1.0, 0.0), (0.2, 9.0), (4.0, 30.0)])
@pytest.mark.parametrize("rows", [40, 120])  # five folds and ten
def test_the_budget_needed_is_right_within_a_factor_of_two(
    monkeypatch: pytest.MonkeyPatch, rows: int, seconds: float, linear: float
) -> None:
    """The least budget at which the networks are fully trained, found by trying, and the one named."""
    rng = np.random.default_rng(0)
    x = rng.normal(size=rows)
    problem = pose_problem({"x": x, "y": x + rng.normal(size=rows)}, "y")
    settings = Settings(hidden=(4,), steps=30, batch_size=16)  # 30 rounds, of both kinds
    clock = Clock(monkeypatch, seconds, linear)
    monkeypatch.setattr(sys.modules["unbend.verdict.fold_training"], "PATIENCE", 10)  # no early stopping

    def run(budget: float) -> Comparison:
        return compare(
            problem,
            seed=0,
            folds=plan(rows, 1, 1, budget).folds,
            max_repeats=1,
            stop=lambda c: False,
            settings=settings,
            deadline=clock.now + budget,
        )

    cut = run((9 * seconds + linear) / 0.8)  # four rounds
    assert cut.is_cut
    named = budget_needed(rows, 1, 1, fixed=cut.seconds[0], rounds=cut.training_seconds[0], least=ENOUGH)
    assert not run(named).is_cut
    assert named <= 2 or run(named / 2).is_cut
