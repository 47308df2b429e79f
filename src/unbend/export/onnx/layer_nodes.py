"""ONNX nodes that make layers: products with constant matrices, and scales and shifts by columns."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from ...arrays import Array
from ...errors import ModelError
from .state import GraphState, NodeReader, refuse
from .tensors import label
from .values import Value, X


def _gemm(state: GraphState, node: Any, attributes: dict[str, Any]) -> Value:
    value, W = state.rows(node), state.weights(node, 1)
    if attributes.get("transA", 0) or W.ndim != 2:
        refuse(node)
    W = float(attributes.get("alpha", 1.0)) * (W.T if attributes.get("transB", 0) else W)
    b = np.zeros(W.shape[1])
    if len(node.input) > 2 and node.input[2]:
        bias = state.weights(node, 2)
        if bias.size not in (1, W.shape[1]):
            raise ModelError("export.onnx_shape", name=label(node), got=bias.shape, wanted=f"({W.shape[1]},)")
        b = float(attributes.get("beta", 1.0)) * np.broadcast_to(bias.reshape(-1), (W.shape[1],))
    return value.times(W, b, label(node))


def _matmul(state: GraphState, node: Any, attributes: dict[str, Any]) -> Value:
    W = state.weights(node, 1)
    return state.rows(node).times(W, np.zeros(W.shape[-1] if W.ndim else 1), label(node), has_bias=False)


def _batch_normalization(state: GraphState, node: Any, attributes: dict[str, Any]) -> Value:
    scale, offset, mean, variance = (state.weights(node, i) for i in range(1, 5))
    if attributes.get("training_mode", 0) or len({p.shape for p in (scale, offset, mean, variance)}) != 1:
        refuse(node)
    factor = scale / np.sqrt(variance + float(attributes.get("epsilon", 1e-5)))
    return state.rows(node).scaled(factor, offset - mean * factor, label(node))


LAYER_NODES: Mapping[str, NodeReader] = {
    "Gemm": _gemm,
    "MatMul": _matmul,
    "BatchNormalization": _batch_normalization,
}
PRODUCTS = ("Gemm", "MatMul")


def is_by_columns(state: GraphState, value_name: str, constant_name: str, operator: str) -> bool:
    """Whether the constant has one number per column; a lone one is a bias right behind a product."""
    value, constant = state.values[value_name], state.constants[constant_name]
    if constant.size != 1:
        return True
    awaits_bias = value.layer is not None and not value.layer.has_bias and value.tree == X and value.width == 1
    return operator == "Add" and constant.ndim > 0 and awaits_bias


def scale_or_shift(node: Any, value: Value, constant: Array, value_is_first: bool) -> Value:
    """What Add, Sub, Mul or Div makes of a value and a constant with one number per column."""
    where = label(node)
    if constant.ndim > 2 or (constant.ndim == 2 and constant.shape[0] != 1) or not value.is_flat:
        raise ModelError("export.onnx_shape", name=where, got=constant.shape, wanted="(n,)")
    one, zero = np.ones(1), np.zeros(1)
    if node.op_type == "Div" and not value_is_first:
        refuse(node)
    with np.errstate(all="ignore"):
        scale, shift = {
            "Add": (one, constant), "Sub": (one, -constant) if value_is_first else (-one, constant),
            "Mul": (constant, zero), "Div": (1 / constant, zero),
        }[node.op_type]  # fmt: skip
    result = value.scaled(scale, shift, where)
    is_bias = value.layer is not None and value.tree == X and value.scale is None and not value.layer.has_bias
    return result.absorbed if is_bias else result
