"""ONNX nodes that leave the numbers as they are: identities, casts, changes of shape, columns taken out and joined
again, and a softmax at the end."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from ...errors import ModelError
from .state import GraphState, NodeReader, refuse
from .tensors import label
from .values import Value, side_by_side

_FLOATING_OR_BOOL = (1, 9, 11)  # ONNX element types


def _identity(state: GraphState, node: Any, attributes: dict[str, Any]) -> Value:
    return state.value(node)


def _cast(state: GraphState, node: Any, attributes: dict[str, Any]) -> Value:
    if attributes.get("to") not in _FLOATING_OR_BOOL:
        refuse(node)
    return state.value(node)


def _flatten(state: GraphState, node: Any, attributes: dict[str, Any]) -> Value:
    if attributes.get("axis", 1) != 1:
        refuse(node)
    return replace(state.value(node), is_flat=True)


def _reshape(state: GraphState, node: Any, attributes: dict[str, Any]) -> Value:
    value = state.value(node)
    shape = state.constants.get(node.input[1]) if len(node.input) > 1 else None
    if shape is None or shape.shape != (2,):
        refuse(node)
    rows, columns = (int(v) for v in shape)
    if rows not in (-1, 0) or columns == 0 or (rows == columns == -1):
        refuse(node)
    width = value.width if value.width is not None else state.columns
    if columns != -1 and width != columns:
        raise ModelError("export.onnx_shape", name=label(node), got=(rows, columns), wanted=f"(-1, {width or 'n'})")
    return replace(value, is_flat=True)


def _gather(state: GraphState, node: Any, attributes: dict[str, Any]) -> Value:
    value, indices = state.rows(node), state.constants.get(node.input[1]) if len(node.input) > 1 else None
    width = value.width if value.width is not None else state.columns
    if attributes.get("axis", 0) != 1 or indices is None or indices.ndim != 1 or indices.dtype.kind != "i":
        refuse(node)
    if width is None or value.selected is not None or not len(indices):
        refuse(node)
    if indices.min() < -width or indices.max() >= width:
        raise ModelError("export.onnx_shape", name=label(node), got=int(indices.max()), wanted=f"0 … {width - 1}")
    if value.width is None:  # the graph's input, of which the graph says how many columns it has
        value = value.scaled(np.ones(width), np.zeros(width), label(node))
    return replace(value, selected=tuple(int(i) % width for i in indices))


def _concat(state: GraphState, node: Any, attributes: dict[str, Any]) -> Value:
    values = [state.value(node, i) for i in range(len(node.input))]
    joined = side_by_side(values) if values and attributes.get("axis") in (1, -1) else None
    if joined is None:
        refuse(node)
    return joined


def _softmax(state: GraphState, node: Any, attributes: dict[str, Any]) -> Value:
    if attributes.get("axis", 1) not in (1, -1):
        refuse(node)
    return replace(state.rows(node), has_softmax=True)


SHAPE_NODES: Mapping[str, NodeReader] = {
    "Identity": _identity,
    "Dropout": _identity,  # in inference it does nothing
    "Cast": _cast,
    "Flatten": _flatten,
    "Reshape": _reshape,
    "Gather": _gather,
    "Concat": _concat,
    "Softmax": _softmax,
    "LogSoftmax": _softmax,
}
