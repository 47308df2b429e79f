"""``unbend predict MODEL DATA``: predictions for a table, as a table."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ..errors import BadInput
from ..words import say
from .output import check_writable
from .verbosity import tell

if TYPE_CHECKING:
    from ..scale.stream_predictions import PartWriter


def predict(
    model: Annotated[Path, typer.Argument(help=say("cli.model_file"))],
    data: Annotated[str, typer.Argument(help=say("cli.data"))],
    out: Annotated[str | None, typer.Option("--out", "-o", help=say("cli.predict_out"))] = None,
    interval: Annotated[float | None, typer.Option("--interval", help=say("cli.predict_interval"))] = None,
    proba: Annotated[bool | None, typer.Option("--proba/--no-proba", help=say("cli.predict_proba"))] = None,
    flag: Annotated[bool, typer.Option("--flag", help=say("cli.predict_flag"))] = False,
    id: Annotated[list[str] | None, typer.Option("--id", help=say("cli.predict_id"))] = None,
    append: Annotated[bool, typer.Option("--append", help=say("cli.predict_append"))] = False,
    sheet: Annotated[str | None, typer.Option(help=say("cli.sheet"))] = None,
    query: Annotated[str | None, typer.Option(help=say("cli.query"))] = None,
    text: Annotated[str | None, typer.Option("--text", help=say("fasttext.cli_column"))] = None,
    workers: Annotated[int | None, typer.Option("--workers", metavar="N", help=say("cli.workers"))] = None,
    scheduler: Annotated[str | None, typer.Option("--scheduler", metavar="ADDRESS", help=say("cli.scheduler"))] = None,
    skip_bad: Annotated[bool, typer.Option("--skip-bad", help=say("cli.skip_bad"))] = False,
    json: Annotated[bool, typer.Option("--json", help=say("cli.json"))] = False,
) -> None:
    import pyarrow as pa

    from ..data import ColumnArrays, ReadOptions
    from ..data.reader import load_table
    from ..memory import memory_limit
    from ..scale.file_listing import is_pattern
    from ..scale.memory_limit import memory_allowed
    from ..scale.remote_files import is_address, without_options
    from ..scale.size_on_disk import may_not_fit
    from ..scale.stream_predictions import PartWriter
    from ..verdict.model import Model
    from ..verdict.predicted_columns import PredictedColumns, rows_beside
    from .tables import check_ending
    from .text_models import is_straight_text_model, is_text_model
    from .text_predictions import predict_texts
    from .written_batches import write_batches

    place = None if out is None else Path(without_options(out))
    in_parts = place is not None and place.suffix == ""
    if place is not None and not in_parts:
        check_ending(place)
        check_writable(place)
    if is_text_model(model) or is_straight_text_model(model):
        if interval is not None or flag:
            raise BadInput("fasttext.no_interval")
        options = ReadOptions(sheet, query, raw=True)
        beside: dict[str, Any] = {"ids": id or [], "append": append}
        predict_texts(model, data, text, options, proba=proba is not False, **beside, out=place, json=json)
        return
    if text is not None:
        raise BadInput("fasttext.not_a_text_model", path=model)
    fitted = Model.load(model)
    wanted = PredictedColumns(interval, proba, flag)
    if out is not None and in_parts:
        writer = PartWriter(fitted, wanted, out, tuple(id or ()), append)
        _write_parts(writer, data, query, (workers, scheduler), skip_bad=skip_bad, json=json)
        return
    options = ReadOptions(sheet, query, raw=append or bool(id))
    limit = memory_allowed(memory_limit(None))
    in_shards = is_pattern(data) or is_address(data) or may_not_fit(Path(data).expanduser(), limit)
    if sheet is None and query is None and in_shards:
        _write_batches(PartWriter(fitted, wanted, Path(), tuple(id or ()), append), data, place, json=json)
        return
    loaded = load_table(data, options=options)
    parsed = fitted.encoder.convert(loaded)
    table = ColumnArrays(parsed.table, parsed.unreadable)
    columns = wanted.of(fitted, table)
    rows = rows_beside(loaded.table, id or [], append, list(columns))
    for note in (*parsed.notes, *fitted.notes(table)):
        tell(f"· {note.text()}")
    write_batches(iter([pa.table(rows | columns)]), place, json)


def _write_batches(writer: PartWriter, data: str, out: Path | None, *, json: bool) -> None:
    """The predictions of a large file, batch by batch, with the remarks on all of them at the end."""
    from ..scale.source import list_shards
    from ..scale.stream_predictions import MOST_NOTES
    from .written_batches import write_batches

    remarks: dict[str, None] = {}

    def predicted() -> Iterator[Any]:
        for shard in list_shards(data)[0]:
            for table, notes in writer.tables(shard):
                remarks.update(dict.fromkeys(notes))
                yield table

    write_batches(predicted(), out, json)
    for remark in [*remarks][:MOST_NOTES]:
        tell(f"· {remark}")


def _write_parts(
    writer: PartWriter, data: str, query: str | None, on: tuple[int | None, str | None], *, skip_bad: bool, json: bool
) -> None:
    """The predictions of a table of any size, to a folder; ``on`` so many workers or a scheduler."""
    from .. import json_text
    from ..scale.dask_map import DaskMap, cluster
    from ..scale.large_progress import LargeProgress
    from ..scale.remote_files import shown_place
    from ..scale.shard_map import on_threads
    from ..scale.stream_predictions import predict_in_parts
    from .progress import progress

    with cluster(*on) as client, progress() as watch:
        shard_map = LargeProgress(watch).passing("predict", on_threads if client is None else DaskMap(client))
        written = predict_in_parts(writer, data, query=query, shard_map=shard_map, skip_bad=skip_bad)
    for note in written.notes:
        tell(f"· {note}")
    for bad in written.skipped:
        tell(f"· {say('scale.left_out', reason=bad.reason)}")
    numbers = {"rows": written.rows, "parts": written.parts, "before": written.before}
    tell(say("cli.predictions_in_parts", **numbers, path=shown_place(str(writer.folder))))
    if json:
        skipped = [{"file": bad.name, "reason": bad.reason} for bad in written.skipped]
        print(json_text.dumps({**numbers, "skipped": skipped, "out": shown_place(str(writer.folder))}))
