"""A network as an ONNX model, opset 17 or later, that onnxruntime runs in the network's own dtype."""

from __future__ import annotations

import json
from typing import Any

import numpy as np

from ..errors import ModelError
from .activation_trees import activation_names
from .carried import Carried
from .described import heading
from .onnx_graph import Graph
from .packages import needed_package

OPSET = 17
_IR = {17: 8, 18: 8, 19: 9, 20: 9}  # the format version that came with an opset; older readers take older ones


def to_onnx(what: Carried, name: str = "model", opset: int = OPSET) -> bytes:
    """An ONNX file's bytes: input ``x`` (rows, columns), output ``y`` (rows, outputs) before any softmax.

    Class models also give ``probabilities`` (rows, classes) and ``label`` (rows,), text. Names and labels lie in the
    metadata as JSON (``columns``, ``outputs``, ``classes``). With ``opset`` 20 a float32 GELU is one node. Raises
    ``ModelError`` where onnx is not installed, and for an opset below 17 or beyond what it knows.
    """
    onnx = needed_package("onnx", "export")
    from onnx import helper

    latest = onnx.defs.onnx_opset_version()
    if not OPSET <= opset <= latest:
        raise ModelError("export.opset", got=opset, first=OPSET, last=latest)
    net = what.network
    graph = Graph(net.dtype, opset)
    here = _inputs(graph, what)
    acts = activation_names(net)
    for i, layer in enumerate(net.layers):
        W, b = graph.constant(f"{i}.W", layer.W), graph.constant(f"{i}.b", layer.b)
        end = "y" if i == len(net.layers) - 1 else ""
        bends = layer.activation in acts
        here = graph.node("Gemm", [here, W, b], "" if bends else end)
        if bends:
            here = graph.activation(layer.activation, here, end)
    outputs = [helper.make_tensor_value_info("y", graph.kind, ["rows", net.outputs])]
    if what.classes:
        outputs += _classes(graph, what)
    inputs = [helper.make_tensor_value_info("x", graph.kind, ["rows", len(what.columns)])]
    body = helper.make_graph(graph.nodes, name, inputs, outputs, [*graph.constants.values()])
    model = helper.make_model(
        body, opset_imports=[helper.make_opsetid("", opset)], ir_version=_IR.get(opset, 10), producer_name="unbend"
    )
    model.doc_string = "\n".join(heading(what, name, ""))
    names = {"columns": what.columns, "outputs": what.outputs, "classes": what.classes}
    helper.set_model_props(model, {k: json.dumps(list(v), ensure_ascii=False) for k, v in names.items() if v})
    onnx.checker.check_model(model)
    return bytes(model.SerializeToString())


def _inputs(graph: Graph, what: Carried) -> str:
    """The network's inputs from the columns: missing values filled, then flags beside them."""
    if what.features is None:
        return "x"
    fills = np.zeros((1, len(what.columns)))
    for feature in what.features:
        fills[0, feature.column] = fills[0, feature.column] if feature.flag else feature.fill
    known = graph.node("Less", [graph.node("Abs", ["x"]), graph.number(np.inf)])  # false for NaN too
    filled = graph.node("Where", [known, "x", graph.constant("fills", fills.astype(graph.dtype))])
    flags = graph.node("Cast", [graph.node("Not", [known])], to=graph.kind)
    both = graph.node("Concat", [filled, flags], axis=1)
    places = [f.column + (len(what.columns) if f.flag else 0) for f in what.features]
    return graph.node("Gather", [both, graph.constant("places", np.array(places, dtype=np.int64))], axis=1)


def _classes(graph: Graph, what: Carried) -> list[Any]:
    from onnx import TensorProto, helper

    scores = "y"
    if what.lone:
        scores = graph.node("Concat", [graph.node("Mul", ["y", graph.number(0.0)]), "y"], axis=1)
    shares = graph.node("Softmax", [scores], "probabilities", axis=1)
    best = graph.node("ArgMax", [shares], axis=1, keepdims=0)
    graph.constant("classes", np.array(what.classes, dtype=object))
    graph.node("Gather", ["classes", best], "label", axis=0)
    return [
        helper.make_tensor_value_info("probabilities", graph.kind, ["rows", len(what.classes)]),
        helper.make_tensor_value_info("label", TensorProto.STRING, ["rows"]),
    ]
