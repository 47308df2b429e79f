"""``unbend predict MODEL DATA``: predictions for a table, as a table."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ..errors import BadInput
from ..words import say
from .output import check_writable
from .verbosity import tell

if TYPE_CHECKING:
    from ..data import ReadOptions


def predict(
    model: Annotated[Path, typer.Argument(help=say("cli.model_file"))],
    data: Annotated[str, typer.Argument(help=say("cli.data"))],
    out: Annotated[Path | None, typer.Option("--out", "-o", help=say("cli.predict_out"))] = None,
    interval: Annotated[float | None, typer.Option("--interval", help=say("cli.predict_interval"))] = None,
    proba: Annotated[bool | None, typer.Option("--proba/--no-proba", help=say("cli.predict_proba"))] = None,
    flag: Annotated[bool, typer.Option("--flag", help=say("cli.predict_flag"))] = False,
    id: Annotated[list[str] | None, typer.Option("--id", help=say("cli.predict_id"))] = None,
    append: Annotated[bool, typer.Option("--append", help=say("cli.predict_append"))] = False,
    sheet: Annotated[str | None, typer.Option(help=say("cli.sheet"))] = None,
    query: Annotated[str | None, typer.Option(help=say("cli.query"))] = None,
    text: Annotated[str | None, typer.Option("--text", help=say("fasttext.cli_column"))] = None,
    json: Annotated[bool, typer.Option("--json", help=say("cli.json"))] = False,
) -> None:
    import pyarrow as pa

    from ..data import ColumnArrays, ReadOptions
    from ..data.reader import load_table
    from ..verdict.model import Model
    from ..verdict.predicted_columns import PredictedColumns
    from .tables import check_ending
    from .text_models import is_straight_text_model, is_text_model

    if out is not None:
        check_ending(out)
        check_writable(out)
    if is_text_model(model) or is_straight_text_model(model):
        if interval is not None or flag:
            raise BadInput("fasttext.no_interval")
        rows, answers = _predict_texts(model, data, text, ReadOptions(sheet, query, raw=True), proba is not False)
        _write(pa.table(_rows(rows, id or [], append, list(answers)) | answers), out, json)
        return
    if text is not None:
        raise BadInput("fasttext.not_a_text_model", path=model)
    fitted = Model.load(model)
    loaded = load_table(data, options=ReadOptions(sheet, query, raw=append or bool(id)))
    parsed = fitted.encoder.convert(loaded)
    table = ColumnArrays(parsed.table, parsed.unreadable)
    columns = PredictedColumns(interval, proba, flag).of(fitted, table)
    rows = _rows(loaded.table, id or [], append, list(columns))
    for note in (*parsed.notes, *fitted.notes(table)):
        tell(f"· {note.text()}")
    _write(pa.table(rows | columns), out, json)


def _write(answer: Any, out: Path | None, json: bool) -> None:
    """The predictions, to a file or to stdout."""
    from .tables import as_json, as_text, write_table

    if out is not None:
        write_table(answer, out)
        tell(say("cli.predictions_at", rows=f"{answer.num_rows:,}", path=out))
    else:
        sys.stdout.write(as_json(answer) if json else as_text(answer, ","))


def _predict_texts(
    model: Path, data: str, column: str | None, options: ReadOptions, proba: bool
) -> tuple[Any, dict[str, Any]]:
    """The rows of ``data``, and the columns that a straight model of text predicts for them."""
    import pyarrow as pa

    from ..data.reader import load_table
    from .text_models import predicted_columns, read_lines, texts_of

    lines = data.lower().endswith(".txt") and column is None
    rows = pa.table({"text": read_lines(data)}) if lines else load_table(data, options=options).table
    return rows, predicted_columns(model, texts_of(rows, column), proba)


def _rows(table: Any, ids: list[str], append: bool, predicted: list[str]) -> dict[str, Any]:
    """The columns of the rows that stand in front of the predictions, as they were written."""
    from ..data.column_reading import check_column
    from ..errors import DataError

    for name in ids:
        check_column(name, table.column_names)
    names = table.column_names if append else ids
    clash = next((name for name in names if name in predicted), None)
    if clash is not None:
        raise DataError("cli.append_clash", column=clash)
    return {name: table[name] for name in names}
