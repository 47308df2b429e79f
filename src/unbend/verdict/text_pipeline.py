"""The stages of ``unbend.fit`` for a table with text columns: plan, compare, decide, fit the final models."""

from __future__ import annotations

import time as clock
from dataclasses import replace

import numpy as np

from .. import log
from ..data import Note
from ..errors import BadInput
from .compared_texts import ComparedTexts, characters_of
from .comparison_notes import choice, order_notes_of, time_notes
from .conformal import fit_intervals
from .decide import decide, is_clear
from .fit_data import FitData
from .fold_models import FoldModels
from .model import Model
from .plan import MAX_REPEATS
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
from .text.text_plan import ngrams_per_row, plan_texts
from .text.text_target import TextTarget
from .text_checks import (
    LEAST_TEXTS,
    pairs_of_columns,
    without_enough_texts,
    without_missed_bend,
    without_missed_pairs,
    without_straight_gain,
    without_student,
    without_whole_texts,
)
from .text_time import TextTime, final_notes, final_rows, readable
from .where import Where


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
    data, unread, many_unread = readable(data, request.seconds)
    classes, problem = len(data.problem.classes), data.problem
    outputs, characters = 1 if classes in (0, 2) else classes, characters_of(problem)
    times = TextTime.of(request, began, problem.rows, characters, outputs)
    work = plan_texts(problem.rows, ngrams_per_row(problem), outputs, times.comparing)
    compared = ComparedTexts.of(data, work, request.seed)
    settings = BendSettings.for_rows(compared.problem.rows)
    log.info("log.plan", folds=work.folds, repeats=MAX_REPEATS, steps=settings.rounds * settings.passes)
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
    count = compared.splitter.fold_count(work.folds)
    repeats = 1 if compared.splitter.one_repeat(count) else MAX_REPEATS
    found = compare_texts(
        table,
        [compared.splitter.split(count, [request.seed, repeat]) for repeat in range(repeats)],
        settings,
        stop=lambda comparison: is_clear(comparison, compared.problem.rows),
        deadline=times.compared,
        watch=progress.compare,
    )
    comparison = found.comparison
    phases.done("log.compared", folds=len(comparison.losses))
    decision = decide(comparison, compared.problem.rows)
    student = student_losses(table, found, times.located) if decision.verdict == "bends_pay" else None
    decision, unchecked = without_student(decision, student)
    answers = TextAnswers.of(
        tuple(column.name for column in problem.texts),
        constant=comparison.of("constant"),
        bag=found.bag,
        order=comparison.of("linear"),
        network=comparison.of("network"),
        student=None if unchecked else student,
        ratio=comparison.ratio,
        cut=comparison.is_cut or compared.texts < LEAST_TEXTS or many_unread,
    )
    decision, unseen = without_straight_gain(decision, answers)
    decision, few = without_enough_texts(decision, comparison, compared.texts)
    decision = without_whole_texts(decision, many_unread)
    decision, missed = without_missed_bend(decision, compared.problem, table, found)
    if comparison.is_cut or comparison.out_of_time or unchecked or many_unread or (few and compared.fewer):
        needed = max(
            times.budget_for(work.needed),
            (2 if many_unread else 1.2) * request.budget,
            request.budget / max(comparison.trained, 0.1) / 2,
        )
        decision = replace(
            decision, cut=decision.verdict == "cannot_tell", rows_needed=None, budget_needed=int(np.ceil(needed))
        )
    phases.done("log.tested")
    pairs = pairs_of_columns(compared.problem, found, request.seed, times.pairs(request.seconds))
    if decision.verdict == "bends_pay":
        answers = replace(answers, pairs=pairs)
    else:
        decision, missed_pairs = without_missed_pairs(decision, pairs)
        missed = [*missed, *missed_pairs]
    phases.done("log.located")
    fitted = final_rows(problem.rows, compared.rows, times.final_rows, request.seed)
    final = fit_final_models(data, compared.rows, fitted, table, found, request.seed, times.end)
    training = network_model(table, found, final.network)
    models = FoldModels(
        problem=compared.problem,
        encoder=final.encoder,
        splitter=compared.splitter,
        rows=np.arange(compared.problem.rows),
        folds=count,
        seed=request.seed,
        training=training,
        x=fold_features(table, found),
    )
    progress.done()
    phases.done("log.fitted")
    fewer = compared.problem.rows < problem.rows
    key = "verdict.compared_on" if len(fitted) == problem.rows else "verdict.text_compared_on"
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
            *([Note(key, {"rows": compared.problem.rows, "all": problem.rows})] if fewer else []),
            *time_notes(request, comparison, decision),
            *unread,
            *final_notes(len(fitted), problem.rows, times.needed, final.completed),
            *few,
            *unseen,
            *missed,
            *order,
        ),
        seconds=clock.monotonic() - began,
        source=source,
    )


def _scored(
    found: TextComparison,
    compared: ComparedTexts,
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
