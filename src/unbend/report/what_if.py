"""What if: a slider for each number and a choice for each category; the selected model predicts in the page itself."""

from __future__ import annotations

import base64
from importlib.resources import files
from typing import Any

import numpy as np

from .. import json_text
from ..arrays import Array
from ..data.column_encoder import ColumnEncoder
from ..export.activation_trees import activation_names, activation_sources
from ..export.blocks import Block, BlockLayer, block_layers
from ..formula.printing.javascript import JAVASCRIPT
from ..network import Network
from ..verdict.effects import most_influential
from ..verdict.result import Result
from ..words import say
from .html import paragraph, section

MAX_BYTES = 1_500_000  # of the model in the page
EXACT_BYTES = 300_000  # up to which weights are not rounded to 16 bits
MAX_CONTROLS = 20  # columns with a slider or choice; the others stay at their median or most frequent label
MAX_ERROR = 0.002  # that rounding the weights may cost, relative to the outputs' standard deviation
SAMPLE = 300  # rows that it is measured on
STEPS = 200  # of a slider


def what_if(result: Result) -> str:
    """The section; a sentence where the model is too large for the page, "" where no column has a control."""
    title = say("report.what_if_title")
    network = result.model.network
    packed = pack(network, result.model.encoder.transform(result.compared)[:SAMPLE])
    if packed is None:
        return section(title, paragraph(say("report.what_if_too_large", size=f"{MAX_BYTES // 1000}")))
    names = activation_names(network)
    functions = "\n".join(activation_sources(JAVASCRIPT, names, "{source}"))
    table = ", ".join(f"{name}: {name}" for name in names.values())
    columns, left_over = _columns(result)
    if not any(column["shown"] for column in columns):  # nothing to move
        return ""
    model = {
        "layers": [{**layer, "h": names.get(record)} for layer, record in packed],
        "columns": columns,
        "target": result.problem.target,
        "classes": list(result.model.classes),
    }
    data = json_text.dumps(model).replace("<", "\\u003c")
    script = files(__package__).joinpath("what_if.js").read_text(encoding="utf-8")
    code = script.replace("/*functions*/", functions).replace("/*table*/", table)
    parts = [
        '<div id="what-if" class="controls"></div><p id="what-if-answer" class="answer" aria-live="polite"></p>',
        f"<noscript>{paragraph(say('report.needs_javascript'))}</noscript>",
        paragraph(say("report.what_if_note"), "note"),
    ]
    if left_over:
        parts.append(paragraph(say("report.what_if_others", count=left_over), "note"))
    parts.append(f'<script type="application/json" id="unbend-model">{data}</script>\n<script>{code}</script>')
    return section(title, *parts)


def _columns(result: Result) -> tuple[list[dict[str, Any]], int]:
    """How each column becomes features, and its control; how many columns have none."""
    encoder, problem = result.model.encoder, result.problem
    strongest = {c.name for c in most_influential(problem, encoder, [result.model.network], MAX_CONTROLS)}
    columns = []
    for column in encoder.column_encoders:
        labels = column.kind in ("category", "boolean")
        spec = _labels(column, problem) if labels else _number(column)
        columns.append({"name": column.name, "kind": column.kind, "shown": column.name in strongest, **spec})
    places = {column["name"]: i for i, column in enumerate(columns)}
    for column, spec in zip(encoder.column_encoders, columns, strict=True):
        if (calendar := column.calendar) is not None:  # follows the dates: no control of its own
            dates = places[calendar.source]
            columns[dates]["shown"] |= spec["shown"]
            texts = [text for text, _ in spec["choices"]]
            spec["choices"] += [] if column.other else [["", [0.0] * len(column.names)]]
            other = len(column.levels)
            spec["of"] = [texts.index(label) if label in column.levels else other for label in calendar.labels]
            spec |= {"shown": False, "dates": dates, "part": calendar.part}
    if encoder.texts:
        features = np.asarray(result.model.means)[len(encoder.names) - sum(len(text.names) for text in encoder.texts) :]
        columns.append({"name": "", "kind": "text", "shown": False, "choices": [["", features.tolist()]], "value": 0})
    return columns, sum(1 for c in columns if not c["shown"] and "dates" not in c)


def _number(column: ColumnEncoder) -> dict[str, Any]:
    value = column.fill_value
    low, high = (column.range[1], column.range[2]) if column.range else (value - 1, value + 1)
    features = [["value"]] * column.plain + [["zero"]] * column.indicator
    whole = column.kind == "date" or (high - low > 20 and float(low).is_integer() and float(high).is_integer())
    step = 1.0 if whole else (high - low) / STEPS or 1.0
    return {"low": low, "high": high, "step": step, "value": value, "features": features}


def _labels(column: ColumnEncoder, problem: Any) -> dict[str, Any]:
    """A choice of labels with the features (a list of numbers) of each."""
    if column.kind == "boolean":
        missing = [0.0] * column.indicator
        choices = [[label, [float(i)] * column.plain + missing] for i, label in enumerate(column.levels)]
        return {"choices": choices, "value": int(column.fill_value > 0.5)}
    width = len(column.names)
    choices = [[label, np.eye(width)[i].tolist()] for i, label in enumerate(column.levels)]
    if column.other:
        choices.append([say("report.other_label"), np.eye(width)[len(column.levels)].tolist()])
    if not choices:
        choices = [["", [0.0] * width]]
    codes, labels = problem.arrays.codes(column.name)
    counts = np.bincount(codes[codes >= 0], minlength=len(labels))
    frequency = [counts[labels.index(label)] if label in labels else 0 for label in column.levels]
    return {"choices": choices, "value": int(np.argmax(frequency)) if frequency else 0}


def pack(network: Network, x: Array) -> list[tuple[dict[str, Any], Any]] | None:
    """The layers as blocks of weights in base64; None where they are too large for the page.

    First and last layer and all constants are doubles. The others are doubles or floats below ``EXACT_BYTES``; in a
    larger network, below ``MAX_BYTES``, 16-bit integers with a scale for each input, or floats where the integers
    change outputs by more than ``MAX_ERROR``.
    """
    layers = block_layers(network) or tuple(
        BlockLayer(layer.W.shape[0], (Block(np.arange(layer.W.shape[0]), 0, layer.W),), layer.b, layer.activation)
        for layer in network.layers
    )
    output = network(x)
    for form, most in (("d", EXACT_BYTES), ("f", EXACT_BYTES), ("h", MAX_BYTES), ("f", MAX_BYTES)):
        packed, rounded = [], []
        for i, layer in enumerate(layers):
            own = "d" if i in (0, len(layers) - 1) else form
            content, weights = _packed_layer(layer, own)
            packed.append((content, layer.activation))
            rounded.append((weights, layer.b.astype(np.float64)))
        size = sum(len(content["W"]) + len(content["b"]) for content, _ in packed)
        if size > most:
            continue
        again = Network.from_arrays(rounded, [layer.activation for layer in layers], dtype="float64")(x)
        if np.abs(again - output).max() <= MAX_ERROR * max(float(output.std()), 1e-12):
            return packed
    return None


def _packed_layer(layer: BlockLayer, form: str) -> tuple[dict[str, Any], Array]:
    """A layer for the page, and its rounded weights (inputs, outputs)."""
    W = np.zeros((layer.inputs, layer.outputs))
    stored: list[bytes] = []
    scales: list[float] = []
    for block in layer.blocks:
        size = np.ones((len(block.W), 1))  # a scale for each input: inputs may be of very different size
        values = block.W.astype(np.float64)
        if form == "h":
            size = np.abs(values).max(axis=1, keepdims=True) / 32767
            size[size == 0] = 1.0
            values = np.round(values / size)
        rounded = values.astype({"d": "<f8", "f": "<f4", "h": "<i2"}[form])
        outputs = np.arange(block.start, block.start + block.W.shape[1])
        W[np.ix_(block.rows, outputs)] = rounded.astype(np.float64) * size
        stored.append(rounded.tobytes())
        scales += size[:, 0].tolist() if form == "h" else []
    content = {
        "blocks": [list(row) for row in layer.table],
        "rows": layer.indices,
        "scales": scales,
        "form": form,
        "W": base64.b64encode(b"".join(stored)).decode(),
        "b": base64.b64encode(layer.b.astype("<f8").tobytes()).decode(),
    }
    return content, W
