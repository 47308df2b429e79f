"""``unbend export MODEL --to TARGET``: a model as a file for another program."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from ..export.targets import TARGETS
from ..words import say
from .verbosity import tell


def export(
    model: Annotated[Path, typer.Argument(help=say("export.cli_model"))],
    to: Annotated[str | None, typer.Option("--to", help=say("export.cli_to", known=", ".join(TARGETS)))] = None,
    out: Annotated[Path | None, typer.Option("--out", "-o", help=say("export.cli_out"))] = None,
) -> None:
    from ..errors import ModelError
    from ..export import export as write
    from ..export import exported
    from ..export.read import read_model

    if to not in TARGETS and (to is not None or out is None):
        raise ModelError("export.no_target", got=to or "", known=", ".join(TARGETS))
    if out is None:
        assert to is not None
        if not TARGETS[to].is_text:
            raise ModelError("export.binary", target=to)
        text = exported(read_model(model), to)
        assert isinstance(text, str)
        sys.stdout.write(text)
        return
    path = write(read_model(model), out, to)
    tell(say("export.written", path=path, size=path.stat().st_size))
