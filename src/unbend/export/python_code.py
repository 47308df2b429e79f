"""A network as a Python module that needs the standard library alone."""

from __future__ import annotations

from ..arrays import Array
from ..formula.printing.python import PYTHON
from ..network.shortest_decimals import shortest_decimals
from ..words import say
from .activation_trees import activation_names, activation_tree
from .carried import Carried
from .described import heading, plain_line

_OUTPUT = '''\
def output(row):
    """{doc}"""
    if len(row) != {n}:
        raise ValueError({wrong} + str(len(row)))
    x = {rounded_inputs}
    for W, b, h in LAYERS:
        x = {rounded_values}
    return x
'''
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


def to_python(what: Carried, name: str = "model") -> str:
    """A Python module with ``output(row)``, and with ``probabilities(row)`` and ``predict(row)`` as in JavaScript.

    Sums and activations are worked out in double precision; a float32 network's weights and every layer's values are
    rounded to float32.
    """
    net = what.network
    short = str(net.dtype) == "float32"
    acts = activation_names(net)
    head = heading(what, name, say("export.precise_rounded" if short else "export.precise_double"))
    blocks = ["".join(f"# {plain_line(line)}\n" for line in head) + "import math\nfrom array import array\n"]
    names = [("COLUMNS", what.columns), ("OUTPUTS", what.outputs), ("CLASSES", what.classes)]
    blocks.append("\n".join(f"{key} = {list(value)!a}" for key, value in names if value) + "\n")
    blocks += ["\n" + source for source in PYTHON.helper_sources([activation_tree(record) for record in acts])]
    for record, called in acts.items():
        function = PYTHON.function(activation_tree(record), ("x",), called)
        blocks.append(f"\n# {plain_line(record.formula)}\n{function}")
    blocks.append(f'\n_KIND = "{"f" if short else "d"}"  # array("f") rounds to float32, array("d") keeps doubles\n')
    rows = ",\n".join(
        f"    (\n{_matrix(layer.W.T)},\n        array(_KIND, [{', '.join(shortest_decimals(layer.b))}]),\n"
        f"        {acts.get(layer.activation, 'float')},\n    )"
        for layer in net.layers
    )
    blocks.append(f"# W has one array of weights for each neuron\nLAYERS = [\n{rows},\n]\n\n")
    wrong = ascii(say("export.code_row_length", count=len(what.columns)))
    product = "h(sum([v * w for v, w in zip(x, weights)]) + bias)"
    blocks.append(
        _OUTPUT.format(
            doc=say("export.doc_output"), n=len(what.columns), wrong=wrong,
            rounded_inputs=f"list(array(_KIND, {_inputs(what)}))",
            rounded_values=f"list(array(_KIND, [{product} for weights, bias in zip(W, b)]))",
        )
    )  # fmt: skip
    if what.classes:
        scores = "[0.0, *output(row)]" if what.lone else "output(row)"
        docs = {"doc": say("export.doc_probabilities"), "predict": say("export.doc_predict")}
        blocks[-1] += _CLASSES.format(scores=scores, **docs)
    elif net.outputs == 1:
        blocks[-1] += _VALUE.format(doc=say("export.doc_value"))
    return "\n".join(blocks)


def _matrix(columns: Array) -> str:
    rows = ",\n".join(f"            array(_KIND, [{', '.join(shortest_decimals(column))}])" for column in columns)
    return f"        [\n{rows},\n        ]"


def _inputs(what: Carried) -> str:
    if what.features is None:
        return "row"
    made = [
        f"0.0 if math.isfinite(row[{f.column}]) else 1.0"
        if f.flag
        else f"row[{f.column}] if math.isfinite(row[{f.column}]) else {float(f.fill)!r}"
        for f in what.features
    ]
    return "[\n        " + ",\n        ".join(made) + ",\n    ]"
