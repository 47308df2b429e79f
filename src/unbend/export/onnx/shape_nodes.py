"""ONNX nodes that leave the numbers as they are: identities, casts, changes of shape, and a softmax at the end."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from ...errors import ModelError
from .state import GraphState, NodeReader, refuse
from .tensors import label
from .values import Value

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
    "Softmax": _softmax,
    "LogSoftmax": _softmax,
}
