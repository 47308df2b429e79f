"""`fit_large`: a fit to a table larger than memory: survey, verdict on a sample, models of all rows."""

from __future__ import annotations

import time as clock
from dataclasses import replace
from pathlib import Path
from typing import Any

from ..data import Note, Problem
from ..data.notes import join_names
from ..data.target import MAX_CLASS_NUMBERS
from ..train.checkpoint import Checkpoint
from ..verdict import Request, Result
from ..verdict.large_table import LargeTable
from ..verdict.member_rounds import TaskMap
from ..verdict.progress import Watch
from .class_shares import with_shares
from .encoded_blocks import BlockEncoder
from .growing_verdict import growing_verdict
from .held_out_rows import HeldOut
from .large_progress import LargeProgress
from .linear_of_all_rows import LEAST_DIGITS, linear_of_all_rows
from .merged_pass import SavedPasses
from .network_of_all_rows import network_of_all_rows
from .pass_budget import PassBudget, as_before
from .rare_levels import rare_level_notes, with_counted_levels
from .shard_map import ShardMap, on_threads
from .source import Source
from .survey import PER_CLASS, Survey, survey
from .survey_summary import summarize
from .texts_of_all_rows import AllTextsModel, texts_of_all_rows

MORE_ROWS = 1.5  # times those of the verdict, from which on the network is trained on all
MOST_MINIBATCHES = 12_000  # of this training, where the clock does not end it


def fit_large(
    source: Source,
    request: Request,
    *,
    test: Any = None,
    watch: Watch | None = None,
    checkpoint: str | Path | None = None,
    resume: bool = False,
    task_map: TaskMap | None = None,
    skip_bad: bool = False,
) -> Result:
    """The result of ``unbend.fit`` for a table that is read in parts, in memory that its rows do not change.

    One pass surveys the columns and draws a sample, on which the verdict is reached; then the linear model is fitted to
    all rows and, if bends pay, the network is trained on them in what is left of the budget, which holds for all of it
    (`PassBudget`) unless not ``by_clock``. Raises `DataError` for a shard that cannot be read, unless ``skip_bad``.
    ``checkpoint`` is a folder for what passes and comparisons have done. With a ``task_map`` shards and networks in
    training are tasks of a cluster, else of this process's threads.
    """
    began = clock.monotonic()
    shard_map: ShardMap = on_threads if task_map is None else task_map
    progress = LargeProgress(watch)
    passes = None if checkpoint is None else SavedPasses(Path(checkpoint), resume)
    may_be_classes = source.form.few_targets or request.task == "classification"
    per_class = PER_CLASS if may_be_classes and request.task != "regression" else 0
    budget = PassBudget.of(
        request.seconds, classes=per_class > 0, texts=bool(request.text), network=request.model != "linear"
    )
    surveying = budget.watched(shard_map) if request.by_clock else shard_map
    source, found = survey(
        source,
        seed=request.seed,
        shard_map=progress.passing("survey", surveying),
        per_class=per_class,
        skip_bad=skip_bad,
        passes=passes,
    )
    surveyed = clock.monotonic() - began
    if checkpoint is not None:
        surveyed = as_before(Checkpoint(Path(checkpoint) / "surveyed", resume), request, surveyed)
    given = request
    if _has_many_values(source, request, found):
        request = replace(request, task="regression")
        found.sample.forget_classes()
    grown = growing_verdict(
        source,
        found.sample,
        replace(request, spent=request.spent + request.by_clock * (request.seconds - budget.comparing(surveyed))),
        test=test,
        progress=progress,
        checkpoint=checkpoint,
        resume=resume,
        task_map=task_map,
    )
    rows = found.rows - found.columns[request.target].missing
    result = with_shares(replace(grown.result, request=given), found.sample.class_rows)
    linear, texts = None, None
    if not result.problem.texts:
        encoder = BlockEncoder(source.form, result.linear.model.encoder, result.problem.classes)
        linear = linear_of_all_rows(
            source,
            encoder,
            result.problem,
            rows=rows,
            seed=request.seed,
            shard_map=progress.passing("linear", shard_map),
            passes=passes,
        )
    if linear is not None:
        model = with_counted_levels(replace(result.linear.model, network=linear.network), found)
        result = replace(result, linear=replace(result.linear, model=model))
    if len(result.problem.texts) == 1 and rows > grown.rows:
        texts = texts_of_all_rows(source, result.linear.model, rows=rows, seed=request.seed)
    if texts is not None:
        model = with_counted_levels(texts.model, found)
        result = replace(result, linear=replace(result.linear, model=model))
    trained, pays = None, linear is not None and _pays(result, request, rows, grown.rows)
    in_time = not request.by_clock or budget.judges(surveyed, request.seconds - (clock.monotonic() - began))
    if linear is not None and pays and in_time:
        trained = network_of_all_rows(
            source,
            encoder,
            result.problem,
            linear=linear.network,
            network=result.network.model.network,
            rows=rows,
            seed=request.seed,
            held_out=_held_out(request, found, rows),
            shard_map=progress.passing("held_out", shard_map),
            most_minibatches=None if request.by_clock else MOST_MINIBATCHES,
            deadline=began + request.seconds if request.by_clock else None,
            watch=progress.training,
            task_map=task_map,
        )
        if trained is not None and trained.reason != "not_better":
            model = with_counted_levels(replace(result.network.model, network=trained.network), found)
            result = replace(result, network=replace(result.network, model=model))
    progress.done()
    better = trained is not None and trained.reason != "not_better"
    large = LargeTable(
        rows=rows,
        files=len({shard.key for shard in source.shards}),
        verdict_rows=grown.rows,
        linear_rows=rows if linear is not None else grown.rows if texts is None else texts.rows,
        network_rows=trained.rows if trained is not None and better else result.training.rows,
        looks=grown.looks,
        skipped=tuple((bad.name, bad.reason) for bad in source.skipped),
        digest=found.digest,
        network_stopped=trained.reason if trained is not None else "budget" if pays else "",
        columns=summarize(found, source.form),
        sample_rows=len(found.sample.uniform.hashes),
    )
    return replace(
        result,
        large=large,
        notes=(
            *_notes(large, linear is not None and linear.exact),
            *_text_notes(result.problem, texts),
            *source.notes,
            *rare_level_notes(grown.result.linear.model.encoder, found),
            *result.notes,
        ),
        seconds=clock.monotonic() - began,
        source=source.name,
    )


def _has_many_values(source: Source, request: Request, found: Survey) -> bool:
    """Whether the target's numbers are more than classes may be, which the verdict's rows need not show."""
    number = source.form.types[request.target].name == "number"
    return request.task is None and number and found.columns[request.target].distinct.count > MAX_CLASS_NUMBERS


def _held_out(request: Request, found: Survey, rows: int) -> HeldOut:
    """Rows that are held out as those of the verdict are: whole groups, the last in time, or any."""
    if request.group is not None:
        return HeldOut.of_groups(rows, request.seed, found, request.group)
    if request.time is not None:
        return HeldOut.of_times(rows, request.seed, found, request.time)
    return HeldOut.of(rows, request.seed)


def _pays(result: Result, request: Request, rows: int, verdict_rows: int) -> bool:
    """Whether a network of all rows would be used, and might be better."""
    wanted = result.verdict == "bends_pay" or request.model == "network"
    return wanted and rows > MORE_ROWS * verdict_rows


def _text_notes(problem: Problem, texts: AllTextsModel | None) -> list[Note]:
    """How well the straight model of all texts does, or why there is none of several."""
    if len(problem.texts) > 1:
        return [Note("scale.several_texts", {"columns": join_names(column.name for column in problem.texts)})]
    if texts is None:
        return []
    key = "scale.texts_right" if problem.classes else "scale.texts_rmse"
    return [Note(key, {"held_out": texts.held_out, "score": texts.score})]


def _notes(large: LargeTable, exact: bool) -> list[Note]:
    """What the answer took, as sentences."""
    looks = {"count": len(large.looks), "rows": large.verdict_rows, "all": large.rows}
    models = {"linear": large.linear_rows, "network": large.network_rows}
    notes = [Note("scale.verdict_rows", looks), Note("scale.model_rows", models)]
    if exact:
        notes.append(Note("scale.exact_sums", {"digits": f"{LEAST_DIGITS:g}"}))
    if large.network_stopped:
        notes.append(Note(f"scale.network_{large.network_stopped}", {"rows": large.network_rows}))
    return notes
