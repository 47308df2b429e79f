"""``unbend collapse MODEL``: affine runs of layers merged into one layer each."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from .. import json_text
from ..words import say
from .verbosity import tell


def collapse(
    model: Annotated[Path, typer.Argument(help=say("geometry.cli_model"))],
    out: Annotated[Path | None, typer.Option("--out", "-o", help=say("geometry.cli_collapse_out"))] = None,
    json: Annotated[bool, typer.Option("--json", help=say("geometry.cli_json"))] = False,
) -> int:
    from ..geometry import collapse as collapse_network
    from ..network import save
    from ..network.files import load_with_extra

    net, extra = load_with_extra(model / "model.safetensors" if model.is_dir() else model)
    collapsed = collapse_network(net)
    if out is not None:
        save(collapsed, out, extra)
        tell(say("geometry.collapsed_at", path=out))
    if json:
        layers = [
            {"activation": layer.activation.name, "W": layer.W.tolist(), "b": layer.b.tolist()}
            for layer in collapsed.layers
        ]
        answer = {"before": repr(net), "after": repr(collapsed), "affine": not collapsed.bends, "layers": layers}
        print(json_text.dumps(answer))
    else:
        print(f"{net!r} → {collapsed!r}")
        merged = len(net.layers) - len(collapsed.layers)
        key = "collapsed_whole" if not collapsed.bends else "collapsed_some" if merged else "collapsed_none"
        tell(say(f"geometry.{key}", merged=merged, bends=len(collapsed.bends)))
    return 0 if len(collapsed.layers) < len(net.layers) or not collapsed.bends else 1
