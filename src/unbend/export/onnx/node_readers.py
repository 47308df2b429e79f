"""What each ONNX node makes of the values before it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, NoReturn

import numpy as np

from ...arrays import Array
from ...errors import ModelError
from ...formula.language.grammar import parse
from ...formula.language.tree import Name, Node, substitute, walk
from .elementwise import GRID, ONE, TWO, number, run, template
from .tensors import label
from .values import Value, X

KNOWN = ("Gemm", "MatMul", "BatchNormalization", "Clip", "Where", "Constant", "Cast", "Identity", "Dropout", "Flatten",
          "Reshape", "Softmax", "LogSoftmax", *TWO, *(name for name in ONE if " " not in name))  # fmt: skip


class Nodes:
    """The nodes that are read, one method for each kind; ``values`` and ``constants`` are what is made so far.

    ``columns`` counts the input's columns, where the graph says.
    """

    dtype: np.dtype[Any]
    columns: int | None
    values: dict[str, Value]
    constants: dict[str, Array]

    def made(self, node: Any, given: dict[str, Any], where: str) -> Value:
        """The value a node makes. Raises ``ModelError`` for nodes that no plain network has."""
        operator = node.op_type
        method = getattr(self, f"_{operator.lower()}", None) if operator in KNOWN else None
        if method is not None:
            made: Value = method(node, given, where)
            return made
        if operator in ONE:
            return self._one(node, given)
        if operator not in TWO:
            self.refuse(node)
        return self._two(node, where)

    def refuse(self, node: Any) -> NoReturn:
        raise ModelError("export.onnx_unsupported", name=label(node), operator=str(node.op_type)[:40],
                         known=", ".join(KNOWN[:13]))  # fmt: skip

    def constant(self, node: Any, given: dict[str, Any]) -> Array:
        for key in ("value", "value_float", "value_floats", "value_int", "value_ints"):
            if key in given:
                kind = "<f4" if "float" in key else "<i8"
                return np.asarray(given[key]) if key == "value" else np.array(given[key], dtype=kind)
        self.refuse(node)

    def folded(self, node: Any, given: dict[str, Any]) -> Array:
        """A node of constants alone, where its result is no larger than they are."""
        operands = [self.constants[name] for name in node.input if name]
        operator = node.op_type
        if not operands or operands[0].dtype != self.dtype:
            self.refuse(node)
        if operator in ("Transpose", "Identity") and operands[0].ndim <= 2 and given.get("perm", [1, 0]) == [1, 0]:
            return operands[0].T if operator == "Transpose" else operands[0]
        sizes = {part.size for part in operands}
        if (operator not in ONE and operator not in TWO) or len(sizes - {1}) > 1 or len(operands) > 2:
            self.refuse(node)
        shape = max(operands, key=lambda part: part.size).shape
        tree = template(operator, self.dtype, given) if operator in ONE else parse(TWO[operator])
        wide = [part.reshape(-1).astype(np.float64) for part in operands]
        return run(tree, dict(zip(("x", "y"), wide, strict=False))).astype(self.dtype).reshape(shape)

    def _value(self, node: Any, i: int = 0) -> Value:
        found = self.values.get(node.input[i]) if i < len(node.input) else None
        if found is None:
            self.refuse(node)
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
            self.refuse(node)
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
            self.refuse(node)
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
            self.refuse(node)
        return self._value(node)

    def _flatten(self, node: Any, given: dict[str, Any], where: str) -> Value:
        if given.get("axis", 1) != 1:
            self.refuse(node)
        return self._flattened(self._value(node))

    def _reshape(self, node: Any, given: dict[str, Any], where: str) -> Value:
        value = self._value(node)
        shape = self.constants.get(node.input[1]) if len(node.input) > 1 else None
        if shape is None or shape.shape != (2,):
            self.refuse(node)
        rows, columns = (int(v) for v in shape)
        if rows not in (-1, 0) or columns == 0 or (rows == columns == -1):
            self.refuse(node)
        width = value.width if value.width is not None else self.columns
        if columns != -1 and width != columns:
            raise ModelError("export.onnx_shape", name=where, got=(rows, columns), wanted=f"(-1, {width or 'n'})")
        return self._flattened(value)

    def _flattened(self, value: Value) -> Value:
        return replace(value, flat=True)

    def _softmax(self, node: Any, given: dict[str, Any], where: str) -> Value:
        if given.get("axis", 1) not in (1, -1):
            self.refuse(node)
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
            self.refuse(node)
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
            self.refuse(node)
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
            self.refuse(node)
        return numbers.reshape(-1)[0]

    def _operand(self, node: Any, name: str) -> Value | Node:
        if name in self.values:
            return self.values[name]
        value = self._scalar(node, name)
        if not np.isfinite(value):
            self.refuse(node)
        return number(value, self.dtype)

    def _formula(self, tree: Node, operands: list[Any], node: Any) -> Value:
        """A formula in x, y, z of operands that are values of one layer, or constants."""
        values = [part.settled if isinstance(part, Value) else part for part in operands]
        owners = [v for v in values if isinstance(v, Value)]
        if not owners or any(v.layer is not owners[0].layer for v in owners):
            self.refuse(node)
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
