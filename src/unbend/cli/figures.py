"""``unbend figures``: the article's pictures and the activations' plates, drawn from computed data."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from .. import json_text
from ..words import say
from .verbosity import tell


def figures(
    out: Annotated[Path, typer.Option("--out", "-o", help=say("figures.cli_out"))] = Path("figures"),
    plates: Annotated[bool, typer.Option(help=say("figures.cli_plates"))] = True,
    json: Annotated[bool, typer.Option("--json", help=say("figures.cli_json"))] = False,
) -> None:
    from ..figures import make_figures
    from ..figures.fonts import hangul_family

    written = []
    for path in make_figures(out, plates=plates):
        written.append(str(path))
        if not json:
            print(path, flush=True)
    if json:
        print(json_text.dumps(written))
    if hangul_family() is None:
        tell(say("figures.no_hangul"))
    tell(say("figures.written", count=len(written), out=out))
