"""``unbend shrink MODEL``: neurons that never bend are merged or removed without changing an output."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from .. import json_text
from ..words import say
from .verbosity import tell


def shrink(
    model: Annotated[Path, typer.Argument(help=say("geometry.cli_model"))],
    box: Annotated[str | None, typer.Option(help=say("geometry.cli_box"))] = None,
    data: Annotated[str | None, typer.Option("--data", "-d", help=say("geometry.cli_shrink_data"))] = None,
    out: Annotated[Path | None, typer.Option("--out", "-o", help=say("geometry.cli_shrink_out"))] = None,
    json: Annotated[bool, typer.Option("--json", help=say("geometry.cli_json"))] = False,
) -> int:
    from ..geometry import shrink as shrink_network
    from ..network import save
    from ..network.files import load_with_extra
    from .geometry_arguments import parse_box, table_rows

    net, extra = load_with_extra(model / "model.safetensors" if model.is_dir() else model)
    rows = None
    if data is not None:
        from ..data import Encoder, read_table

        if extra.get("kind") == "table":
            encoder = Encoder.from_dict(extra["encoder"])
            rows = encoder.transform(read_table(data, types=encoder.types))
        else:
            rows = table_rows(read_table(data), net.inputs)
    shrunk = shrink_network(net, box=parse_box(box), data=rows)
    if out is not None:
        save(shrunk.network, out, extra)
        tell(say("geometry.collapsed_at", path=out))
    if json:
        answer = {
            "evidence": shrunk.evidence,
            "before": list(shrunk.before),
            "after": list(shrunk.after),
            "neurons_saved": shrunk.neurons_saved,
            "multiplications_saved": shrunk.multiplications_saved,
            "largest_difference": shrunk.largest,
            "rows": shrunk.rows,
        }
        print(json_text.dumps(answer))
    else:
        print(shrunk)
    return 0 if shrunk.neurons_saved or shrunk.multiplications_saved else 1
