"""`growing_verdict`: the verdict on some thousand rows of a sample, on twice as many while it is not clear."""

from __future__ import annotations

import time as clock
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

from .. import log
from ..arrays import Array
from ..data import Note
from ..data.parsed_table import ParsedTable
from ..errors import ModelError
from ..train.checkpoint import Checkpoint
from ..verdict import Request, Result, decide, fit_table
from ..verdict.member_rounds import TaskMap
from ..words import say
from .large_progress import LargeProgress
from .row_sample import RowSample
from .source import Source

FIRST_ROWS = 4096
CLEAR_LEVEL = 0.995  # of all looks but the last: with six of these, bends are still claimed in vain in less than 5 %
STRAIGHT_ROWS = 32_768  # below, a network that finds no bend may only lack the rows to learn it
LEAST_IN_CLASS = 50  # rows of a class, if there are as many


@dataclass(frozen=True)
class GrownVerdict:
    """The ``result`` on so many ``rows``, and the ``looks``: (rows, verdict) of every one of these."""

    result: Result
    rows: int
    looks: tuple[tuple[int, str], ...]


def growing_verdict(
    source: Source,
    sample: RowSample,
    request: Request,
    *,
    test: Any = None,
    progress: LargeProgress,
    checkpoint: str | Path | None = None,
    resume: bool = False,
    task_map: TaskMap | None = None,
) -> GrownVerdict:
    """The verdict of `fit_table` on as many rows of the sample as make it clear.

    It begins with ``FIRST_ROWS`` and doubles them until the verdict is clear also at ``CLEAR_LEVEL``, the sample ends,
    or twice as many rows would not fit into what is left of the budget. That there is no bend, or nothing to learn, is
    taken for clear from ``STRAIGHT_ROWS`` on only. All looks before the last are tested at the stricter level, for
    whoever looks often finds something; when to stop looking is decided by the clock, not by the answer. Each look has
    a checkpoint of its own, in a folder of ``checkpoint``. ``task_map`` makes tasks of the networks' training.
    """
    start = clock.monotonic()
    ended = None if checkpoint is None else EndedLooks(Checkpoint(Path(checkpoint) / "looks", resume), request)
    looks: list[tuple[int, str]] = [] if ended is None else ended.before
    rows = FIRST_ROWS if ended is None or not ended.rows else ended.rows
    while True:
        began = clock.monotonic()
        drawn = sample.take(rows, least=LEAST_IN_CLASS if sample.classes else 0)
        locate = partial(_place, source.file_names, drawn.places)
        notes = (*source.form.notes, *_class_notes(drawn.extra, drawn.uniform))
        table = ParsedTable(drawn.table, notes, locate, readings=source.form.readings)
        own = replace(request, spent=request.spent + request.by_clock * (began - start), compared_rows=rows)
        saved = None if checkpoint is None else Checkpoint(Path(checkpoint) / f"rows-{rows}", resume)
        result = fit_table(table, own, test=test, watch=progress.comparing(), checkpoint=saved, task_map=task_map)
        looks.append((drawn.table.num_rows, result.verdict))
        log.info("log.looked", rows=drawn.table.num_rows, verdict=result.verdict)
        spent, took = clock.monotonic() - start, clock.monotonic() - began
        last = drawn.uniform < rows or rows >= sample.size or spent + 2 * took > request.seconds
        last = last or (ended is not None and ended.rows > 0)
        if last or result.comparison.is_cut or _clear(result, rows):
            if ended is not None:
                ended.save(rows, looks[:-1])
            return GrownVerdict(replace(result, request=request), drawn.table.num_rows, tuple(looks))
        rows *= 2


class EndedLooks:
    """How many ``rows`` the last look of an interrupted run took, 0 where it had not come to it, and those before."""

    def __init__(self, checkpoint: Checkpoint, request: Request) -> None:
        self.checkpoint, self.rows = checkpoint, 0
        self.before: list[tuple[int, str]] = []
        found = checkpoint.load(request.job(""), {})
        if found is not None:
            try:
                self.rows = int(found[1]["rows"])
                self.before = [(int(rows), str(verdict)) for rows, verdict in found[1]["before"]]
            except (KeyError, TypeError, ValueError) as error:
                path = checkpoint.path
                raise ModelError("train.damaged_checkpoint", path=path, reason=str(error)[:60]) from error

    def save(self, rows: int, before: list[tuple[int, str]]) -> None:
        """The last look took so many rows; ``before`` are the looks before it."""
        self.checkpoint.write({}, {"rows": rows, "before": before})


def _clear(result: Result, rows: int) -> bool:
    """Whether more rows would hardly change the verdict."""
    strict = decide(result.comparison, result.compared.rows, CLEAR_LEVEL).verdict
    clear = result.verdict == strict != "cannot_tell"
    return clear and (result.verdict == "bends_pay" or rows >= STRAIGHT_ROWS)


def _class_notes(extra: int, uniform: int) -> tuple[Note, ...]:
    return (Note("scale.rare_classes", {"extra": extra, "rows": uniform, "least": LEAST_IN_CLASS}),) if extra else ()


def _place(names: dict[int, str], places: Array, row: int) -> str:
    """The file and row of a row of the sample, in words."""
    file, number = places[row]
    return say("data.in_file", file=names[int(file)], place=say("data.row", number=int(number) + 1))
