"""ONNX nodes that are formulas of one layer's value: elementwise operators of one or several operands."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from ...formula.language.grammar import parse
from ...formula.language.tree import Name, Node, substitute, walk
from .elementwise import GRID, UNARY, VARIADIC, evaluate, number, unary_formula
from .layer_nodes import is_by_columns, scale_or_shift
from .state import GraphState, NodeReader, refuse
from .values import Value, X

_FAR = 1e38  # a bound beyond this is none


def _unary(state: GraphState, node: Any, attributes: dict[str, Any]) -> Value:
    operator = node.op_type
    if operator == "Gelu":
        operator = "Gelu tanh" if attributes.get("approximate") == "tanh" else "Gelu"
    return _formula(unary_formula(operator, state.dtype, attributes), [state.value(node)], node)


def _clip(state: GraphState, node: Any, attributes: dict[str, Any]) -> Value:
    bounds = [attributes.get("min"), attributes.get("max")]
    for i, name in enumerate(node.input[1:3]):
        if name:
            bounds[i] = state.scalar(node, name)
    tree: Node = X
    for bound, text in zip(bounds, ("max(x, y)", "min(x, y)"), strict=True):
        if bound is not None and abs(float(bound)) < _FAR:
            tree = substitute(parse(text), {"x": tree, "y": number(bound, state.dtype)})
    return _formula(tree, [state.value(node)], node)


def _where(state: GraphState, node: Any, attributes: dict[str, Any]) -> Value:
    return _formula(parse("where(x, y, z)"), [_operand(state, node, name) for name in node.input], node)


def _variadic(state: GraphState, node: Any, attributes: dict[str, Any]) -> Value:
    names = list(node.input)
    if len(names) == 2 and node.op_type in ("Add", "Sub", "Mul", "Div"):
        for value, other, is_first in ((*names, True), (*reversed(names), False)):
            if value in state.values and other in state.constants and is_by_columns(state, value, other, node.op_type):
                return scale_or_shift(node, state.values[value], state.weights(node, int(is_first)), is_first)
    operands = [_operand(state, node, name) for name in names]
    result = operands[0]
    for operand in operands[1:]:
        result = _formula(parse(VARIADIC[node.op_type]), [result, operand], node)
    if not isinstance(result, Value):
        refuse(node)
    return result


FORMULA_NODES: Mapping[str, NodeReader] = {
    **dict.fromkeys((name for name in UNARY if " " not in name), _unary),
    **dict.fromkeys(VARIADIC, _variadic),
    "Clip": _clip,
    "Where": _where,
}


def _operand(state: GraphState, node: Any, name: str) -> Value | Node:
    if name in state.values:
        return state.values[name]
    value = state.scalar(node, name)
    if not np.isfinite(value):
        refuse(node)
    return number(value, state.dtype)


def _formula(tree: Node, operands: list[Any], node: Any) -> Value:
    """A formula in x, y, z of operands that are values of one layer, or constants."""
    absorbed = [operand.absorbed if isinstance(operand, Value) else operand for operand in operands]
    values = [operand for operand in absorbed if isinstance(operand, Value)]
    if not values or any(value.layer is not values[0].layer for value in values):
        refuse(node)
    by_name = dict(zip(("x", "y", "z"), absorbed, strict=False))
    curves = {name: operand.curve for name, operand in by_name.items() if isinstance(operand, Value)}
    numbers = {name: operand for name, operand in by_name.items() if not isinstance(operand, Value)}
    size = 0
    for part in walk(tree):
        operand = by_name.get(part.name) if isinstance(part, Name) else None
        size += operand.size if isinstance(operand, Value) else 1
    trees = {name: operand.tree if isinstance(operand, Value) else operand for name, operand in by_name.items()}
    curve = np.broadcast_to(evaluate(substitute(tree, numbers), curves), GRID.shape)
    return Value(values[0].layer, substitute(tree, trees), curve, size, is_flat=values[0].is_flat)
