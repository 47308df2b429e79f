"""``unbend collapse MODEL``: affine runs of layers merged into one layer each; a fastText model into one table."""

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
    data: Annotated[str | None, typer.Option("--data", "-d", help=say("fasttext.cli_collapse_data"))] = None,
    text: Annotated[str | None, typer.Option("--text", help=say("fasttext.cli_column"))] = None,
    json: Annotated[bool, typer.Option("--json", help=say("geometry.cli_json"))] = False,
) -> int:
    from .text_models import is_straight_text_model, is_text_model

    if is_straight_text_model(model):
        from ..errors import BadInput

        raise BadInput("text.is_straight", path=model)
    if is_text_model(model):
        return _collapse_text(model, out, data, text, json)
    if data is not None or text is not None:
        from ..errors import BadInput

        raise BadInput("fasttext.not_a_text_model", path=model)
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


def _collapse_text(model: Path, out: Path | None, data: str | None, text: str | None, json: bool) -> int:
    """A fastText model becomes one weight per n-gram and class."""
    from ..errors import BadInput
    from ..model_file import load
    from ..text.fasttext import FastTextModel, collapse_fasttext
    from ..text.vectors import WordVectors
    from .text_models import read_texts

    read = load(model)
    if isinstance(read, WordVectors):
        raise BadInput("fasttext.unsupervised", path=model)
    if not isinstance(read, FastTextModel):
        raise BadInput("fasttext.is_a_table", path=model)
    table = collapse_fasttext(read, None if data is None else read_texts(data, text))
    if out is not None:
        table.save(out)
        tell(say("geometry.collapsed_at", path=out))
    if json:
        vocabulary = table.vocabulary
        answer = {
            "before": repr(read),
            "after": repr(table),
            "classes": table.classes,
            "linear": table.is_linear,
            "link": table.link,
            "words": len(vocabulary.words),
            "ngrams": vocabulary.row_count,
        }
        print(json_text.dumps(answer))
        return 0
    print(f"{read!r} → {table!r}")
    tell(say("fasttext.collapsed" if table.is_linear else "fasttext.collapsed_tree"))
    return 0
