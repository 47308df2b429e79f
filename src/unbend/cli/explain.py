"""``unbend explain MODEL --row …``: each column's exact contribution to one output; ``--text …``: each n-gram's."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.cells import cell_len

from .. import json_text
from ..words import say
from .table_source import TableSource, training_source
from .verbosity import tell

if TYPE_CHECKING:
    from ..arrays import Array
    from ..geometry import Explanation, LocalMap
    from ..verdict.explanation import RowExplanation


def explain(
    model: Annotated[Path, typer.Argument(help=say("geometry.cli_model"))],
    table: Annotated[str | None, typer.Argument(metavar="DATA", help=say("geometry.cli_row_table"))] = None,
    row: Annotated[str | None, typer.Option("--row", help=say("geometry.cli_row"))] = None,
    text: Annotated[str | None, typer.Option("--text", help=say("fasttext.cli_text"))] = None,
    data: Annotated[str | None, typer.Option("--data", "-d", help=say("geometry.cli_row_data"))] = None,
    sheet: Annotated[str | None, typer.Option(help=say("cli.sheet"))] = None,
    query: Annotated[str | None, typer.Option(help=say("cli.query"))] = None,
    json: Annotated[bool, typer.Option("--json", help=say("geometry.cli_json"))] = False,
) -> None:
    from ..errors import BadInput
    from .text_models import is_straight_text_model, is_text_model, load_ngram_table

    data = table if data is None else data
    if is_text_model(model):
        if text is None or row is not None or data is not None:
            raise BadInput("fasttext.text_missing")
        from .text_explanation import explain_text

        explain_text(load_ngram_table(model), text, json)
        return
    if is_straight_text_model(model):
        if text is None or row is not None or data is not None:
            raise BadInput("fasttext.text_missing")
        from ..verdict.text import TextModel
        from .text_model_explanation import explain_text_model

        explain_text_model(TextModel.load(model), text, json)
        return
    if text is not None:
        _explain_text_column(model, text, json)
        return
    if row is None:
        raise BadInput("geometry.row_missing")
    from ..network.files import load_with_extra

    net, extra = load_with_extra(model / "model.safetensors" if model.is_dir() else model)
    if extra.get("kind") == "table":
        _explain_table_model(model, row, None if data is None else TableSource(data, sheet, query), json)
        return
    explanation, names = _explain_network(net, row, None if data is None else TableSource(data, sheet, query))
    outputs = [f"y{i + 1}" for i in range(net.outputs)]
    shares = _by_source(explanation, names)
    if json:
        answer = {
            "outputs": outputs,
            "output": explanation.output.tolist(),
            "base": explanation.base.tolist(),
            "shares": {name: share.tolist() for name, share in shares.items()},
            **_reach(explanation.local),
        }
        print(json_text.dumps(answer))
        return
    _print(explanation, shares, outputs, "")


def _explain_text_column(model: Path, text: str, json: bool) -> None:
    """What a straight table model with one text column says of a text, all other columns at their mean."""
    from ..errors import BadInput
    from ..model_file import load
    from ..verdict.model import Model
    from ..verdict.straight_texts import straight_texts
    from .text_model_explanation import explain_text_model

    fitted = load(model)
    found = straight_texts(fitted) if isinstance(fitted, Model) else {}
    if len(found) != 1:
        raise BadInput("fasttext.not_a_text_model", path=model)
    explain_text_model(next(iter(found.values())), text, json)


def _reach(local: LocalMap) -> dict[str, Any]:
    """How far the local map holds, for JSON."""
    return {
        "exact": local.exact,
        "distance": local.distance if local.distance != float("inf") else None,
        "bend": None if local.neuron is None else {"layer": local.neuron.layer, "neuron": local.neuron.neuron},
    }


def _explain_network(net: Any, row: str, data: TableSource | None) -> tuple[Explanation, list[str]]:
    from ..geometry import explain as explain_output
    from .geometry_arguments import parse_numbers, parse_row, table_rows

    names = [f"x{i + 1}" for i in range(net.inputs)]
    if data is not None:
        table = data.read()
        x = table_rows(table, net.inputs)
        return explain_output(net, x[_row_number(row, len(x))], table.column_names, x.mean(axis=0)), table.column_names
    values = parse_row(row, names)
    return explain_output(net, parse_numbers(",".join(values[n] for n in names), "--row"), names), names


def _explain_table_model(model: Path, row: str, data: TableSource | None, json: bool) -> None:
    """Print the contributions to one prediction of a table model, measured from the mean row."""
    import numpy as np
    import pyarrow as pa

    from ..errors import BadInput
    from ..report import row_contributions
    from ..verdict.model import Model
    from .geometry_arguments import parse_row

    fitted = Model.load(model)
    encoder = fitted.encoder
    if data is None and row.strip().isdigit() and len(encoder.columns) > 1:
        data = training_source(model)
        if data is None:
            raise BadInput("geometry.argument_row_data")
    if data is not None:
        table = data.read(encoder.types)
        number = _row_number(row, table.num_rows)
        if fitted.means is None:  # saved by version 0.1.0
            fitted = replace(fitted, means=encoder.transform(table).mean(axis=0))
        why = fitted.explain(table, number)
    else:
        cells = parse_row(row, encoder.columns)
        table = pa.table({n: [v if encoder.types[n].name == "text" else _value(v)] for n, v in cells.items()})
        if fitted.means is None:
            fitted = replace(fitted, means=np.zeros(len(encoder.names)))
        why = fitted.explain(table)
    if json:
        answer = why.to_dict()
        print(json_text.dumps({**answer, "shares": answer["contributions"], **_reach(why.local)}))
        return
    if not fitted.classes:
        print("\n".join(row_contributions.lines(why)))
        return
    note = say("geometry.explain_scores", target=fitted.target)
    if fitted.network.outputs == 1:
        note = say("geometry.explain_log_odds", label=fitted.classes[-1], other=fitted.classes[0])
    shares = dict(zip(why.columns, why.contributions, strict=True))
    _print(why, shares, list(why.outputs), note)
    for line in row_contributions.text_lines(why):
        print(line)


def _value(text: str) -> float | str:
    try:
        return float(text)
    except ValueError:
        return text


def _row_number(row: str, count: int) -> int:
    from ..errors import BadInput

    if not row.strip().isdigit() or not 1 <= int(row) <= count:
        raise BadInput("geometry.argument_row_number", got=row, count=count)
    return int(row) - 1


def _by_source(explanation: Explanation, names: list[str]) -> dict[str, Array]:
    """Contributions summed over the features that come from one column."""
    shares: dict[str, Array] = {}
    for name, share in zip(names, explanation.shares, strict=True):
        shares[name] = shares[name] + share if name in shares else share
    return shares


def _print(explanation: Explanation | RowExplanation, shares: dict[str, Array], outputs: list[str], note: str) -> None:
    """A table: a line for each column of the data, a column for each output."""
    lines = [["", *outputs]] if len(outputs) > 1 or note else []
    for name, share in sorted(shares.items(), key=lambda item: -float(abs(item[1]).max())):
        lines.append([name, *(f"{v:+.6g}" for v in share)])
    lines.append([say("geometry.explain_base"), *(f"{v:+.6g}" for v in explanation.base)])
    lines.append(["=", *(f"{v:.6g}" for v in explanation.output)])
    widths = [max(cell_len(cell) for cell in column) for column in zip(*lines, strict=True)]
    for first, *others in lines:
        cells = [first + " " * (widths[0] - cell_len(first))]
        cells += [" " * (width - cell_len(cell)) + cell for width, cell in zip(widths[1:], others, strict=True)]
        print("  ".join(cells))
    if note:
        tell(note)
    local = explanation.local
    if not local.exact:
        tell(say("geometry.explain_tangent"))
    elif local.neuron is not None:
        tell(say("geometry.explain_reach", distance=f"{local.distance:.4g}", layer=local.neuron.layer + 1,
                 neuron=local.neuron.neuron + 1))  # fmt: skip
