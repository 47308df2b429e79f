"""The stages of ``unbend.fit`` for a table with text columns: plan, compare, decide, fit the final models."""

from __future__ import annotations

import time as clock
from dataclasses import dataclass, replace

import numpy as np

from .. import log
from ..arrays import Array
from ..data import Note, Problem
from ..errors import BadInput
from .comparison_notes import choice, order_notes_of, time_notes
from .conformal import fit_intervals
from .decide import decide
from .fit_data import FitData
from .fold_models import FoldModels
from .folds import Splitter
from .model import Model
from .plan import TRAINING_TIME
from .progress import Progress
from .request import Request
from .result import Result
from .scored_model import ScoredModel
from .text.bend_network import BendSettings
from .text.compare_texts import TextComparison, compare_texts
from .text.final_models import FinalModels, fit_final_models
from .text.fold_networks import fold_features, network_model
from .text.student import student_losses
from .text.text_answers import TextAnswers
from .text.text_blocks import BAG, INSIDE, ORDER, TextBlocks
from .text.text_fold import TextTable
from .text.text_plan import TextPlan, plan_texts
from .text.text_target import TextTarget
from .text_checks import pairs_of_columns, without_missed_bend, without_missed_pairs, without_straight_gain
from .where import Where


@dataclass(frozen=True, eq=False)
class _Compared:
    """The rows on which the models are compared: their ``rows`` among all, the problem of them, and their splitter."""

    rows: Array
    problem: Problem
    splitter: Splitter


def check_text_request(request: Request, checkpoint: bool) -> None:
    """Raises ``BadInput`` for what cannot be combined with text columns."""
    requested = {"--formula": request.formula is not None, "--trees": request.trees, "--checkpoint": checkpoint}
    for option, given in requested.items():
        if given:
            raise BadInput("verdict.text_without", option=option)


def fit_text_table(
    data: FitData, request: Request, progress: Progress, positive: str | None, began: float, source: str
) -> Result:
    """The result of ``unbend.fit`` for a problem with text columns."""
    phases = log.Stopwatch()
    deadline = began + request.seconds if request.by_clock else None
    classes, problem = len(data.problem.classes), data.problem
    outputs = 1 if classes in (0, 2) else classes
    work = plan_texts(problem.rows, _characters(problem), outputs, request.seconds)
    compared = _compared(data, work, request.seed)
    log.info("log.plan", folds=work.folds, repeats=1, steps=BendSettings().epochs)
    target = TextTarget.of_problem(compared.problem)
    table = TextTable(
        order=TextBlocks.of(compared.problem, ORDER),
        bag=TextBlocks.of(compared.problem, BAG),
        inside=TextBlocks.of(compared.problem, INSIDE),
        x=data.encoder.transform(compared.problem),
        target=target,
        groups=compared.splitter.groups,
        seed=request.seed,
        sources=data.encoder.sources,
    )
    folds = compared.splitter.split(compared.splitter.fold_count(work.folds), [request.seed, 0])
    latest = None if deadline is None else began + TRAINING_TIME * request.seconds
    found = compare_texts(table, folds, BendSettings(), deadline=latest, watch=progress.compare)
    comparison = found.comparison
    phases.done("log.compared", folds=len(comparison.losses))
    decision = decide(comparison, compared.problem.rows)
    student = student_losses(table, found) if decision.verdict == "bends_pay" else None
    answers = TextAnswers.of(
        tuple(column.name for column in problem.texts),
        constant=comparison.of("constant"),
        bag=found.bag,
        order=comparison.of("linear"),
        network=comparison.of("network"),
        student=student,
        ratio=comparison.ratio,
        cut=comparison.is_cut,
    )
    decision, unseen = without_straight_gain(decision, answers)
    decision, missed = without_missed_bend(decision, compared.problem, table, found)
    if comparison.is_cut:
        needed = max(work.needed, 1.2 * request.budget, request.budget / max(comparison.trained, 0.1) / 2)
        decision = replace(decision, rows_needed=None, budget_needed=int(np.ceil(needed)))
    phases.done("log.tested")
    if decision.verdict != "cannot_tell":
        pairs = pairs_of_columns(compared.problem, found, request, deadline)
        if decision.verdict == "bends_pay":
            answers = replace(answers, pairs=pairs)
        else:
            decision, missed_pairs = without_missed_pairs(decision, pairs)
            missed = [*missed, *missed_pairs]
        phases.done("log.located")
    final = fit_final_models(data, compared.rows, table, found, request.seed, deadline)
    training = network_model(table, found, final.network)
    models = FoldModels(
        problem=compared.problem,
        encoder=final.encoder,
        splitter=compared.splitter,
        rows=np.arange(compared.problem.rows),
        folds=len(folds),
        seed=request.seed,
        training=training,
        x=fold_features(table, found),
    )
    progress.done()
    phases.done("log.fitted")
    fewer = compared.problem.rows < problem.rows
    order = () if request.group is not None else order_notes_of(compared.problem, compared.splitter, comparison)
    return Result(
        request=request,
        decision=decision,
        linear=_scored(found, compared, models, final, "linear", positive),
        network=_scored(found, compared, models, final, "network", positive),
        chosen=choice(request, decision, comparison),
        problem=problem,
        compared=compared.problem,
        comparison=comparison,
        fold_models=models,
        training=training,
        where=Where(searched=False),
        text=replace(answers, bytes_cost=final.bytes_cost),
        notes=(
            *(note for note in data.notes if note.key != "verdict.compared_on"),
            *([Note("verdict.compared_on", {"rows": compared.problem.rows, "all": problem.rows})] if fewer else []),
            *time_notes(request, comparison, decision),
            *unseen,
            *missed,
            *order,
        ),
        seconds=clock.monotonic() - began,
        source=source,
    )


def _characters(problem: Problem) -> int:
    return sum(len(text or "") for column in problem.texts for text in problem.arrays.texts(column.name))


def _compared(data: FitData, work: TextPlan, seed: int) -> _Compared:
    """The rows that are compared already, or as many of them as the plan has."""
    if work.rows >= len(data.rows):
        return _Compared(data.rows, data.compared, data.compared_splitter)
    some = np.sort(np.random.default_rng([seed, 8]).permutation(len(data.rows))[: work.rows])
    problem, whole = data.compared.take(some), data.compared_splitter
    groups = None if whole.groups is None else np.unique(whole.groups[some], return_inverse=True)[1]
    times = None if whole.times is None else whole.times[some]
    return _Compared(data.rows[some], problem, Splitter.of(problem, groups, times))


def _scored(
    found: TextComparison,
    compared: _Compared,
    models: FoldModels,
    final: FinalModels,
    name: str,
    positive: str | None,
) -> ScoredModel:
    """A final model with its held-out scores and, for numbers, its prediction intervals."""
    problem, output = compared.problem, found.comparison.outputs[name]
    intervals = None
    if not problem.classes:
        intervals = fit_intervals(problem.y - output[:, 0], models.features(), output[:, 0], models.seed)
    model = Model(
        network=final.linear if name == "linear" else final.network,
        encoder=final.encoder,
        target=problem.target,
        classes=problem.classes,
        intervals=intervals,
        means=final.encoder.transform(problem).mean(axis=0),
    )
    return ScoredModel.of(model, found.comparison, problem, name, positive)
