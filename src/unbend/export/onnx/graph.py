"""`Graph`: an ONNX graph under construction, to which formulas are added as nodes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from ...activations import Activation
from ...arrays import Array
from ...formula.language.functions import CONSTANTS
from ...formula.language.grammar import parse
from ...formula.language.tree import Binary, Call, Constant, Name, Negative, Node, Number, depends_on
from ...formula.printing.numpy_functions import required_steps
from .functions import ARITHMETIC, COMPARISONS, COMPOSED, FLOAT32_COMPOSED, FLOAT32_OPERATORS, OPERATORS

_CASTS = ("_float32", "_float32_atan")
# activations that are operators: their attributes (kept as float32), and the opset that brought them
_SINGLE_NODE: dict[str, tuple[str, dict[str, float], int]] = {
    "relu": ("Relu", {}, 14),
    "sigmoid": ("Sigmoid", {}, 13),
    "tanh": ("Tanh", {}, 13),
    "leaky_relu": ("LeakyRelu", {"alpha": 0.01}, 16),
    "elu": ("Elu", {"alpha": 1.0}, 6),
    "selu": ("Selu", {"alpha": 1.6732632423543772, "gamma": 1.0507009873554805}, 6),
    "softplus": ("Softplus", {}, 1),
    "softsign": ("Softsign", {}, 1),
    "hard_sigmoid": ("HardSigmoid", {"alpha": 1 / 6, "beta": 0.5}, 6),
    "gelu": ("Gelu", {}, 20),
}
_SINGLE_NODE_IN_DOUBLE = ("relu", "tanh")  # attributes are float32, and onnxruntime's sigmoid loses its tail


class Graph:
    """Nodes and constants, each value named once. ``dtype`` is the network's."""

    def __init__(self, dtype: np.dtype[Any], opset: int) -> None:
        from onnx import TensorProto

        self.dtype, self.opset = dtype, opset
        self.nodes: list[Any] = []
        self.constants: dict[str, Any] = {}
        self.is_float32 = dtype == np.dtype("float32")
        self.element_type = TensorProto.FLOAT if self.is_float32 else TensorProto.DOUBLE
        self._count = 0

    def node(self, operator: str, inputs: Sequence[str], output: str = "", **attributes: Any) -> str:
        """Add a node; the name of its (first) output."""
        from onnx import helper

        if not output:
            self._count += 1
            output = f"v{self._count}"
        self.nodes.append(helper.make_node(operator, list(inputs), [output], name=f"n{len(self.nodes)}", **attributes))
        return output

    def constant(self, name: str, array: Array) -> str:
        """Add a named constant."""
        from onnx import numpy_helper

        self.constants[name] = numpy_helper.from_array(np.ascontiguousarray(array), name)
        return name

    def number(self, value: float) -> str:
        """A number of the network's dtype as a constant, each kept once."""
        name = f"number {value!r}"
        return name if name in self.constants else self.constant(name, np.array(value, dtype=self.dtype))

    def activation(self, record: Activation, x: str, output: str = "") -> str:
        """h(x): one operator where there is one for the dtype and the opset, else the record's own steps."""
        from ...activations import activations

        single = _SINGLE_NODE.get(record.name) if activations.get(record.name) == record else None
        if single and self.opset >= single[2] and (self.is_float32 or record.name in _SINGLE_NODE_IN_DOUBLE):
            return self.node(single[0], [x], output, **single[1])
        steps = required_steps(record.steps, ("value",))
        if not any(depends_on(parse(text), {"x"}) for _, text in steps):  # a constant keeps the rows' shape
            zero = self.node("Mul", [x, self.number(0.0)])
            return self.node("Add", [zero, self.steps(steps, {})], output)
        return self.node("Identity", [self.steps(steps, {"x": x})], output) if output else self.steps(steps, {"x": x})

    def steps(self, steps: Sequence[tuple[str, str]], names: Mapping[str, str]) -> str:
        """The value of the last of the steps, with ``names`` known before the first."""
        known = dict(names)
        for name, text in steps:
            known[name] = self.value(parse(text, functions=_functions()), known)
        return known[steps[-1][0]]

    def value(self, node: Node, names: Mapping[str, str]) -> str:
        """The tree's value as nodes."""
        match node:
            case Number(text):
                return self.number(float(text))
            case Constant(name):
                return self.number(float(CONSTANTS[name]))
            case Name(name):
                return names[name]
            case Negative(Number(text)):
                return self.number(-float(text))
            case Negative(operand):
                return self.node("Neg", [self.value(operand, names)])
            case Binary(operator, left, right) if operator in ARITHMETIC:
                return self.node(ARITHMETIC[operator], [self.value(left, names), self.value(right, names)])
            case Binary():
                return self.node("Cast", [self.condition(node, names)], to=self.element_type)
            case Call("where", (condition, yes, no)):
                chosen = self.condition(condition, names)
                return self.node("Where", [chosen, self.value(yes, names), self.value(no, names)])
            case Call(function, arguments):
                return self._call(function, [self.value(a, names) for a in arguments])
        raise TypeError(node)

    def condition(self, node: Node, names: Mapping[str, str]) -> str:
        """The tree as a truth value."""
        if isinstance(node, Binary) and node.operator not in ARITHMETIC:
            both = [self.value(node.left, names), self.value(node.right, names)]
            if node.operator != "!=":
                return self.node(COMPARISONS[node.operator], both)
            return self.node("Not", [self.node("Equal", both)])
        return self.node("Not", [self.node("Equal", [self.value(node, names), self.number(0.0)])])

    def _call(self, function: str, arguments: list[str]) -> str:
        from onnx import TensorProto

        operator = OPERATORS.get(function) or (FLOAT32_OPERATORS.get(function) if self.is_float32 else None)
        if operator:
            return self.node(operator, arguments)
        if function in _CASTS:
            rounded = self.node("Cast", arguments, to=TensorProto.FLOAT)
            if function == "_float32_atan":
                rounded = self.node("Atan", [rounded])
            return self.node("Cast", [rounded], to=self.element_type)
        composed = FLOAT32_COMPOSED if self.is_float32 else COMPOSED
        return self.steps(composed[function], dict(zip(("x", "y"), arguments, strict=False)))


def _functions() -> frozenset[str]:
    from ...formula.language.functions import FUNCTIONS

    return frozenset({*FUNCTIONS, *_CASTS})
