"""`fit_any_size`, `fit_each`: a table that fits into the memory allowed is read whole, any other one in parts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from os import PathLike, fspath
from pathlib import Path
from typing import Any

import pyarrow as pa

from ..data import ReadOptions
from ..data.file_reader import shipped_sets, shipped_texts
from ..data.parsed_table import ParsedTable
from ..data.reader import parse_table
from ..errors import BadInput, DataError
from ..train.checkpoint import open_checkpoint
from ..verdict import Request, Result, Results, fit_table
from ..verdict.progress import Watch
from ..verdict.several_targets import checked_targets, fit_targets
from .dask_frame import dask_shards, is_dask_frame
from .dask_map import DaskMap
from .file_listing import is_pattern
from .large_fit import fit_large
from .memory_limit import fits, memory_allowed, say_what_parts_take
from .remote_files import is_address
from .size_on_disk import may_not_fit
from .source import BadShard, Source, open_source, source_of


def fit_any_size(
    table: Any,
    request: Request,
    *,
    test: Any = None,
    watch: Watch | None = None,
    checkpoint: str | Path | None = None,
    resume: bool = False,
    skip_bad: bool = False,
    client: Any = None,
) -> Result:
    """The result of ``unbend.fit`` for one target; see there."""
    limit = memory_allowed(request.memory)
    source = _large_source(table, request, limit, skip_bad, client is not None)
    if source is None:
        return fit_table(table, request, test=test, watch=watch, checkpoint=open_checkpoint(checkpoint, resume))
    if client is not None or is_dask_frame(table) or not fits(source, limit):
        if resume and checkpoint is None:
            raise BadInput("train.resume_needs_checkpoint")
        say_what_parts_take(source, request.memory)
        return fit_large(
            source,
            replace(request, memory=None),
            test=test,
            watch=watch,
            checkpoint=checkpoint,
            resume=resume,
            task_map=None if client is None else DaskMap(client),
            skip_bad=skip_bad,
        )
    whole = _whole(source, skip_bad)
    return fit_table(whole, request, test=test, watch=watch, checkpoint=open_checkpoint(checkpoint, resume))


def fit_each(
    table: Any,
    targets: Sequence[str],
    request: Request,
    *,
    test: Any = None,
    watch: Watch | None = None,
    checkpoint: str | Path | None = None,
    resume: bool = False,
    skip_bad: bool = False,
    client: Any = None,
) -> Results:
    """The results of ``unbend.fit`` for several targets; see there. A table that fits into memory is read once."""
    targets = checked_targets(targets, request.formula)
    limit = memory_allowed(request.memory)
    source = _large_source(table, replace(request, target=targets[0]), limit, skip_bad, client is not None)
    in_parts = source is not None and (client is not None or is_dask_frame(table) or not fits(source, limit))
    parsed = None if in_parts else _parsed(table, request) if source is None else _whole(source, skip_bad)

    def fit_one(own: Request, watch: Watch | None, place: Path | None) -> Result:
        if parsed is not None:
            result = fit_table(parsed, own, test=test, watch=watch, checkpoint=open_checkpoint(place, resume))
            return replace(result, source=table if isinstance(table, str) else "")
        return fit_any_size(
            table, own, test=test, watch=watch, checkpoint=place, resume=resume, skip_bad=skip_bad, client=client
        )

    return fit_targets(fit_one, targets, request, watch=watch, checkpoint=checkpoint)


def _parsed(table: Any, request: Request) -> ParsedTable:
    """A table that only the reader of whole tables can read."""
    if isinstance(table, ParsedTable):
        return table
    types = {**dict.fromkeys(request.text, "text"), **request.types}
    return parse_table(table, types=types, options=ReadOptions(sheet=request.sheet, query=request.query))


def _whole(source: Source, skip_bad: bool) -> ParsedTable:
    """All rows of a source. Raises `DataError` for a shard that cannot be read, unless ``skip_bad``."""
    blocks: list[Any] = []
    bad, good = [], []
    for shard in source.shards:
        try:
            blocks += list(source.blocks(shard))
            good.append(shard)
        except DataError as error:
            if not skip_bad:
                raise
            bad.append(BadShard(shard.name, str(error)))
    if not blocks:
        raise DataError("scale.all_bad", place=source.name, reason=bad[0].reason)
    notes = (*source.form.notes, *source.without(bad, good).notes)
    return ParsedTable(pa.concat_tables(blocks), notes, readings=source.form.readings)


def _large_source(table: Any, request: Request, limit: int, skip_bad: bool, on_cluster: bool) -> Source | None:
    """The table as a source where it may not fit into memory, or where only a source can read it."""
    types: Mapping[str, str] = request.types
    if is_dask_frame(table):
        return source_of(dask_shards(table), "Dask", request.target, types=types)
    if not isinstance(table, (str, PathLike)) or request.sheet is not None:
        if on_cluster:
            raise BadInput("scale.cluster_needs_files")
        return None
    place = fspath(table)
    path = Path(place).expanduser()
    if not (is_pattern(place) or is_address(place) or skip_bad or on_cluster):
        if place == "-" or (place in {**shipped_sets(), **shipped_texts()} and not path.is_file()):
            return None
        if not may_not_fit(path, limit, query=request.query is not None):
            return None
    return open_source(place, request.target, query=request.query, types=types, skip_bad=skip_bad)
