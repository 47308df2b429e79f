"""A network as an ES module without dependencies, for browsers and node."""

from __future__ import annotations

import json
from typing import Any

from ..formula.printing.javascript import JAVASCRIPT
from ..network.shortest_decimals import shortest_decimals
from ..words import say
from .activation_trees import activation_names, activation_tree
from .carried import Carried
from .described import heading, plain_line

_OUTPUT = """\
/** {doc} */
export function output(row) {{
  if (row.length !== {n}) throw new RangeError({wrong} + row.length);
  let x = {kind}.from({inputs});
  for (const {{ W, b, h }} of layers) {{
    const y = new {kind}(b.length);
    for (let j = 0; j < b.length; j++) {{
      let sum = b[j];
      for (let i = 0; i < x.length; i++) sum += x[i] * W[i * b.length + j];
      y[j] = h(sum);
    }}
    x = y;
  }}
  return Array.from(x);
}}
"""
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


def to_javascript(what: Carried, name: str = "model") -> str:
    """An ES module with ``output(row)``, and with ``probabilities(row)`` and ``predict(row)`` where there are classes.

    Sums and activations are worked out in double precision; a float32 network's weights and every layer's values are
    rounded to float32.
    """
    net = what.network
    kind = "Float32Array" if str(net.dtype) == "float32" else "Float64Array"
    acts = activation_names(net)
    head = heading(what, name, say("export.precise_rounded" if kind == "Float32Array" else "export.precise_double"))
    texts: dict[str, Any] = {"columns": what.columns, "outputs": what.outputs}
    if what.classes:
        texts["classes"] = what.classes
    parts = ["".join(f"// {plain_line(line)}\n" for line in head)]
    parts += [f"export const {key} = {_quoted(list(value))};" for key, value in texts.items()]
    parts += ["", *JAVASCRIPT.helper_sources([activation_tree(record) for record in acts])]
    for record, called in acts.items():
        function = JAVASCRIPT.function(activation_tree(record), ("x",), called)
        parts.append(f"// {plain_line(record.formula)}\n{function}")
    parts.append("// W: row after row, row i has the weights of input i\nconst layers = [")
    for layer in net.layers:
        parts.append("  {")
        parts += [f"    {k}: new {kind}([{_wrapped(v)}])," for k, v in (("W", layer.W), ("b", layer.b))]
        parts.append(f"    h: {acts.get(layer.activation, '(x) => x')},\n  }},")
    parts.append("];\n")
    inputs, n = _inputs(what), len(what.columns)
    wrong = _quoted(say("export.code_row_length", count=n))
    parts.append(_OUTPUT.format(doc=say("export.doc_output"), n=n, kind=kind, inputs=inputs, wrong=wrong))
    if what.classes:
        scores = "[0, ...output(row)]" if what.lone else "output(row)"
        parts.append(
            _CLASSES.format(doc=say("export.doc_probabilities"), scores=scores, predict=say("export.doc_predict"))
        )
    elif net.outputs == 1:
        parts.append(_VALUE.format(doc=say("export.doc_value")))
    return "\n".join(parts)


def _quoted(what: Any) -> str:
    return json.dumps(what, ensure_ascii=False).replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")


def _wrapped(array: Any) -> str:
    texts = shortest_decimals(array)
    lines = [", ".join(texts[i : i + 8]) for i in range(0, len(texts), 8)]
    return "\n      " + ",\n      ".join(lines) + "\n    "


def _inputs(what: Carried) -> str:
    if what.features is None:
        return "row"
    made = [
        f"Number.isFinite(row[{f.column}]) ? {'0 : 1' if f.flag else f'row[{f.column}] : {float(f.fill)!r}'}"
        for f in what.features
    ]
    return "[\n    " + ",\n    ".join(made) + ",\n  ]"
