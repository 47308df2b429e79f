"""ONNX nodes that make constants, as arrays: ``Constant``, and operators of constants alone."""

from __future__ import annotations

from typing import Any

import numpy as np

from ...arrays import Array
from ...formula.language.grammar import parse
from .elementwise import UNARY, VARIADIC, evaluate, unary_formula
from .state import GraphState, refuse

_KINDS = ("value", "value_float", "value_floats", "value_int", "value_ints")


def constant(node: Any, attributes: dict[str, Any]) -> Array:
    """The array that a ``Constant`` node holds."""
    for key in _KINDS:
        if key in attributes:
            dtype = "<f4" if "float" in key else "<i8"
            return np.asarray(attributes[key]) if key == "value" else np.array(attributes[key], dtype=dtype)
    refuse(node)


def folded_constant(state: GraphState, node: Any, attributes: dict[str, Any]) -> Array:
    """The result of a node of constants alone, where it is no larger than they are."""
    operands = [state.constants[name] for name in node.input if name]
    operator = node.op_type
    if not operands or operands[0].dtype != state.dtype:
        refuse(node)
    is_transpose = attributes.get("perm", [1, 0]) == [1, 0]
    if operator in ("Transpose", "Identity") and operands[0].ndim <= 2 and is_transpose:
        return operands[0].T if operator == "Transpose" else operands[0]
    sizes = {operand.size for operand in operands}
    if (operator not in UNARY and operator not in VARIADIC) or len(sizes - {1}) > 1 or len(operands) > 2:
        refuse(node)
    shape = max(operands, key=lambda operand: operand.size).shape
    tree = unary_formula(operator, state.dtype, attributes) if operator in UNARY else parse(VARIADIC[operator])
    doubles = [operand.reshape(-1).astype(np.float64) for operand in operands]
    return evaluate(tree, dict(zip(("x", "y"), doubles, strict=False))).astype(state.dtype).reshape(shape)
