"""The bytes of an ONNX model, and the outputs of class models."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from ...errors import ModelError
from ..optional_packages import require_package
from .graph import Graph

OPSET = 17
_IR = {17: 8, 18: 8, 19: 9, 20: 9}  # the format version that came with an opset; older readers take older ones


def check_opset(opset: int) -> None:
    """Raises ``ModelError`` where onnx is not installed, and for an opset below 17 or beyond what it knows."""
    onnx = require_package("onnx", "export")
    latest = onnx.defs.onnx_opset_version()
    if not OPSET <= opset <= latest:
        raise ModelError("export.opset", got=opset, first=OPSET, last=latest)


def checked_file(
    graph: Graph, name: str, inputs: Sequence[Any], outputs: Sequence[Any], doc: str, properties: Mapping[str, str]
) -> bytes:
    """The file with this graph, its ``doc`` and ``properties`` (texts by name), checked by onnx."""
    import onnx
    from onnx import helper

    body = helper.make_graph(graph.nodes, name, inputs, outputs, [*graph.constants.values()])
    opset = graph.opset
    file = helper.make_model(
        body, opset_imports=[helper.make_opsetid("", opset)], ir_version=_IR.get(opset, 10), producer_name="unbend"
    )
    file.doc_string = doc
    helper.set_model_props(file, dict(properties))
    onnx.checker.check_model(file)
    return bytes(file.SerializeToString())


def class_outputs(
    graph: Graph, classes: Sequence[str], scores: str, *, has_log_odds: bool, rows: str = "rows"
) -> list[Any]:
    """``probabilities`` (rows, classes) and ``label`` (rows,), of each class's score or the log odds of the second."""
    from onnx import TensorProto, helper

    if has_log_odds:
        scores = graph.node("Concat", [graph.node("Mul", [scores, graph.number(0.0)]), scores], axis=1)
    probabilities = graph.node("Softmax", [scores], "probabilities", axis=1)
    best = graph.node("ArgMax", [probabilities], axis=1, keepdims=0)
    graph.constant("classes", np.array(classes, dtype=object))
    graph.node("Gather", ["classes", best], "label", axis=0)
    return [
        helper.make_tensor_value_info("probabilities", graph.element_type, [rows, len(classes)]),
        helper.make_tensor_value_info("label", TensorProto.STRING, [rows]),
    ]
