"""`survey`: one pass over a large table: counts of its columns, a sample of its rows, a digest of its contents."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial

import numpy as np

from .. import log
from ..arrays import Array
from ..errors import DataError
from .column_survey import ColumnSurvey
from .hashing import hash_rows, hash_text, mix
from .merged_pass import SavedPasses, merged
from .row_sample import EVERY, RowSample
from .shard import Shard
from .shard_map import ShardMap
from .source import BadShard, Source, converted_blocks
from .table_form import TableForm

SAMPLE_ROWS = 262_144
TEXT_BYTES, LEAST_TEXTS = 1 << 23, 4096  # of sentences in a sample: a fit takes some fifty times as much memory
PER_CLASS = 200
_SPARE = 1.1  # times the expected number of rows of a sample: hashes above are not looked at


@dataclass
class Survey:
    """What one pass over the rows found; `merge` joins those of two parts in any order.

    ``rows``: all rows; ``columns``: {name: `ColumnSurvey`}; ``sample``: the `RowSample`.
    """

    columns: dict[str, ColumnSurvey]
    sample: RowSample
    rows: int = 0
    _sums: Array = field(default_factory=lambda: np.zeros(2, np.uint64))

    @classmethod
    def empty(cls, form: TableForm, sample: RowSample) -> Survey:
        """Before the first row."""
        return cls({name: ColumnSurvey() for name in form.types}, sample)

    def merge(self, other: Survey) -> None:
        """Join what was found in another part of the table."""
        for name, column in other.columns.items():
            self.columns[name].merge(column)
        self.sample.merge(other.sample)
        self.rows += other.rows
        self._sums = self._sums + other._sums

    def add_hashes(self, hashes: Array) -> None:
        """Take the hashes (n,) of whole rows, cells and place, into the digest."""
        self._sums = self._sums + np.array([hashes.sum(), mix(hashes).sum()], np.uint64)

    @property
    def digest(self) -> str:
        """32 hex digits of the contents: every cell, with its file and row."""
        return f"{self._sums[0]:016x}{self._sums[1]:016x}"


@dataclass
class _FoundSoFar:
    """The ``survey`` of the shards in turn, and the reasons why some, by their numbers, cannot be read."""

    survey: Survey
    skip_bad: bool
    done: int = 0
    bad: dict[int, str] = field(default_factory=dict)

    def merge(self, other: Survey | DataError, /) -> None:
        """Take in the next shard. Raises the error unless such shards are skipped."""
        if isinstance(other, Survey):
            self.survey.merge(other)
        elif self.skip_bad:
            self.bad[self.done] = str(other)
        else:
            raise other
        self.done += 1


def survey(
    source: Source,
    *,
    seed: int,
    shard_map: ShardMap,
    per_class: int = 0,
    skip_bad: bool = False,
    passes: SavedPasses | None = None,
) -> tuple[Source, Survey]:
    """Read all rows once; returns the source without the shards that cannot be read, and what was found.

    ``passes`` is where it is saved. Raises `DataError`, which names file and row, for a shard that cannot be read,
    unless ``skip_bad``.
    """
    limit = _limit(source)
    task = partial(survey_shard, form=source.form, seed=seed, per_class=per_class, limit=limit)
    job = [source.form.target, repr(source.form.types), repr(source.form.left_out), seed, per_class, skip_bad]
    saved = None if passes is None else passes.open("survey", source.shards, job)
    empty = _FoundSoFar(Survey.empty(source.form, _sample(source.form, per_class, limit)), skip_bad)
    found = merged(empty, task, source.shards, shard_map=shard_map, saved=saved)
    total, good = found.survey, [shard for k, shard in enumerate(source.shards) if k not in found.bad]
    bad = [BadShard(source.shards[k].name, reason) for k, reason in found.bad.items()]
    if not total.rows:
        raise (
            DataError("scale.all_bad", place=source.name, reason=bad[0].reason)
            if bad
            else DataError("data.no_rows", source=source.name)
        )
    log.info("log.surveyed", rows=total.rows, shards=len(good))
    return source.without(bad, good), total


def survey_shard(shard: Shard, *, form: TableForm, seed: int, per_class: int, limit: int) -> Survey | DataError:
    """The survey of one shard, or the error that says why it cannot be read."""
    found = Survey.empty(form, _sample(form, per_class, limit))
    file = hash_text(shard.key)
    weights = {name: mix(hash_text(name).reshape(1))[0] | np.uint64(1) for name in form.types}
    first = shard.first_row
    try:
        for table in converted_blocks(shard, form):
            cells = np.zeros(table.num_rows, np.uint64)
            for name, column in found.columns.items():
                cells += column.add(table[name]) * weights[name]
            places = hash_rows(shard.key, first, table.num_rows, seed)
            found.add_hashes(mix(cells ^ hash_rows(shard.key, first, table.num_rows, 0)))
            found.sample.add(table, places, file, first)
            found.rows += table.num_rows
            first += table.num_rows
    except DataError as error:
        return error
    found.sample.uniform.settle()
    return found


def _sample(form: TableForm, per_class: int, limit: int) -> RowSample:
    return RowSample(form.target, sample_rows(form), per_class=per_class, limit=limit)


def sample_rows(form: TableForm) -> int:
    """How many rows are drawn at most: fewer where they are long texts."""
    if not form.text_bytes:
        return SAMPLE_ROWS
    return min(SAMPLE_ROWS, max(LEAST_TEXTS, int(TEXT_BYTES / form.text_bytes)))


def _limit(source: Source) -> int:
    """The greatest hash of a row that may be drawn: where the number of rows is known, little more than are needed.

    A hash is uniform: of ``rows`` hashes about ``_SPARE`` times the sample lie below, and hardly ever (ten standard
    deviations) fewer than the sample has.
    """
    size = sample_rows(source.form)
    known = [shard.rows for shard in source.shards if shard.rows is not None]
    rows = sum(known)
    if len(known) < len(source.shards) or rows <= _SPARE * size:
        return EVERY
    return int(EVERY * (_SPARE * size / rows))
