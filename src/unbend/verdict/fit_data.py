"""`read_data`, the first stage of a fit: the table as a problem, its rows grouped, the compared rows drawn."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from ..arrays import Array
from ..data import Encoder, Note, Problem, ReadOptions, pose_problem
from ..data.calendar_columns import with_calendar
from ..data.shared_columns import share_columns
from ..errors import DataError
from ..memory import release_unused
from .folds import Splitter
from .grouping import drop_columns, group_rows
from .leaks import leaks
from .request import Request
from .text.text_column_encoder import TextColumnEncoder
from .training_memory import TrainingMemory


@dataclass(frozen=True, eq=False)
class FitData:
    """The table as a problem, with the ``rows`` on which the models are compared.

    ``compared`` is the problem of these rows and ``compared_splitter`` splits them; ``splitter`` splits all rows of
    ``problem``, which ``encoder`` was fitted to and whose features are ``x`` (rows, features); none for texts.
    ``memory`` is what the networks' training may take.
    """

    problem: Problem
    splitter: Splitter
    encoder: Encoder
    rows: Array
    x: Array
    memory: TrainingMemory
    compared: Problem
    compared_splitter: Splitter
    notes: tuple[Note, ...]


def read_data(table: Any, request: Request) -> FitData:
    """The table as a problem; of many rows the models are compared on a random part."""
    options = ReadOptions(sheet=request.sheet, query=request.query)
    texts = {**dict.fromkeys(request.text, True), **dict.fromkeys(request.no_text, False)}
    problem = pose_problem(
        table, request.target, request.task, types=request.types, keep=request.keep, texts=texts, options=options
    )
    if request.other_targets:
        problem = drop_columns(problem, request.other_targets, "verdict.left_out_target")
    grouping = group_rows(problem, request.group, request.time, request.drop)
    problem = with_calendar(grouping.problem)
    grouping = replace(grouping, problem=problem)
    splitter, rows = Splitter.of(problem, grouping.groups, grouping.times), np.arange(problem.rows)
    _check_size(problem)
    notes = [*problem.notes, *grouping.notes, *leaks(problem)]
    if problem.rows > request.compared_rows:
        rows = np.sort(np.random.default_rng([request.seed, 4]).permutation(problem.rows)[: request.compared_rows])
        grouping = grouping.take(rows)
        notes.append(Note("verdict.compared_on", {"rows": request.compared_rows, "all": problem.rows}))
    encoder = Encoder.fit(problem).with_texts([TextColumnEncoder(c.name, (), ()) for c in problem.texts])
    x = np.empty((problem.rows, 0))
    memory = TrainingMemory()
    if not problem.texts:
        memory = TrainingMemory.of(problem.rows, max(1, len(encoder.names)), request.memory)
        x = encoder.transform(problem, compact=True)
        problem = share_columns(problem, encoder, x)
    if len(rows) < problem.rows:
        release_unused()
    return FitData(
        problem=problem,
        splitter=splitter,
        encoder=encoder,
        rows=rows,
        x=x,
        memory=memory,
        compared=grouping.problem,
        compared_splitter=Splitter.of(grouping.problem, grouping.groups, grouping.times),
        notes=tuple(notes),
    )


def _check_size(problem: Problem) -> None:
    """Errors are squared: far outside the range that floats can square, every verdict would be about rounding."""
    size = float(np.abs(problem.y).max())
    if not problem.classes and not 1e-100 < size < 1e100:
        raise DataError("verdict.target_size", target=problem.target, size=size)
    for column in problem.inputs:
        if column.kind == "number":
            largest = float(np.nanmax(np.abs(problem.arrays.numbers(column.name))))
            if largest > 1e145:
                raise DataError("verdict.column_size", column=column.name, size=largest)
