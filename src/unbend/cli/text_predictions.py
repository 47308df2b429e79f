"""``unbend predict`` with a straight model of text: the texts of a table or a file's lines, in batches."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from itertools import chain, islice
from pathlib import Path
from typing import Any

import pyarrow as pa

from ..data import ReadOptions
from ..file_access import write_file
from ..words import say
from .tables import as_json, as_text, write_table
from .text_models import iterate_lines, text_predictor, texts_of
from .verbosity import tell

WHOLE = 1 << 26  # bytes: a table's file up to here is read whole, with all that is recognised in small ones
BATCH = 1 << 15  # texts
_STREAMED = {".csv": ",", ".txt": ",", ".tsv": "\t"}  # endings of files that are written batch by batch


def predict_texts(
    model: Path,
    data: str,
    column: str | None,
    options: ReadOptions,
    *,
    proba: bool,
    ids: Sequence[str],
    append: bool,
    out: Path | None,
    json: bool,
) -> None:
    """Write the predictions; of CSV, no more than a batch is in memory. Raises ``BadInput`` and ``DataError``."""
    from ..verdict.predicted_columns import rows_beside

    predict = text_predictor(model, proba)

    def answered() -> Iterator[Any]:
        for rows in _batches(data, column, options):
            answers = predict(texts_of(rows, column))
            yield pa.table(rows_beside(rows, list(ids), append, list(answers)) | answers)

    if out is None:
        for text in [as_json(pa.concat_tables(answered()))] if json else _as_lines(answered(), ","):
            sys.stdout.write(text)
        return
    delimiter = _STREAMED.get(out.suffix.lower())
    if delimiter is None:
        table = pa.concat_tables(answered())
        write_table(table, out)
        rows = table.num_rows
    else:
        rows = _write_lines(answered(), out, delimiter)
    tell(say("cli.predictions_at", rows=f"{rows:,}", path=out))


def _batches(data: str, column: str | None, options: ReadOptions) -> Iterator[Any]:
    """The rows as Arrow tables; the lines of a ``.txt`` are a column called ``text``."""
    if data.lower().endswith(".txt") and column is None:
        return _lines(data)
    path, chosen = Path(data).expanduser(), options.sheet is not None or options.query is not None
    if not chosen and path.is_file() and path.stat().st_size > WHOLE:
        from ..scale.source import list_shards

        return chain.from_iterable(shard.blocks(BATCH) for shard in list_shards(data)[0])
    from ..data.reader import load_table

    whole = load_table(data, options=options).table
    return (whole.slice(at, BATCH) for at in range(0, whole.num_rows, BATCH))


def _lines(path: str) -> Iterator[Any]:
    lines = iterate_lines(path)
    while batch := list(islice(lines, BATCH)):
        yield pa.table({"text": batch})


def _as_lines(tables: Iterator[Any], delimiter: str) -> Iterator[str]:
    """The rows of all tables as text, the header once."""
    for k, table in enumerate(tables):
        yield as_text(table, delimiter, header=k == 0)


def _write_lines(tables: Iterator[Any], out: Path, delimiter: str) -> int:
    """Write the rows beside their place, then rename; returns how many there are."""
    rows = 0

    def counted() -> Iterator[Any]:
        nonlocal rows
        for table in tables:
            rows += table.num_rows
            yield table

    write_file(out, _as_lines(counted(), delimiter))
    return rows
