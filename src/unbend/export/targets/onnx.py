"""`to_onnx`: a network as an ONNX model, opset 17 or later, that onnxruntime runs in the network's own dtype."""

from __future__ import annotations

import json

import numpy as np

from ..activation_trees import activation_names
from ..blocks import BlockLayer, block_layers
from ..export_model import ExportModel
from ..header import header_lines
from ..onnx.graph import Graph
from ..onnx.model_file import OPSET, check_opset, checked_file, class_outputs
from ..text_model.onnx import text_model_to_onnx
from .target import Target

_BLOCK_OVERHEAD = 2048  # weights that take as long to multiply as the nodes of one more block take to run


def to_onnx(model: ExportModel, name: str = "model", opset: int = OPSET) -> bytes:
    """An ONNX file's bytes: input ``x`` (rows, columns), output ``y`` (rows, outputs) before any softmax.

    Class models also give ``probabilities`` (rows, classes) and ``label`` (rows,), text. Names and labels lie in the
    metadata as JSON (``columns``, ``outputs``, ``classes``). With ``opset`` 20 a float32 GELU is one node. Raises
    ``ModelError`` where onnx is not installed, and for an opset below 17 or beyond what it knows.
    """
    check_opset(opset)
    from onnx import helper

    network = model.network
    graph = Graph(network.dtype, opset)
    value = _inputs(graph, model)
    bending = activation_names(network)
    layers = block_layers(network, _BLOCK_OVERHEAD)
    for i, layer in enumerate(network.layers):
        output = "y" if i == len(network.layers) - 1 else ""
        bends = layer.activation in bending
        if layers is None or layers[i].is_dense:
            W, b = (layer.W, layer.b) if layers is None else (layers[i].blocks[0].W, layers[i].b)
            constants = [graph.constant(f"{i}.W", W), graph.constant(f"{i}.b", b)]
            value = graph.node("Gemm", [value, *constants], "" if bends else output)
        else:
            value = _branches(graph, layers[i], i, value, "" if bends else output)
        if bends:
            value = graph.activation(layer.activation, value, output)
    outputs = [helper.make_tensor_value_info("y", graph.element_type, ["rows", network.outputs])]
    if model.classes:
        outputs += class_outputs(graph, model.classes, "y", has_log_odds=model.has_log_odds)
    inputs = [helper.make_tensor_value_info("x", graph.element_type, ["rows", len(model.columns)])]
    names = {"columns": model.columns, "outputs": model.outputs, "classes": model.classes}
    properties = {k: json.dumps(list(v), ensure_ascii=False) for k, v in names.items() if v}
    return checked_file(graph, name, inputs, outputs, "\n".join(header_lines(model, name, "")), properties)


def _branches(graph: Graph, layer: BlockLayer, number: int, value: str, output: str) -> str:
    """A layer of blocks: the inputs of each, its product, and all outputs side by side."""
    parts = []
    for k, block in enumerate(layer.blocks):
        name = f"{number}.{k}"
        n, m = block.W.shape
        part = value
        if n < layer.inputs:
            part = graph.node("Gather", [value, graph.constant(f"{name}.rows", block.rows.astype(np.int64))], axis=1)
        bias = layer.b[block.start : block.start + m]
        parts.append(
            graph.node("Gemm", [part, graph.constant(f"{name}.W", block.W), graph.constant(f"{name}.b", bias)])
        )
    return graph.node("Concat", parts, output, axis=1)


def _inputs(graph: Graph, model: ExportModel) -> str:
    """The network's inputs from the columns: missing values filled, then flags beside them."""
    if model.features is None:
        return "x"
    fills = np.zeros((1, len(model.columns)))
    for feature in model.features:
        fills[0, feature.column] = fills[0, feature.column] if feature.is_missing_flag else feature.fill
    known = graph.node("Less", [graph.node("Abs", ["x"]), graph.number(np.inf)])  # false for NaN too
    limits = {f.column: (f.low, f.high) for f in model.features if f.has_limits}
    if limits:
        ends = np.array([limits.get(k, (-np.inf, np.inf)) for k in range(len(model.columns))]).T.astype(graph.dtype)
        for name, end, outside in (("low", ends[0], "Less"), ("high", ends[1], "Greater")):
            inside = graph.node("Not", [graph.node(outside, ["x", graph.constant(name, end[None])])])
            known = graph.node("And", [known, inside])
    filled = graph.node("Where", [known, "x", graph.constant("fills", fills.astype(graph.dtype))])
    flags = graph.node("Cast", [graph.node("Not", [known])], to=graph.element_type)
    both = graph.node("Concat", [filled, flags], axis=1)
    places = [f.column + (len(model.columns) if f.is_missing_flag else 0) for f in model.features]
    return graph.node("Gather", [both, graph.constant("places", np.array(places, dtype=np.int64))], axis=1)


TARGET = Target(
    name="onnx",
    title="ONNX",
    endings=(".onnx",),
    write=to_onnx,
    is_text=False,
    options=("opset",),
    package="onnx",
    write_text_model=text_model_to_onnx,
)
