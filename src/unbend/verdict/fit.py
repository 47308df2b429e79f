"""``unbend.fit``: a table in, the verdict and both models out."""

from __future__ import annotations

import time as clock
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal

import numpy as np

from ..arrays import Array
from ..data import Encoder, Note, Problem, pose_problem
from ..data.digest import digest
from ..errors import BadInput, DataError
from ..train.checkpoint import open_checkpoint
from .bent import fit_bent
from .compare import Comparison, compare
from .decide import decide, enough
from .drift import order_matters
from .folds import Deal
from .formula_side import formula_side, held_out, read_formula
from .kept import Kept
from .leaks import leaks
from .model import Model
from .plan import MOST_ROWS, plan
from .result import Choice, Result, Side
from .rows import arrange
from .scores import brier, probabilities, score
from .spread import Spread, learn_spread
from .straight import fit_straight
from .where import Where, look
from .witness import witness

Watch = Callable[["Step"], None]


@dataclass(frozen=True)
class Step:
    """What is at work: ``name`` is ``"compare"`` or ``"final"``, ``share`` how much of all the planned work is done."""

    name: Literal["compare", "final"]
    repeat: int
    fold: int
    folds: int
    share: float


def fit(
    table: Any,
    target: str,
    *,
    task: str | None = None,
    model: str = "auto",
    formula: str | None = None,
    budget: float = 60.0,
    seed: int = 0,
    group: str | None = None,
    time: str | None = None,
    drop: Sequence[str] = (),
    watch: Watch | None = None,
    by_clock: bool = True,
    checkpoint: str | Path | None = None,
    resume: bool = False,
) -> Result:
    """Does this table need a neural network, or is a straight model enough?

    ``table`` is a path, the name of a shipped set, a pandas / polars / Arrow table, a dict of columns or a NumPy array;
    ``target`` the column to be predicted. Both models are judged on the same held-out rows by repeated
    cross-validation with all preprocessing inside each fold, then fitted on all rows. ``task`` overrides what the
    target suggests ("regression", "classification"); ``model`` ("auto", "linear", "network") which model ``predict``
    uses; auto follows the verdict. ``formula`` is a third model for a regression, such as "b1*(1 - exp(-b2*age))",
    fitted without starting values and judged on the same rows. ``group`` names a column whose groups are held out whole
    (the verdict is then about new groups; the column is no input), ``time`` one of dates or numbers: learned from the
    past, judged on the future. ``drop`` leaves columns out. ``budget`` is in seconds; ``by_clock=False`` lets it choose
    the work beforehand and never cut it short. ``watch`` is told every `Step`. The same seed gives the same answer
    unless the budget cut the work, which the notes say. ``checkpoint`` is a folder that keeps every fold when it is
    done; ``resume`` goes on from there, with the budget that was left then, and gives what an unbroken run gives.

    Raises ``DataError`` where the table cannot be used, ``BadInput`` for other arguments, ``ModelError`` where the
    folder of the checkpoint cannot be written or holds that of another run.
    """
    began = clock.monotonic()
    _check(model, budget, seed)
    checkpoints = open_checkpoint(checkpoint, resume)
    names = (drop,) if isinstance(drop, str) else tuple(drop)
    rows = arrange(pose_problem(table, target, task), group, time, names)
    problem, kin = rows.problem, Deal.of(rows.problem, rows.together, rows.times).kin
    _check_size(problem)
    notes = [*problem.notes, *rows.notes, *leaks(problem)]
    if problem.rows > MOST_ROWS:
        some = np.random.default_rng([seed, 4]).permutation(problem.rows)[:MOST_ROWS]
        rows = rows.take(np.sort(some))
        notes.append(Note("verdict.compared_on", {"rows": MOST_ROWS, "all": problem.rows}))
    judged, encoder = rows.problem, Encoder.fit(problem)
    classes = len(problem.classes)
    work = plan(judged.rows, len(encoder.names), classes or 1, budget)
    notes += work.notes
    planned = work.folds * work.repeats + 1

    def tell(name: Literal["compare", "final"], repeat: int, fold: int, done: float) -> None:
        if watch is not None:
            watch(Step(name, repeat, fold, work.folds, (repeat * work.folds + fold + done) / planned))

    own = read_formula(formula, problem) if formula is not None else None
    deal = Deal.of(judged, rows.together, rows.times)
    kept = None
    if checkpoints is not None:
        arguments = {"target": target, "task": problem.task, "model": model, "formula": formula, "group": group,
                     "time": time, "drop": names, "budget": float(budget), "by_clock": by_clock,
                     "seed": int(seed)}  # fmt: skip
        blank = Comparison.begin(judged, *(("formula",) if own is not None else ()))
        kept = Kept(checkpoints, {**arguments, "data": digest(problem.table)}, blank, began)
        began = kept.began
    deadline = began + budget if by_clock else None
    comparison = compare(
        judged,
        seed,
        lambda c: enough(c, judged.rows),
        work.folds,
        work.repeats,
        work.settings,
        deadline,
        lambda repeat, fold, done: tell("compare", repeat, fold, done),
        None if own is None else ("formula", lambda train, test: held_out(own, judged, train, test, seed)),
        deal,
        None if kept is None else kept.begun,
        None if kept is None else kept.keep,
    )
    decision = decide(comparison, judged.rows)
    if comparison.out_of_time:
        told = {"done": len(comparison.losses), "planned": comparison.folds, "needed": comparison.budget_needed}
        notes.append(Note("verdict.out_of_time", {"budget": budget, **told}))
        decision = replace(decision, rows_needed=None)  # it was time that was short
    if group is None:
        notes += order_matters(judged, rows.times, _errors(comparison, judged))
    second = witness(
        encoder.transform(judged), judged.y, classes, encoder.sources, deal.kin, seed,
    )  # fmt: skip
    x = encoder.transform(problem)
    straight, penalty = fit_straight(x, problem.y, classes, seed)
    where = Where(looked=False)
    if decision.verdict == "bends_pay":
        gain = comparison.mean("straight") - comparison.mean("bent")
        latest = None if deadline is None else min(deadline, clock.monotonic() + max(2, budget / 10))
        where = look(judged, encoder, straight, penalty, deal.folds(deal.count(10), [seed, 0]), gain, seed, latest)
        if where.cut:
            notes.append(Note("verdict.where_cut", {"budget": budget}))
    bent = fit_bent(x, problem.y, classes, straight, seed, work.settings, deadline,
                    lambda done, of: tell("final", work.repeats, 0, done / of), kin, penalty)  # fmt: skip
    if bent.cut:
        notes.append(Note("verdict.final_cut", {"epochs": bent.epochs_done}))
    if checkpoints is not None and checkpoints.failure is not None:
        notes.append(Note("train.not_kept", {"reason": str(checkpoints.failure)}))
    sides = {
        name: _side(
            Model(network, encoder, target, problem.classes, _spread(comparison, judged, encoder, name, seed)),
            comparison, judged, name,
        )
        for name, network in (("straight", straight), ("bent", bent.network))
    }  # fmt: skip
    chosen: Choice = (
        "network" if model == "network" or (model == "auto" and decision.verdict == "bends_pay") else "linear"
    )
    seconds, source = clock.monotonic() - began, table if isinstance(table, str) else ""
    return Result(
        decision, sides["straight"], sides["bent"], chosen, problem, judged, comparison, bent, where, tuple(notes),
        seed, budget, seconds, source, None if own is None else formula_side(own, problem, comparison, seed),
        second, group, time, names,
    )  # fmt: skip


def _check(model: str, budget: float, seed: int) -> None:
    if model not in ("auto", "linear", "network"):
        raise BadInput("verdict.no_such_model", got=model)
    if isinstance(budget, bool) or not isinstance(budget, int | float | np.number) or not 0 < budget < np.inf:
        raise BadInput("verdict.budget", got=budget)
    if isinstance(seed, bool) or not isinstance(seed, int | np.integer) or seed < 0:
        raise BadInput("verdict.seed", got=seed)


def _check_size(problem: Problem) -> None:
    """Errors are squared: far out of the range that floats can square, every verdict would be one about rounding."""
    size = float(np.abs(problem.y).max())
    if not problem.classes and not 1e-100 < size < 1e100:
        raise DataError("verdict.target_size", target=problem.target, size=size)


def _errors(comparison: Comparison, judged: Problem) -> Array:
    """(rows,) what the network left over on held-out rows; NaN for rows that were not reached, and for many classes."""
    output = comparison.outputs["bent"]
    if len(judged.classes) > 2:
        return np.full(len(output), np.nan)
    return np.asarray(judged.y - (probabilities(output)[:, 1] if judged.classes else output[:, 0]))


def _spread(comparison: Comparison, judged: Problem, encoder: Encoder, name: str, seed: int) -> Spread | None:
    """How far the model's held-out predictions of numbers missed."""
    if judged.classes:
        return None
    predicted = comparison.outputs[name][:, 0]
    return learn_spread(judged.y - predicted, encoder.transform(judged), predicted, seed)


def _side(model: Model, comparison: Comparison, judged: Problem, name: str) -> Side:
    """The model with its held-out numbers."""
    loss = comparison.mean(name)
    value = score(loss, comparison.mean("constant"))
    if not judged.classes:
        return Side(model, value, rmse=float(np.sqrt(loss)))
    return Side(model, value, log_loss=loss, accuracy=_accuracy(comparison.outputs[name], judged.y),
                brier=_brier(comparison.outputs[name], judged.y))  # fmt: skip


def _brier(output: Array, y: Array) -> float:
    reached = ~np.isnan(output[:, 0])
    return brier(probabilities(output[reached]), y[reached])


def _accuracy(output: Array, y: Array) -> float:
    """The share of rows, of those held out so far, whose likeliest class was the right one."""
    reached = ~np.isnan(output[:, 0])
    return float(np.mean(probabilities(output[reached]).argmax(axis=1) == y[reached]))
