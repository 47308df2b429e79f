"""`to_javascript`: a network as an ES module without dependencies, for browsers and node."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from ...activations import Activation
from ...arrays import Array
from ...formula.printing.javascript import JAVASCRIPT
from ...network import Network
from ...network.shortest_decimals import shortest_decimals
from ...words import say
from ..activation_trees import activation_names, activation_sources
from ..blocks import BlockLayer, block_layers
from ..encode.columns import needs_encode
from ..encode.javascript import encode_javascript
from ..export_model import ExportModel
from ..formula_model import FormulaModel
from ..header import c_identifier, comment_line, header_lines
from ..text.javascript import write_text
from ..text_model.javascript import text_model_to_javascript
from .target import Target

_OUTPUT = """\
/** {doc} */
export function output(row) {{
  if (row.length !== {n}) throw new RangeError({wrong_length} + row.length);
  let x = {array}.from({inputs});
{layers}
  return Array.from(x);
}}
"""
_LAYERS = """\
  for (const {{ W, b, h }} of layers) {{
    const y = new {array}(b.length);
    for (let j = 0; j < b.length; j++) {{
      let sum = b[j];
      for (let i = 0; i < x.length; i++) sum += x[i] * W[i * b.length + j];
      y[j] = h(sum);
    }}
    x = y;
  }}"""
_BLOCK_LAYERS = """\
  for (const {{ blocks, rows, W, b, h }} of layers) {{
    const y = new {array}(b.length);
    let start = 0;
    for (const [first, n, to, m] of blocks) {{
      for (let j = 0; j < m; j++) {{
        let sum = b[to + j];
        for (let i = 0; i < n; i++) sum += x[first < 0 ? rows[i - 1 - first] : first + i] * W[start + i * m + j];
        y[to + j] = h(sum);
      }}
      start += n * m;
    }}
    x = y;
  }}"""
_CLASSES = """\
/** {doc} */
export function probabilities(row) {{
  const scores = {scores};
  const top = Math.max(...scores);
  const parts = scores.map((score) => Math.exp(score - top));
  const sum = parts.reduce((a, b) => a + b, 0);
  return parts.map((part) => part / sum);
}}

/** {predict} */
export function predict(row) {{
  const p = probabilities(row);
  return classes[p.indexOf(Math.max(...p))];
}}
"""
_VALUE = """\
/** {doc} */
export function predict(row) {{
  return output(row)[0];
}}
"""


def to_javascript(model: ExportModel, name: str = "model") -> str:
    """An ES module with ``output(row)``, and with ``probabilities(row)`` and ``predict(row)`` where there are classes.

    Sums and activations are computed in double precision; a float32 network's weights and every layer's values are
    rounded to float32.
    """
    network = model.network
    array = "Float32Array" if str(network.dtype) == "float32" else "Float64Array"
    names = activation_names(network)
    precision = say("export.precise_rounded" if array == "Float32Array" else "export.precise_double")
    lists = {"columns": model.columns, "outputs": model.outputs, "classes": model.classes}
    layers = block_layers(network)
    header = header_lines(model, name, precision, has_encode=needs_encode(model))
    blocks = [
        "".join(f"// {comment_line(line)}\n" for line in header),
        *(f"export const {key} = {_quoted(list(texts))};" for key, texts in lists.items() if texts),
        "",
        *activation_sources(JAVASCRIPT, names, "// {formula}\n{source}"),
        *(_layers(network, array, names) if layers is None else _block_layers(layers, array, names)),
        _output(model, array, _LAYERS if layers is None else _BLOCK_LAYERS),
    ]
    if model.classes:
        scores = "[0, ...output(row)]" if model.has_log_odds else "output(row)"
        docs = {"doc": say("export.doc_probabilities"), "predict": say("export.doc_predict")}
        blocks.append(_CLASSES.format(scores=scores, **docs))
    elif network.outputs == 1:
        blocks.append(_VALUE.format(doc=say("export.doc_value")))
    return "\n".join(blocks) + encode_javascript(model)


def _quoted(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False).replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")


def _layers(network: Network, array: str, names: Mapping[Activation, str]) -> list[str]:
    lines = ["// W: row after row, row i has the weights of input i\nconst layers = ["]
    for layer in network.layers:
        lines.append("  {")
        lines += [f"    {key}: new {array}([{_numbers(part)}])," for key, part in (("W", layer.W), ("b", layer.b))]
        lines.append(f"    h: {names.get(layer.activation, '(x) => x')},\n  }},")
    return [*lines, "];\n"]


def _block_layers(layers: Sequence[BlockLayer], array: str, names: Mapping[Activation, str]) -> list[str]:
    lines = [
        "// blocks: [first input, inputs, first output, outputs] of each dense block of weights; W: their weights, row",
        "// after row; a first input below 0 is a place in rows, where the inputs are listed\nconst layers = [",
    ]
    for layer in layers:
        lines.append(f"  {{\n    blocks: {[list(row) for row in layer.table]},\n    rows: {layer.indices},")
        lines += [
            f"    {key}: new {array}([{_numbers(part)}])," for key, part in (("W", layer.weights), ("b", layer.b))
        ]
        lines.append(f"    h: {names.get(layer.activation, '(x) => x')},\n  }},")
    return [*lines, "];\n"]


def _numbers(array: Array) -> str:
    digits = shortest_decimals(array)
    lines = [", ".join(digits[i : i + 8]) for i in range(0, len(digits), 8)]
    return "\n      " + ",\n      ".join(lines) + "\n    "


def _output(model: ExportModel, array: str, layers: str) -> str:
    n = len(model.columns)
    wrong_length = _quoted(say("export.code_row_length", count=n))
    return _OUTPUT.format(
        doc=say("export.doc_output"),
        n=n,
        array=array,
        inputs=_inputs(model),
        wrong_length=wrong_length,
        layers=layers.format(array=array),
    )


def _inputs(model: ExportModel) -> str:
    if model.features is None:
        return "row"
    inputs = []
    for feature in model.features:
        column = f"row[{feature.column}]"
        values = "0 : 1" if feature.is_missing_flag else f"{column} : {float(feature.fill)!r}"
        known = f"Number.isFinite({column})"
        if feature.has_limits:
            known = f"{column} >= {feature.low!r} && {column} <= {feature.high!r}"
        inputs.append(f"{known} ? {values}")
    return "[\n    " + ",\n    ".join(inputs) + ",\n  ]"


def formula_to_javascript(formula: FormulaModel, name: str = "model") -> str:
    """A fitted formula as a function of its variables."""
    return JAVASCRIPT.source(formula.tree, formula.columns, c_identifier(name))


TARGET = Target(
    name="js",
    title="JavaScript (ES module)",
    endings=(".js", ".mjs"),
    write=to_javascript,
    write_formula=formula_to_javascript,
    write_text=write_text,
    write_text_model=text_model_to_javascript,
)
