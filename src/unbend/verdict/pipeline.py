"""The stages of ``unbend.fit``: read, plan, compare, decide, test, fit the final models, locate the bends."""

from __future__ import annotations

import time as clock
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from .. import log
from ..arrays import Array
from ..data import Note
from ..data.digest import digest
from ..network import Network
from ..solve.linear_model.blas_threads import one_blas_thread
from ..train.checkpoint import Checkpoint
from .class_scores import positive_class
from .column_screening import FEW
from .compare import ENOUGH, Comparison, ExtraModel, compare, with_a_column
from .comparison_checkpoint import ComparisonCheckpoint
from .comparison_notes import choice, order_notes_of, time_notes
from .conformal import ConformalIntervals, averaging_factor, fit_intervals
from .decide import LEAST_GAIN, Decision, decide, may_stop
from .extras import Extras
from .fit_data import FitData, read_data
from .fold_models import FoldModels
from .formula_model import fit_formula_model, held_out_outputs, read_formula
from .group_hints import group_hints
from .linear_model import fit_linear
from .member_rounds import TaskMap
from .missed_bend import missed_bend
from .missed_pair import missed_pair
from .model import Model
from .network_model import NetworkModel, fit_network, network_columns
from .plan import WorkPlan, budget_needed, plan
from .progress import Progress, Watch
from .request import Request
from .result import Result
from .scored_model import ScoredModel
from .settings import Settings
from .specification_test import specification_test
from .text_pipeline import check_text_request, fit_text_table
from .tree_model import boosted_trees
from .tree_scores import TreeScores
from .where import Where, locate_bends

if TYPE_CHECKING:
    from ..solve import Formula


def fit_table(
    table: Any,
    request: Request,
    *,
    test: Any = None,
    watch: Watch | None = None,
    checkpoint: Checkpoint | None = None,
    task_map: TaskMap | None = None,
) -> Result:
    """The result of ``unbend.fit``; see there. ``task_map`` makes tasks of the networks' training."""
    began = clock.monotonic()
    phases = log.Stopwatch()
    data = read_data(table, request)
    positive = positive_class(data.problem.classes, data.problem.y, request.positive)
    extras = Extras.read(data, request, positive, test)
    phases.done("log.read", rows=data.problem.rows, columns=len(data.problem.inputs))
    for column in data.problem.inputs:
        log.info(f"log.column_{column.kind}", column=column.name, missing=column.missing, distinct=column.distinct)
    source = table if isinstance(table, str) else ""
    if data.problem.texts:
        check_text_request(request, checkpoint is not None)
        text_progress = Progress(watch, WorkPlan(folds=1, repeats=1, settings=Settings()))
        with one_blas_thread():  # the folds are fitted side by side, with many small products
            return extras.add_to(fit_text_table(data, request, text_progress, positive, began, source))
    work = plan(data.problem.rows, network_columns(data.x), len(data.problem.classes) or 1, request.seconds)
    formula = read_formula(request.formula, data.problem) if request.formula is not None else None
    extra = _extra_models(data, request, formula)
    saved = _saved_comparison(data, request, extra, checkpoint, began)
    began = began if saved is None else saved.began
    deadline = began + request.seconds if request.by_clock else None
    progress = Progress(watch, work)
    log.info("log.plan", folds=work.folds, repeats=work.repeats, steps=work.settings.steps)
    everything, before = with_a_column(data.x), clock.monotonic()
    linear, penalty = fit_linear(everything, data.problem.y, len(data.problem.classes), request.seed, deadline)
    prepared, wide = min(clock.monotonic() - began, request.seconds), _is_screened(data)
    work = work.with_linear_seconds(clock.monotonic() - before, deadline, wide=wide)
    comparison = _compare(
        data,
        request,
        work,
        x=everything,
        linear=linear,
        extra=extra,
        deadline=deadline,
        progress=progress,
        saved=saved,
        task_map=task_map,
    )
    phases.done("log.compared", folds=len(comparison.losses))
    decision = decide(comparison, data.compared.rows)
    if comparison.is_cut or comparison.out_of_time:  # it was time that was short
        decision = replace(
            decision, rows_needed=None, budget_needed=_budget_needed(data, request, comparison, prepared)
        )
    x = everything[data.rows] if wide else everything[data.rows].astype(np.float64)
    decision, unseen = _without_missed_bend(data, comparison, decision, x)
    order = () if request.group is not None else order_notes_of(data.compared, data.compared_splitter, comparison)
    if request.group is None and request.time is None:
        order = (*order, *group_hints(data.compared, x, data.encoder.sources))
    specification = specification_test(
        x,
        data.compared.y,
        len(data.compared.classes),
        data.encoder.sources,
        clusters=data.compared_splitter.clusters,
        seed=request.seed,
    )
    phases.done("log.tested")
    where = _where(data, request, comparison, decision, linear=linear, penalty=penalty, deadline=deadline)
    phases.done("log.located")
    training = comparison.training
    if training is None or data.splitter.times is not None:  # the folds' networks know nothing of the latest rows
        training = fit_network(
            everything,
            data.problem.y,
            len(data.problem.classes),
            linear,
            request.seed,
            settings=work.settings,
            deadline=deadline,
            watch=progress.final,
            groups=data.splitter.clusters,
            memory=data.memory,
            task_map=task_map,
        )
    models = FoldModels(
        problem=data.problem,
        encoder=data.encoder,
        splitter=data.splitter,
        rows=data.rows,
        folds=comparison.folds,
        seed=request.seed,
        training=comparison.training or training,
    )
    progress.done()
    phases.done("log.fitted")
    result = Result(
        request=request,
        decision=decision,
        linear=_scored(data, comparison, models, "linear", network=linear, positive=positive),
        network=_scored(data, comparison, models, "network", network=training.network, positive=positive),
        chosen=choice(request, decision, comparison),
        problem=data.problem,
        compared=data.compared,
        comparison=comparison,
        fold_models=models,
        training=training,
        where=where,
        specification_test=specification,
        formula=None if formula is None else fit_formula_model(formula, data.problem, comparison, request.seed),
        trees=TreeScores.of(comparison, data.compared) if request.trees else None,
        notes=(
            *data.notes,
            *_plan_notes(request, work),
            *_screening_notes(data),
            *time_notes(request, comparison, decision),
            *unseen,
            *order,
            *_final_notes(request, where, training, checkpoint, data.problem.rows),
        ),
        seconds=clock.monotonic() - began,
        source=source,
    )
    return extras.add_to(result)


def _without_missed_bend(
    data: FitData, comparison: Comparison, decision: Decision, x: Array
) -> tuple[Decision, list[Note]]:
    """*Straight is enough* only where no column bends by itself in the linear model's residuals. Where networks take a
    part of the columns, nor may any two of them; and there *nothing to learn* asks for the same."""  # fmt: skip
    wide = _is_screened(data)
    without_bend = ("straight_is_enough", "nothing_to_learn") if wide else ("straight_is_enough",)
    if decision.verdict not in without_bend or comparison.mean("linear") <= 1e-9 * comparison.mean("constant"):
        return decision, []
    problem = data.compared
    sources = data.encoder.sources or ("",)
    bend = missed_bend(x, problem.y, comparison.outputs["linear"], len(problem.classes), sources)
    if bend is not None and bend.share >= LEAST_GAIN:
        values = {"column": bend.column, "share": f"{bend.share:.1%}"}
        return replace(decision, verdict="cannot_tell"), [Note("verdict.missed_bend", values)]
    if not wide:
        return decision, []
    pair = missed_pair(x, problem.y, comparison.outputs["linear"], len(problem.classes), sources)
    if pair is not None and pair.share >= LEAST_GAIN:
        values = {"column": pair.columns[0], "other": pair.columns[1], "share": f"{pair.share:.1%}"}
        return replace(decision, verdict="cannot_tell"), [Note("verdict.missed_pair", values)]
    return decision, []


def _extra_models(data: FitData, request: Request, formula: Formula | None) -> list[ExtraModel]:
    """The models compared beside the three: the user's formula, boosted trees."""
    problem, seed = data.problem, request.seed
    models = []
    if formula is not None:
        models.append(ExtraModel("formula", lambda train, test: held_out_outputs(formula, problem, train, test, seed)))
    return [*models, boosted_trees(problem, seed)] if request.trees else models


def _saved_comparison(
    data: FitData, request: Request, extra: Sequence[ExtraModel], checkpoint: Checkpoint | None, began: float
) -> ComparisonCheckpoint | None:
    """The checkpoint's folds; None without a checkpoint."""
    if checkpoint is None:
        return None
    empty = Comparison.empty(len(data.rows), len(data.problem.classes), *(model.name for model in extra))
    job = {**request.job(data.problem.task), "data": digest(data.problem.table)}
    return ComparisonCheckpoint(checkpoint, job, empty, began)


def _compare(
    data: FitData,
    request: Request,
    work: WorkPlan,
    *,
    x: Array,
    linear: Network,
    extra: Sequence[ExtraModel],
    deadline: float | None,
    progress: Progress,
    saved: ComparisonCheckpoint | None,
    task_map: TaskMap | None,
) -> Comparison:
    problem = data.problem
    if deadline is not None and data.splitter.times is not None:
        deadline -= (deadline - clock.monotonic()) / 2  # for the training on all rows
    return compare(
        problem,
        data.splitter,
        seed=request.seed,
        folds=work.folds,
        max_repeats=work.repeats,
        stop=lambda comparison: may_stop(comparison, data.compared.rows),
        x=x,
        rows=data.rows,
        linear=linear,
        settings=work.settings,
        deadline=deadline,
        watch=progress.compare,
        extra=extra,
        steps_fraction=work.steps_fraction,
        resumed=None if saved is None else saved.comparison,
        after_repeat=None if saved is None else saved.save,
        memory=data.memory,
        task_map=task_map,
    )


def _budget_needed(data: FitData, request: Request, comparison: Comparison, prepared: float) -> int:
    """Seconds of budget with which the comparison might not have been cut, by what its repeats took; it began when
    ``prepared`` seconds had passed.

    Where the clock does not cut, the budget that plans enough.
    """
    fixed, rounds = 0.0, 0.0
    if request.by_clock:
        known = [seconds for seconds in comparison.training_seconds if not np.isnan(seconds)]
        fixed = float(np.median(comparison.seconds))
        rounds = float(np.median(known)) / comparison.steps_fraction if known else np.nan
    needed = budget_needed(
        data.problem.rows,
        network_columns(data.x),
        len(data.problem.classes) or 1,
        fixed=fixed,
        rounds=rounds,
        least=ENOUGH,
    )
    needed += int(np.ceil(request.reserve + (prepared if request.by_clock else 0.0)))
    # a first run also compiles kernels: what was not enough is never called enough
    return max(needed, int(np.ceil(1.2 * request.budget)))


def _where(
    data: FitData,
    request: Request,
    comparison: Comparison,
    decision: Decision,
    *,
    linear: Network,
    penalty: float,
    deadline: float | None,
) -> Where:
    """Where the table bends, if bends pay; in a tenth of the budget at most."""
    if decision.verdict != "bends_pay":
        return Where(searched=False)
    latest = None if deadline is None else min(deadline, clock.monotonic() + max(2, request.seconds / 10))
    with one_blas_thread():  # a few thousand rows: threads would mostly wait for each other
        return locate_bends(
            data.compared,
            data.encoder,
            linear,
            penalty,
            folds=data.compared_splitter.split(data.compared_splitter.fold_count(10), [request.seed, 0]),
            gain=comparison.mean("linear") - comparison.mean("network"),
            seed=request.seed,
            deadline=latest,
        )


def _scored(
    data: FitData, comparison: Comparison, models: FoldModels, name: str, *, network: Network, positive: str | None
) -> ScoredModel:
    """The final model with its held-out scores and, for numbers, its prediction intervals."""
    problem, compared = data.problem, data.compared
    intervals: ConformalIntervals | None = None
    x = data.encoder.transform(compared)
    if not problem.classes:
        predicted = comparison.outputs[name][:, 0]
        residuals = compared.y - predicted
        if name == "network" and data.splitter.times is None:
            training = models.training
            residuals = residuals * averaging_factor(
                residuals, training.disagreement, comparison.repeats, training.members
            )
        intervals = fit_intervals(residuals, x, predicted, models.seed)
    model = Model(
        network=network,
        encoder=data.encoder,
        target=problem.target,
        classes=problem.classes,
        intervals=intervals,
        means=x.mean(axis=0),
    )
    return ScoredModel.of(model, comparison, compared, name, positive)


def _plan_notes(request: Request, work: WorkPlan) -> list[Note]:
    if not work.fewer_steps:
        return []
    return [Note("verdict.steps_cut", {"budget": request.budget, "steps": work.settings.steps})]


def _is_screened(data: FitData) -> bool:
    """Whether the networks take a part of the columns."""
    return bool(network_columns(data.x) < data.x.shape[1])


def _screening_notes(data: FitData) -> list[Note]:
    values = {"few": FEW, "taken": network_columns(data.x), "all": data.x.shape[1]}
    return [Note("verdict.screened", values)] if _is_screened(data) else []


def _final_notes(
    request: Request, where: Where, training: NetworkModel, checkpoint: Checkpoint | None, rows: int
) -> list[Note]:
    notes = []
    if training.rows < rows:
        notes.append(Note("verdict.trained_on", {"rows": training.rows, "all": rows}))
    if where.cut:
        notes.append(Note("verdict.where_cut", {"budget": request.budget}))
    if training.cut:
        notes.append(Note("verdict.final_cut", {"share": f"{100 * training.completed:.2g}\N{NO-BREAK SPACE}%"}))
    if checkpoint is not None and checkpoint.failure is not None:
        notes.append(Note("train.not_kept", {"reason": str(checkpoint.failure)}))
    return notes
