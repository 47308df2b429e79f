"""Plain fully connected ONNX graphs as networks: products with constants, and formulas of one value between them."""

from __future__ import annotations

import math
import warnings
from dataclasses import replace
from pathlib import Path
from typing import Any, NoReturn

import numpy as np

from ..errors import ModelError
from ..formula.grammar import parse
from ..formula.tree import Name, Node, substitute, walk
from ..network import Network
from ..network.dense import Array
from ..words import say
from .onnx_formulas import GRID, ONE, TWO, number, run, template
from .onnx_tensors import array, attributes, float_type, label, read_file
from .onnx_values import Value, X, layers

_KNOWN = ("Gemm", "MatMul", "BatchNormalization", "Clip", "Where", "Constant", "Cast", "Identity", "Dropout", "Flatten",
          "Reshape", "Softmax", "LogSoftmax", *TWO, *(name for name in ONE if " " not in name))  # fmt: skip


def from_onnx(path: str | Path) -> Network:
    """The network in an ONNX file whose graph is plain: one input, fully connected layers, activations between them.

    Read are Gemm, MatMul with Add, elementwise operators (also several that make up one activation, such as
    x * Sigmoid(x)), scales and shifts by columns, BatchNormalization, Dropout, Flatten, Identity, Reshape to rows,
    Constant. Known functions become activations by name, others by formula. Of several outputs the first of floats
    counts. A Softmax at the end is left off, with a ``UserWarning``: the network answers the numbers before it.
    Nothing outside the file is opened, and no array is made larger than the file.

    Raises ``ModelError``, one line that names the node or tensor, where anything else stands in the graph.
    """
    model = read_file(path)
    reader = _Reader(model)
    value, name = reader.output()
    found = layers(value, reader.dtype, name)
    if value.ended:
        warnings.warn(say("export.softmax_left_off", name="Softmax"), UserWarning, stacklevel=2)
    net = Network.from_arrays([(W, b) for W, b, _ in found], [h for *_, h in found], reader.dtype)
    declared = reader.columns
    if declared is not None and declared != net.inputs:
        raise ModelError("export.onnx_shape", name=reader.input, got=declared, wanted=net.inputs)
    for part, numbers in net.parameters.items():
        if not np.isfinite(numbers).all():
            raise ModelError("network.not_finite", name=part)
    return net


class _Reader:
    """Walks the nodes in their order, which the standard wants to be one in which everything is made before used."""

    def __init__(self, model: Any) -> None:
        graph = model.graph
        self.graph = graph
        if graph.sparse_initializer:
            raise ModelError("export.onnx_unsupported", name="sparse_initializer", operator="sparse", known="dense")
        self.tensors: dict[str, Any] = {}
        for tensor in graph.initializer:
            self._once(tensor.name, self.tensors)
            self.tensors[tensor.name] = tensor
        self.constants: dict[str, Array] = {}  # read when a node that counts uses them
        inputs = [i for i in graph.input if i.name not in self.tensors]
        if len(inputs) != 1:
            raise ModelError("export.onnx_inputs", got=len(inputs))
        self.input = inputs[0].name
        tensor_type = inputs[0].type.tensor_type
        self.dtype = float_type(tensor_type.elem_type, self.input)
        dims = list(tensor_type.shape.dim) if tensor_type.HasField("shape") else None
        sizes = [d.dim_value if d.HasField("dim_value") else None for d in dims or ()]
        inner = sizes[1:] if len(sizes) > 1 else sizes
        known = [size for size in inner if size is not None]
        self.columns = math.prod(known) if known and len(known) == len(inner) else None
        self.values: dict[str, Value] = {self.input: Value(None, flat=len(sizes) <= 2)}

    def _once(self, name: str, *tables: Any) -> None:
        if any(name in table for table in tables):
            raise ModelError("export.onnx_twice", name=name[:60])

    def output(self) -> tuple[Value, str]:
        """The value of the output that counts, and its name."""
        outputs = [o.name for o in self.graph.output if o.type.tensor_type.elem_type in (1, 11)]
        if not outputs:
            raise ModelError("export.onnx_output")
        made = {self.input}
        for name in (name for node in self.graph.node for name in node.output if name):
            self._once(name, made, self.tensors)
            made.add(name)
        for i in sorted(self._needed(outputs[0])):  # in the graph's order
            self._make(self.graph.node[i])
        if outputs[0] not in self.values:
            raise ModelError("export.onnx_no_layer")
        return self.values[outputs[0]], outputs[0]

    def _needed(self, output: str) -> set[int]:
        """The nodes that the output depends on."""
        makers = {name: i for i, node in enumerate(self.graph.node) for name in node.output if name}
        found: set[int] = set()
        waiting = [output]
        while waiting:
            i = makers.get(waiting.pop())
            if i is not None and i not in found:
                found.add(i)
                waiting.extend(self.graph.node[i].input)
        return found

    def _make(self, node: Any) -> None:
        where, given = label(node), attributes(node)
        if node.domain not in ("", "ai.onnx"):
            self._refuse(node)
        for name in node.input:
            if name in self.tensors and name not in self.constants:
                self.constants[name] = array(self.tensors[name], name)
            if name and name not in self.values and name not in self.constants:
                raise ModelError("export.onnx_unmade", name=where, value=name[:60])
            if name in self.values and self.values[name].ended:
                raise ModelError("export.onnx_after_softmax", name=where, operator=node.op_type)
        operator = node.op_type
        if operator == "Constant":
            self.constants[node.output[0]] = self._constant(node, given)
        elif all(name in self.constants for name in node.input if name):
            self.constants[node.output[0]] = self._folded(node, given)
        else:
            method = getattr(self, f"_{operator.lower()}", None) if operator in _KNOWN else None
            if method is None and operator in ONE:
                made = self._one(node, given)
            elif method is None and operator in TWO:
                made = self._two(node, where)
            elif method is None:
                self._refuse(node)
            else:
                made = method(node, given, where)
            self.values[node.output[0]] = made

    def _refuse(self, node: Any) -> NoReturn:
        raise ModelError("export.onnx_unsupported", name=label(node), operator=str(node.op_type)[:40],
                         known=", ".join(_KNOWN[:13]))  # fmt: skip

    def _constant(self, node: Any, given: dict[str, Any]) -> Array:
        for key in ("value", "value_float", "value_floats", "value_int", "value_ints"):
            if key in given:
                kind = "<f4" if "float" in key else "<i8"
                return np.asarray(given[key]) if key == "value" else np.array(given[key], dtype=kind)
        self._refuse(node)

    def _folded(self, node: Any, given: dict[str, Any]) -> Array:
        """A node of constants alone, where its result is no larger than they are."""
        operands = [self.constants[name] for name in node.input if name]
        operator = node.op_type
        if not operands or operands[0].dtype != self.dtype:
            self._refuse(node)
        if operator in ("Transpose", "Identity") and operands[0].ndim <= 2 and given.get("perm", [1, 0]) == [1, 0]:
            return operands[0].T if operator == "Transpose" else operands[0]
        sizes = {part.size for part in operands}
        if (operator not in ONE and operator not in TWO) or len(sizes - {1}) > 1 or len(operands) > 2:
            self._refuse(node)
        shape = max(operands, key=lambda part: part.size).shape
        tree = template(operator, self.dtype, given) if operator in ONE else parse(TWO[operator])
        wide = [part.reshape(-1).astype(np.float64) for part in operands]
        return run(tree, dict(zip(("x", "y"), wide, strict=False))).astype(self.dtype).reshape(shape)

    def _value(self, node: Any, i: int = 0) -> Value:
        found = self.values.get(node.input[i]) if i < len(node.input) else None
        if found is None:
            self._refuse(node)
        return found

    def _weights(self, node: Any, i: int, where: str) -> Array:
        found = self.constants.get(node.input[i])
        if found is None:
            raise ModelError("export.onnx_weights", name=where, value=node.input[i][:60])
        if found.dtype != self.dtype:
            raise ModelError("export.onnx_dtype", name=node.input[i][:60], got=found.dtype, wanted=self.dtype)
        return found.astype(np.float64)

    # products -------------------------------------------------------------------------------------------------------

    def _gemm(self, node: Any, given: dict[str, Any], where: str) -> Value:
        value, W = self._flat(node, where), self._weights(node, 1, where)
        if given.get("transA", 0) or W.ndim != 2:
            self._refuse(node)
        W = float(given.get("alpha", 1.0)) * (W.T if given.get("transB", 0) else W)
        b = np.zeros(W.shape[1])
        if len(node.input) > 2 and node.input[2]:
            bias = self._weights(node, 2, where)
            if bias.size not in (1, W.shape[1]):
                raise ModelError("export.onnx_shape", name=where, got=bias.shape, wanted=f"({W.shape[1]},)")
            b = float(given.get("beta", 1.0)) * np.broadcast_to(bias.reshape(-1), (W.shape[1],))
        return value.times(W, b, where)

    def _matmul(self, node: Any, given: dict[str, Any], where: str) -> Value:
        W = self._weights(node, 1, where)
        return self._flat(node, where).times(W, np.zeros(W.shape[-1] if W.ndim else 1), where, biased=False)

    def _batchnormalization(self, node: Any, given: dict[str, Any], where: str) -> Value:
        scale, offset, mean, variance = (self._weights(node, i, where) for i in range(1, 5))
        if given.get("training_mode", 0) or len({p.shape for p in (scale, offset, mean, variance)}) != 1:
            self._refuse(node)
        factor = scale / np.sqrt(variance + float(given.get("epsilon", 1e-5)))
        return self._flat(node, where).moved(factor, offset - mean * factor, where)

    def _flat(self, node: Any, where: str) -> Value:
        value = self._value(node)
        if not value.flat:
            raise ModelError("export.onnx_not_flat", name=where)
        return value

    # shapes ---------------------------------------------------------------------------------------------------------

    def _identity(self, node: Any, given: dict[str, Any], where: str) -> Value:
        return self._value(node)

    _dropout = _identity  # in inference it does nothing

    def _cast(self, node: Any, given: dict[str, Any], where: str) -> Value:
        if given.get("to") not in (1, 9, 11):
            self._refuse(node)
        return self._value(node)

    def _flatten(self, node: Any, given: dict[str, Any], where: str) -> Value:
        if given.get("axis", 1) != 1:
            self._refuse(node)
        return self._flattened(self._value(node))

    def _reshape(self, node: Any, given: dict[str, Any], where: str) -> Value:
        value = self._value(node)
        shape = self.constants.get(node.input[1]) if len(node.input) > 1 else None
        if shape is None or shape.shape != (2,):
            self._refuse(node)
        rows, columns = (int(v) for v in shape)
        if rows not in (-1, 0) or columns == 0 or (rows == columns == -1):
            self._refuse(node)
        width = value.width if value.width is not None else self.columns
        if columns != -1 and width != columns:
            raise ModelError("export.onnx_shape", name=where, got=(rows, columns), wanted=f"(-1, {width or 'n'})")
        return self._flattened(value)

    def _flattened(self, value: Value) -> Value:
        return replace(value, flat=True)

    def _softmax(self, node: Any, given: dict[str, Any], where: str) -> Value:
        if given.get("axis", 1) not in (1, -1):
            self._refuse(node)
        return replace(self._flat(node, where), ended=True)

    _logsoftmax = _softmax

    # formulas -------------------------------------------------------------------------------------------------------

    def _one(self, node: Any, given: dict[str, Any]) -> Value:
        value, operator = self._value(node), node.op_type
        if operator == "Gelu":
            operator = "Gelu tanh" if given.get("approximate") == "tanh" else "Gelu"
        return self._formula(template(operator, self.dtype, given), [value], node)

    def _clip(self, node: Any, given: dict[str, Any], where: str) -> Value:
        ends = [given.get("min"), given.get("max")]
        for i, name in enumerate(node.input[1:3]):
            if name:
                ends[i] = self._scalar(node, name)
        tree: Node = X
        for end, text in zip(ends, ("max(x, y)", "min(x, y)"), strict=True):
            if end is not None and abs(float(end)) < 1e38:
                tree = substitute(parse(text), {"x": tree, "y": number(end, self.dtype)})
        return self._formula(tree, [self._value(node)], node)

    def _where(self, node: Any, given: dict[str, Any], where: str) -> Value:
        return self._formula(parse("where(x, y, z)"), [self._operand(node, name) for name in node.input], node)

    def _two(self, node: Any, where: str) -> Value:
        names = list(node.input)
        if len(names) == 2 and node.op_type in ("Add", "Sub", "Mul", "Div"):
            for value, other, first in ((*names, True), (*reversed(names), False)):
                if value in self.values and other in self.constants and self._by_columns(value, other, node.op_type):
                    return self._moved(node, self.values[value], self._weights(node, int(first), where), first, where)
        operands = [self._operand(node, name) for name in names]
        made = operands[0]
        for other in operands[1:]:
            made = self._formula(parse(TWO[node.op_type]), [made, other], node)
        if not isinstance(made, Value):
            self._refuse(node)
        return made

    def _by_columns(self, value: str, constant: str, operator: str) -> bool:
        """Whether the constant has one number per column; a lone one is a bias right behind a product."""
        here, numbers = self.values[value], self.constants[constant]
        if numbers.size != 1:
            return True
        fresh = here.layer is not None and not here.layer.biased and here.tree == X and here.width == 1
        return operator == "Add" and numbers.ndim > 0 and fresh

    def _moved(self, node: Any, value: Value, numbers: Array, first: bool, where: str) -> Value:
        if numbers.ndim > 2 or (numbers.ndim == 2 and numbers.shape[0] != 1) or not value.flat:
            raise ModelError("export.onnx_shape", name=where, got=numbers.shape, wanted="(n,)")
        one, zero = np.ones(1), np.zeros(1)
        if node.op_type == "Div" and not first:
            self._refuse(node)
        with np.errstate(all="ignore"):
            scale, shift = {
                "Add": (one, numbers), "Sub": (one, -numbers) if first else (-one, numbers),
                "Mul": (numbers, zero), "Div": (1 / numbers, zero),
            }[node.op_type]  # fmt: skip
        moved = value.moved(scale, shift, where)
        fresh = value.layer is not None and value.tree == X and value.scale is None and not value.layer.biased
        return moved.settled if fresh else moved  # a bias

    def _scalar(self, node: Any, name: str) -> Any:
        numbers = self.constants.get(name)
        if numbers is None or numbers.size != 1:
            self._refuse(node)
        return numbers.reshape(-1)[0]

    def _operand(self, node: Any, name: str) -> Value | Node:
        if name in self.values:
            return self.values[name]
        value = self._scalar(node, name)
        if not np.isfinite(value):
            self._refuse(node)
        return number(value, self.dtype)

    def _formula(self, tree: Node, operands: list[Any], node: Any) -> Value:
        """A formula in x, y, z of operands that are values of one layer, or constants."""
        values = [part.settled if isinstance(part, Value) else part for part in operands]
        owners = [v for v in values if isinstance(v, Value)]
        if not owners or any(v.layer is not owners[0].layer for v in owners):
            self._refuse(node)
        known = dict(zip(("x", "y", "z"), values, strict=False))
        curves = {name: v.curve for name, v in known.items() if isinstance(v, Value)}
        numbers = {name: v for name, v in known.items() if not isinstance(v, Value)}
        size = 0
        for part in walk(tree):
            inside = known.get(part.name) if isinstance(part, Name) else None
            size += inside.size if isinstance(inside, Value) else 1
        made = substitute(tree, {n: v.tree if isinstance(v, Value) else v for n, v in known.items()})
        curve = np.broadcast_to(run(substitute(tree, numbers), curves), GRID.shape)
        return Value(owners[0].layer, made, curve, size, flat=owners[0].flat)
