"""`GraphState`: the values and the constants computed so far while an ONNX graph is read."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NoReturn

import numpy as np

from ...arrays import Array
from ...errors import ModelError
from .tensors import label
from .values import Value

NAMED_OPERATORS = (
    "Gemm", "MatMul", "BatchNormalization", "Clip", "Where", "Constant", "Cast", "Identity", "Dropout", "Flatten",
    "Reshape", "Gather", "Concat", "Softmax", "LogSoftmax",
)  # fmt: skip


class GraphState:
    """Values and constants by name. ``columns`` counts the input's columns, where the graph says."""

    def __init__(self, dtype: np.dtype[Any], columns: int | None) -> None:
        self.dtype = dtype
        self.columns = columns
        self.values: dict[str, Value] = {}
        self.constants: dict[str, Array] = {}

    def value(self, node: Any, i: int = 0) -> Value:
        """The value that is the node's input ``i``. Raises ``ModelError`` where that is none."""
        value = self.values.get(node.input[i]) if i < len(node.input) else None
        if value is None:
            refuse(node)
        return value

    def rows(self, node: Any) -> Value:
        """The node's first input, which must be (rows, columns)."""
        value = self.value(node)
        if not value.is_flat:
            raise ModelError("export.onnx_not_flat", name=label(node))
        return value

    def weights(self, node: Any, i: int) -> Array:
        """The constant of the network's dtype that is the node's input ``i``, in doubles."""
        name = node.input[i]
        array = self.constants.get(name)
        if array is None:
            raise ModelError("export.onnx_weights", name=label(node), value=name[:60])
        if array.dtype != self.dtype:
            raise ModelError("export.onnx_dtype", name=name[:60], got=array.dtype, wanted=self.dtype)
        return array.astype(np.float64)

    def scalar(self, node: Any, name: str) -> Any:
        """The constant of one number."""
        array = self.constants.get(name)
        if array is None or array.size != 1:
            refuse(node)
        return array.reshape(-1)[0]


NodeReader = Callable[[GraphState, Any, dict[str, Any]], Value]  # (state, node, its attributes) -> what the node makes


def refuse(node: Any) -> NoReturn:
    """Raises ``ModelError`` for a node that no plain network has."""
    operator, known = str(node.op_type)[:40], ", ".join(NAMED_OPERATORS)
    raise ModelError("export.onnx_unsupported", name=label(node), operator=operator, known=known)
