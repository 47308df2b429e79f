"""``unbend predict`` with a straight model of text: the texts of a table or a file's lines, in batches."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain, islice
from pathlib import Path
from typing import Any

import pyarrow as pa

from ..data import ReadOptions
from .text_models import iterate_lines, text_predictor, texts_of
from .written_batches import is_large, write_batches

BATCH = 1 << 15  # texts


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

    write_batches(answered(), out, json)


def _batches(data: str, column: str | None, options: ReadOptions) -> Iterator[Any]:
    """The rows as Arrow tables; the lines of a ``.txt`` are a column called ``text``."""
    if data.lower().endswith(".txt") and column is None:
        return _lines(data)
    if is_large(data, options):
        from ..scale.source import list_shards

        return chain.from_iterable(shard.blocks(BATCH) for shard in list_shards(data)[0])
    from ..data.reader import load_table

    whole = load_table(data, options=options).table
    return (whole.slice(at, BATCH) for at in range(0, whole.num_rows, BATCH))


def _lines(path: str) -> Iterator[Any]:
    lines = iterate_lines(path)
    while batch := list(islice(lines, BATCH)):
        yield pa.table({"text": batch})
