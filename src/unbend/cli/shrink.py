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
    text: Annotated[str | None, typer.Option("--text", help=say("fasttext.cli_column"))] = None,
    json: Annotated[bool, typer.Option("--json", help=say("geometry.cli_json"))] = False,
) -> int:
    from .text_models import is_straight_text_model, is_text_model

    if is_straight_text_model(model):
        from ..errors import BadInput

        raise BadInput("text.is_straight", path=model)
    if is_text_model(model):
        return _shrink_text(model, box, data, text, out, json)
    if text is not None:
        from ..errors import BadInput

        raise BadInput("fasttext.not_a_text_model", path=model)
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


def _shrink_text(model: Path, box: str | None, data: str | None, text: str | None, out: Path | None, json: bool) -> int:
    """A table of n-grams without what does not occur in ``data``, in 8 bits."""
    from ..errors import BadInput
    from ..text.fasttext import shrink_table
    from .text_models import load_ngram_table, read_texts

    if box is not None:
        raise BadInput("fasttext.no_box")
    shrunk = shrink_table(load_ngram_table(model), None if data is None else read_texts(data, text))
    if out is not None:
        shrunk.table.save(out)
        tell(say("geometry.collapsed_at", path=out))
    if json:
        names = ("rows_before", "rows_after", "bytes_before", "bytes_after", "bound", "texts", "largest", "same")
        print(json_text.dumps({name: getattr(shrunk, name) for name in names}))
    else:
        print(shrunk)
    return 0 if shrunk.bytes_after < shrunk.bytes_before else 1
