"""``unbend predict MODEL DATA``: predictions for a table, as a table."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from ..words import say
from .output import check_writable
from .verbosity import tell


def predict(
    model: Annotated[Path, typer.Argument(help=say("cli.model_file"))],
    data: Annotated[str, typer.Argument(help=say("cli.data"))],
    out: Annotated[Path | None, typer.Option("--out", "-o", help=say("cli.predict_out"))] = None,
    interval: Annotated[float | None, typer.Option("--interval", help=say("cli.predict_interval"))] = None,
    sheet: Annotated[str | None, typer.Option(help=say("cli.sheet"))] = None,
    query: Annotated[str | None, typer.Option(help=say("cli.query"))] = None,
    json: Annotated[bool, typer.Option("--json", help=say("cli.json"))] = False,
) -> None:
    import pyarrow as pa

    from ..data import ColumnArrays, read_table
    from ..verdict.model import Model
    from .tables import as_json, as_text, write_table

    if out is not None:
        check_writable(out)
    fitted = Model.load(model)
    table = ColumnArrays(read_table(data, types=fitted.encoder.types, sheet=sheet, query=query))
    output = fitted.output(table)
    columns = {say("cli.predicted_column", target=fitted.target): pa.array(fitted.prediction(output))}
    if fitted.classes:
        shares = fitted.class_probabilities(output)
        columns |= {f"P({name})": pa.array(shares[:, k]) for k, name in enumerate(fitted.classes)}
    if interval is not None:
        ends = fitted.predict_interval(table, interval)
        columns |= {"low": pa.array(ends[:, 0]), "high": pa.array(ends[:, 1])}
    for note in fitted.notes(table):
        tell(f"· {note.text()}")
    answer = pa.table(columns)
    if out is not None:
        write_table(answer, out)
        tell(say("cli.predictions_at", rows=f"{answer.num_rows:,}", path=out))
    else:
        sys.stdout.write(as_json(answer) if json else as_text(answer, ","))
