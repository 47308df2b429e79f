"""`to_python`: a network as a Python module that needs the standard library alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ...activations import Activation
from ...arrays import Array
from ...formula.printing.python import PYTHON
from ...network import Network
from ...network.shortest_decimals import shortest_decimals
from ...words import say
from ..activation_trees import activation_names, activation_sources
from ..blocks import Block, BlockLayer, block_layers
from ..encode.columns import needs_encode
from ..encode.python import encode_python
from ..export_model import ExportModel
from ..formula_model import FormulaModel
from ..header import c_identifier, comment_line, header_lines
from ..ngram_sums.python import FROM_IMPORTS, IMPORTS
from ..text.python import write_text
from ..text_model.python import text_model_to_python
from .target import Target

_OUTPUT = '''\
def output(row):
    """{doc}"""
    if len(row) != {n}:
        raise ValueError({wrong_length} + str(len(row)))
    x = list(array(_KIND, {inputs}))
{layers}
    return x
'''
_LAYERS = """\
    for W, b, h in LAYERS:
        x = list(array(_KIND, [h(sum([v * w for v, w in zip(x, weights)]) + bias) for weights, bias in zip(W, b)]))"""
_BLOCK_LAYERS = """\
    for blocks, b, h in LAYERS:
        sums = []
        for rows, W in blocks:
            part = [x[i] for i in rows]
            sums += [sum([v * w for v, w in zip(part, weights)]) for weights in W]
        x = list(array(_KIND, [h(z + bias) for z, bias in zip(sums, b)]))"""
_CLASSES = '''\


def probabilities(row):
    """{doc}"""
    scores = {scores}
    top = max(scores)
    parts = [math.exp(score - top) for score in scores]
    return [part / sum(parts) for part in parts]


def predict(row):
    """{predict}"""
    p = probabilities(row)
    return CLASSES[p.index(max(p))]
'''
_VALUE = '''\


def predict(row):
    """{doc}"""
    return output(row)[0]
'''


def to_python(model: ExportModel, name: str = "model") -> str:
    """A Python module with ``output(row)``, and with ``probabilities(row)`` and ``predict(row)`` as in JavaScript.

    Sums and activations are computed in double precision; a float32 network's weights and every layer's values are
    rounded to float32.
    """
    network = model.network
    is_float32 = str(network.dtype) == "float32"
    names = activation_names(network)
    precision = say("export.precise_rounded" if is_float32 else "export.precise_double")
    header = header_lines(model, name, precision, has_encode=needs_encode(model))
    comment = "".join(f"# {comment_line(line)}\n" for line in header)
    lists = {"COLUMNS": model.columns, "OUTPUTS": model.outputs, "CLASSES": model.classes}
    kind = "f" if is_float32 else "d"
    encode = encode_python(model)
    layers = block_layers(network)
    blocks = [
        comment + _imports(model),
        "\n".join(f"{key} = {list(texts)!a}" for key, texts in lists.items() if texts) + "\n",
        *("\n" + source for source in activation_sources(PYTHON, names, "# {formula}\n{source}")),
        f'\n_KIND = "{kind}"  # array("f") rounds to float32, array("d") keeps doubles\n',
        _layers(network, names) if layers is None else _block_layers(layers, names),
        _output(model, _LAYERS if layers is None else _BLOCK_LAYERS) + encode,
    ]
    return "\n".join(blocks)


def _imports(model: ExportModel) -> str:
    modules, names = {"math"}, {"from array import array"}
    if needs_encode(model):
        modules.add("re")
        names.add("from datetime import date")
    if model.texts:
        modules.update(IMPORTS)
        names.update(FROM_IMPORTS)
    return "".join([*(f"import {module}\n" for module in sorted(modules)), *(f"{line}\n" for line in sorted(names))])


def _layers(network: Network, names: Mapping[Activation, str]) -> str:
    layers = ",\n".join(
        f"    (\n{_matrix(layer.W.T)},\n        array(_KIND, [{', '.join(shortest_decimals(layer.b))}]),\n"
        f"        {names.get(layer.activation, 'float')},\n    )"
        for layer in network.layers
    )
    return f"# W has one array of weights for each neuron\nLAYERS = [\n{layers},\n]\n\n"


def _block_layers(layers: Sequence[BlockLayer], names: Mapping[Activation, str]) -> str:
    sources = []
    for layer in layers:
        blocks = ",\n".join(f"            ({_rows(block)}, {_matrix(block.W.T).lstrip()})" for block in layer.blocks)
        bias = f"array(_KIND, [{', '.join(shortest_decimals(layer.b))}])"
        sources.append(f"    (\n        [\n{blocks},\n        ],\n        {bias},\n")
        sources.append(f"        {names.get(layer.activation, 'float')},\n    ),\n")
    comment = "# blocks of weights: the inputs of each, and one array of weights for each neuron"
    return f"{comment}\nLAYERS = [\n{''.join(sources)}]\n\n"


def _rows(block: Block) -> str:
    rows = [int(row) for row in block.rows]
    return f"range({rows[0]}, {rows[-1] + 1})" if block.is_contiguous else str(rows)


def _matrix(columns: Array) -> str:
    rows = ",\n".join(f"            array(_KIND, [{', '.join(shortest_decimals(column))}])" for column in columns)
    return f"        [\n{rows},\n        ]"


def _output(model: ExportModel, layers: str) -> str:
    """``output``, and ``probabilities`` and ``predict`` where there are any."""
    n = len(model.columns)
    wrong_length = ascii(say("export.code_row_length", count=n))
    source = _OUTPUT.format(
        doc=say("export.doc_output"), n=n, wrong_length=wrong_length, inputs=_inputs(model), layers=layers
    )
    if model.classes:
        scores = "[0.0, *output(row)]" if model.has_log_odds else "output(row)"
        docs = {"doc": say("export.doc_probabilities"), "predict": say("export.doc_predict")}
        return source + _CLASSES.format(scores=scores, **docs)
    return source + (_VALUE.format(doc=say("export.doc_value")) if model.network.outputs == 1 else "")


def _inputs(model: ExportModel) -> str:
    if model.features is None:
        return "row"
    inputs = []
    for feature in model.features:
        value, otherwise = f"row[{feature.column}]", repr(float(feature.fill))
        if feature.is_missing_flag:
            value, otherwise = "0.0", "1.0"
        known = f"math.isfinite(row[{feature.column}])"
        if feature.has_limits:
            known = f"{feature.low!r} <= row[{feature.column}] <= {feature.high!r}"
        inputs.append(f"{value} if {known} else {otherwise}")
    return "[\n        " + ",\n        ".join(inputs) + ",\n    ]"


def formula_to_python(formula: FormulaModel, name: str = "model") -> str:
    """A fitted formula as a function of its variables."""
    return PYTHON.source(formula.tree, formula.columns, c_identifier(name))


TARGET = Target(
    name="python",
    title="Python",
    endings=(".py",),
    write=to_python,
    write_formula=formula_to_python,
    write_text=write_text,
    write_text_model=text_model_to_python,
)
