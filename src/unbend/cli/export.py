"""``unbend export MODEL --to TARGET``: a model as a file for another program."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from ..export.targets import TARGETS
from ..words import say
from .table_source import TableSource, training_source
from .verbosity import tell


def export(
    model: Annotated[Path, typer.Argument(help=say("export.cli_model"))],
    to: Annotated[str | None, typer.Option("--to", help=say("export.cli_to", known=", ".join(TARGETS)))] = None,
    out: Annotated[Path | None, typer.Option("--out", "-o", help=say("export.cli_out"))] = None,
    small: Annotated[bool, typer.Option("--small", help=say("export.cli_small"))] = False,
    data: Annotated[str | None, typer.Option("--data", "-d", help=say("export.cli_data"))] = None,
    sheet: Annotated[str | None, typer.Option(help=say("cli.sheet"))] = None,
    query: Annotated[str | None, typer.Option(help=say("cli.query"))] = None,
    table: Annotated[str | None, typer.Option(help=say("export.cli_table"))] = None,
) -> None:
    from ..errors import BadInput, ModelError
    from ..export import distill, exported
    from ..export import export as write
    from ..export.read import read_model

    if to not in TARGETS and (to is not None or out is None):
        raise ModelError("export.no_target", got=to or "", known=", ".join(TARGETS))
    if data is not None and not small and (out is None or out.suffix.lower() != ".xlsx"):
        raise BadInput("export.data_without_small")
    if out is None:
        assert to is not None
        if not TARGETS[to].is_text:
            raise ModelError("export.binary", target=to)
    source: Any = read_model(model)
    chosen = TableSource(data, sheet, query) if data is not None else training_source(model) if small else None
    rows = None if chosen is None else chosen.load()
    if small:
        source = distill(source, rows)
        tell(str(source))
    if out is None:
        assert to is not None
        text = exported(source, to, table=table)
        assert isinstance(text, str)
        sys.stdout.write(text)
        return
    path = write(source, out, to, data=rows, table=table)
    tell(say("export.written", path=path, size=path.stat().st_size))
