"""ONNX files (`parse_model`) and the arrays in them (`array`): sizes are checked before anything is allocated."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from ...arrays import Array
from ...errors import ModelError
from ..optional_packages import require_package

# ONNX element types: NumPy's type and the field that holds numbers when raw_data does not
_TYPES = {1: ("<f4", "float_data"), 11: ("<f8", "double_data"), 7: ("<i8", "int64_data"), 6: ("<i4", "int32_data")}
_NAMES = {1: "float32", 11: "float64"}


def parse_model(content: bytes) -> Any:
    """The model in an ONNX file's bytes. Raises ``ValueError`` where they are none."""
    onnx = require_package("onnx", "export")
    errors = require_package("google.protobuf.message")  # a dependency of onnx
    try:
        model = onnx.load_model_from_string(content)
    except errors.DecodeError as error:
        raise ValueError(str(error)) from None
    if not model.HasField("graph") or not model.graph.node:
        raise ValueError("no nodes")
    return model


def array(tensor: Any, where: str) -> Array:
    """A tensor's numbers.

    Raises ``ModelError`` where they are stored outside the file, are of another type than float32, float64, int32 and
    int64, where their count differs from the product of the shape, and for NaN or infinity among several numbers (a
    single number may be infinite, such as a bound of ``Clip``).
    """
    if tensor.data_location or tensor.external_data:
        raise ModelError("export.onnx_external", name=_short(where))
    if tensor.data_type not in _TYPES:
        raise ModelError("export.onnx_tensor_type", name=_short(where), got=tensor.data_type)
    dtype, field = _TYPES[tensor.data_type]
    shape = tuple(tensor.dims)
    raw = tensor.raw_data
    count = len(raw) // np.dtype(dtype).itemsize if raw else len(getattr(tensor, field))
    remainder = len(raw) % np.dtype(dtype).itemsize if raw else 0
    if min(shape, default=0) < 0 or math.prod(shape) != count or remainder or tensor.HasField("segment"):
        raise ModelError("export.onnx_tensor_size", name=_short(where), shape=_short(str(shape)), got=count)
    flat = np.frombuffer(raw, dtype=dtype) if raw else np.array(getattr(tensor, field), dtype=dtype)
    if flat.dtype.kind == "f" and not np.isfinite(flat).all() and flat.size > 1:
        raise ModelError("network.not_finite", name=_short(where))
    return flat.reshape(shape)


def float_type(element: int, where: str) -> np.dtype[Any]:
    """The dtype of an ONNX element type; raises ``ModelError`` for all but float32 and float64."""
    if element not in _NAMES:
        raise ModelError("export.onnx_tensor_type", name=_short(where), got=element)
    return np.dtype(_NAMES[element])


def attributes(node: Any) -> dict[str, Any]:
    """A node's attributes by name; tensors as arrays."""
    from onnx import helper

    values: dict[str, Any] = {}
    for attribute in node.attribute:
        name = attribute.name
        is_tensor = attribute.HasField("t")
        value = array(attribute.t, label(node)) if is_tensor else helper.get_attribute_value(attribute)
        values[name] = value.decode("utf-8", "replace") if isinstance(value, bytes) else value
    return values


def label(node: Any) -> str:
    """How a message calls a node: its name, or what it makes."""
    return _short(node.name or (node.output[0] if node.output else "") or node.op_type)


def _short(text: str) -> str:
    return "".join(c if c.isprintable() else "?" for c in text[:60])
