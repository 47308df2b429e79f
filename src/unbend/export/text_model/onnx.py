"""`text_model_to_onnx`: the part of a straight model of text that ONNX has operators for: all but the hashing."""

from __future__ import annotations

import json

import numpy as np

from ...verdict.text import TextModel
from ...words import say
from ..ngram_sums.tables import CONSTANTS, NgramSums
from ..onnx.graph import Graph
from ..onnx.model_file import check_opset, checked_file, class_outputs
from .head import head_lines


def text_model_to_onnx(model: TextModel, name: str, opset: int) -> bytes:
    """An ONNX file's bytes: from the rows and counts of the n-grams of texts to outputs and probabilities.

    Inputs ``rows`` (texts, n-grams), int64, and ``counts`` of the same shape, float: what ``counts(text)`` of the same
    model's Python, JavaScript or C gives; a shorter text is filled up with counts of 0. Outputs as those of a network.
    """
    check_opset(opset)
    from onnx import TensorProto, helper

    graph = Graph(np.dtype(np.float32), opset)
    table, k = NgramSums.of(model), model.weights.shape[1]
    steps = graph.node("Cast", [graph.node("Gather", [graph.constant("idf", table.idf), "rows"])], to=TensorProto.FLOAT)
    idf = graph.node("Div", [steps, graph.number(CONSTANTS["steps"])])
    logs = graph.node("Log", [graph.node("Add", ["counts", graph.number(1.0)])])
    values = graph.node("Mul", [graph.node("Mul", [logs, graph.number(1 / np.log(2))]), idf])
    axis = graph.constant("axis 1", np.array([1]))
    length = graph.node("Sqrt", [graph.node("ReduceSum", [graph.node("Mul", [values, values]), axis], keepdims=1)])
    length = graph.node("Where", [graph.node("Greater", [length, graph.number(0.0)]), length, graph.number(1.0)])
    shares = graph.node("Unsqueeze", [graph.node("Div", [values, length]), graph.constant("axis 2", np.array([2]))])
    sums = graph.node("ReduceSum", [graph.node("Mul", [shares, _weights(graph, table)]), axis], keepdims=0)
    graph.node("Add", [sums, graph.constant("intercepts", model.intercepts.astype(np.float32))], "y")
    outputs = [helper.make_tensor_value_info("y", TensorProto.FLOAT, ["texts", k])]
    if model.classes:
        scores = "y"
        if len(model.classes) == 2:
            size = graph.node("Mul", [graph.node("Abs", ["y"]), graph.number(model.damping)])
            scores = graph.node("Div", ["y", graph.node("Add", [size, graph.number(1.0)])])
        outputs += class_outputs(graph, model.classes, scores, has_log_odds=len(model.classes) == 2, rows="texts")
    inputs = [
        helper.make_tensor_value_info("rows", TensorProto.INT64, ["texts", "n-grams"]),
        helper.make_tensor_value_info("counts", TensorProto.FLOAT, ["texts", "n-grams"]),
    ]
    lines = [*head_lines(model, name, normalises=False)[:1], say("text.export_onnx")]
    properties = {"classes": json.dumps(model.classes, ensure_ascii=False)} if model.classes else {}
    return checked_file(graph, name, inputs, outputs, "\n".join(lines), properties)


def _weights(graph: Graph, table: NgramSums) -> str:
    """Codes times scales of each n-gram's row, (texts, n-grams, outputs)."""
    from onnx import TensorProto

    k = table.outputs
    codes = graph.node("Gather", [graph.constant("codes", table.codes), "rows"], axis=0)
    first = graph.node("Mul", ["rows", graph.constant("outputs", np.array(k))])
    places = graph.node("Unsqueeze", [first, graph.constant("last axis", np.array([2]))])
    places = graph.node("Add", [places, graph.constant("output numbers", np.arange(k))])
    blocks = graph.node("Div", [places, graph.constant("block", np.array(CONSTANTS["block"]))])
    scales = graph.node("Gather", [graph.constant("scales", table.scales), blocks], axis=0)
    return graph.node("Mul", [graph.node("Cast", [codes], to=TensorProto.FLOAT), scales])
