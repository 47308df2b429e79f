"""ONNX's elementwise operators as formulas (`unary_formula`), and formulas as activations (`recognize_activation`)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from ...activations import activation, activations
from ...arrays import Array
from ...errors import FormulaError, ModelError
from ...formula.evaluate.floats import Floats
from ...formula.evaluate.tape import Tape
from ...formula.language.grammar import parse
from ...formula.language.tree import Negative, Node, Number, substitute
from ...formula.printing.text import to_text
from ...network.shortest_decimals import shortest_decimals

_SIGMOID = "(where(x >= 0, 1, exp(-abs(x)))/(1 + exp(-abs(x))))"
_SOFTPLUS = "(max(x, 0) + log1p(exp(-abs(x))))"
# formulas of one value x and the operator's attributes, and the attributes' defaults
UNARY: dict[str, tuple[str, dict[str, float]]] = {
    "Relu": ("max(x, 0)", {}),
    "LeakyRelu": ("where(x >= 0, x, alpha*x)", {"alpha": 0.01}),
    "ThresholdedRelu": ("where(x > alpha, x, 0)", {"alpha": 1.0}),
    "Elu": ("where(x > 0, x, alpha*expm1(min(x, 0)))", {"alpha": 1.0}),
    "Celu": ("max(x, 0) + min(0, alpha*expm1(min(x, 0)/alpha))", {"alpha": 1.0}),
    "Selu": (
        "gamma*where(x > 0, x, alpha*expm1(min(x, 0)))",
        {"alpha": 1.67326319217681884765625, "gamma": 1.05070102214813232421875},
    ),
    "Sigmoid": (_SIGMOID, {}),
    "HardSigmoid": ("max(0, min(1, alpha*x + beta))", {"alpha": 0.2, "beta": 0.5}),
    "HardSwish": ("x*max(0, min(1, x/6 + 1/2))", {}),
    "Softplus": (_SOFTPLUS, {}),
    "Softsign": ("x/(1 + abs(x))", {}),
    "Mish": (f"x*tanh({_SOFTPLUS})", {}),
    "Gelu": ("x*erfc(-x/sqrt(2))/2", {}),
    "Gelu tanh": ("x*(1 + tanh(sqrt(2/pi)*(x + 0.044715*x**3)))/2", {}),
    "Reciprocal": ("1/x", {}),
    "Neg": ("-x", {}),
    "Not": ("1 - x", {}),
    **{name.capitalize(): (f"{name}(x)", {}) for name in (
        "tanh", "exp", "log", "sqrt", "abs", "sign", "floor", "ceil", "sin", "cos", "tan", "asin", "acos", "atan",
        "sinh", "cosh", "asinh", "acosh", "atanh", "erf")},
}  # fmt: skip
# formulas of two values x and y; more operands are taken one after another
VARIADIC = {
    "Add": "x + y", "Sub": "x - y", "Mul": "x*y", "Div": "x/y", "Pow": "x**y", "Max": "max(x, y)", "Min": "min(x, y)",
    "Less": "x < y", "LessOrEqual": "x <= y", "Greater": "x > y", "GreaterOrEqual": "x >= y", "Equal": "x == y",
    "And": "x*y", "Or": "max(x, y)", "PRelu": "where(x >= 0, x, y*x)",
}  # fmt: skip
_MOST_OPERATIONS = 500  # of a formula that is written out
_FAR = np.array([50.0, 100.0, 300.0, 1e3, 3e3, 1e4, 1e5, 1e6, 1e9])
GRID = np.concatenate([np.linspace(-30.0, 30.0, 241), np.linspace(-3.1, 3.1, 125), _FAR, -_FAR])


def number(value: Any, dtype: np.dtype[Any]) -> Node:
    """A constant as a formula: the shortest decimal that is that number of the dtype."""
    text = shortest_decimals(np.array([value], dtype=dtype))[0].removesuffix(".0")
    return Negative(Number(text[1:])) if text.startswith("-") else Number(text)


def evaluate(tree: Node, values: Mapping[str, Any]) -> Array:
    """A formula's values on arrays, in doubles."""
    with np.errstate(all="ignore"):
        return np.asarray(Tape([tree]).run(dict(values), Floats())[0])


def recognize_activation(tree: Node, curve: Array, size: int, dtype: np.dtype[Any], where: str) -> str:
    """The name of the activation that has this ``curve`` over ``GRID``, or the text of its formula where none has.

    Two functions count as one where they agree on hundreds of places to the dtype's precision. Raises ``ModelError``
    for what is no activation: not finite on [-3, 3], or too long.
    """
    close = 4 * float(np.finfo(dtype).eps)
    with np.errstate(all="ignore"):
        for name, record in activations.items():
            expected = record(GRID)
            if np.all(np.abs(curve - expected) <= close * np.maximum(1, np.abs(expected))):
                return name
    try:
        if size > _MOST_OPERATIONS:
            raise ModelError("export.onnx_formula", name=where, reason=f"> {_MOST_OPERATIONS}")
        text = to_text(tree)
        activation(text)
    except FormulaError as error:
        raise ModelError("export.onnx_formula", name=where, reason=str(error)[:200]) from None
    return text


def unary_formula(operator: str, dtype: np.dtype[Any], attributes: dict[str, Any]) -> Node:
    """The formula of an operator of one value, with its attributes put in."""
    text, defaults = UNARY[operator]
    values = {name: number(np.float32(attributes.get(name, value)), dtype) for name, value in defaults.items()}
    return substitute(parse(text), values)
