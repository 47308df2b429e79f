"""Plain fully connected ONNX graphs as networks: products with constants, and formulas of one value between them."""

from __future__ import annotations

import math
import warnings
from pathlib import Path
from typing import Any

import numpy as np

from ...errors import ModelError
from ...network import Network
from ...network.file_access import reading
from ...words import say
from .node_readers import Nodes
from .tensors import array, attributes, float_type, label, read_model
from .values import Value, layers


def from_onnx(path: str | Path) -> Network:
    """The network in an ONNX file whose graph is plain: one input, fully connected layers, activations between them.

    Read are Gemm, MatMul with Add, elementwise operators (also several that make up one activation, such as
    x * Sigmoid(x)), scales and shifts by columns, BatchNormalization, Dropout, Flatten, Identity, Reshape to rows,
    Constant. Known functions become activations by name, others by formula. Of several outputs the first of floats
    counts. A Softmax at the end is left off, with a ``UserWarning``: the network answers the numbers before it.
    Nothing outside the file is opened, and no array is made larger than the file.

    Raises ``ModelError``, one line that names the node or tensor, where anything else stands in the graph.
    """
    with reading(path, "export.onnx_damaged") as place:
        try:
            net, ended = _network(read_model(place.read_bytes()))
        except IndexError as error:  # a node with too few inputs
            raise ValueError(type(error).__name__) from error
    if ended:
        warnings.warn(say("export.softmax_left_off", name="Softmax"), UserWarning, stacklevel=2)
    return net


def _network(model: Any) -> tuple[Network, bool]:
    """The network, and whether a softmax stood behind it."""
    reader = _Reader(model)
    value, name = reader.output()
    found = layers(value, reader.dtype, name)
    net = Network.from_arrays([(W, b) for W, b, _ in found], [h for *_, h in found], reader.dtype)
    if reader.columns not in (None, net.inputs):
        raise ModelError("export.onnx_shape", name=reader.input, got=reader.columns, wanted=net.inputs)
    for part, numbers in net.parameters.items():
        if not np.isfinite(numbers).all():
            raise ModelError("network.not_finite", name=part)
    return net, value.ended


class _Reader(Nodes):
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
        self.constants = {}  # read when a node that counts uses them
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
        self.values = {self.input: Value(None, flat=len(sizes) <= 2)}

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
            self.refuse(node)
        for name in node.input:
            if name in self.tensors and name not in self.constants:
                self.constants[name] = array(self.tensors[name], name)
            if name and name not in self.values and name not in self.constants:
                raise ModelError("export.onnx_unmade", name=where, value=name[:60])
            if name in self.values and self.values[name].ended:
                raise ModelError("export.onnx_after_softmax", name=where, operator=node.op_type)
        if node.op_type == "Constant":
            self.constants[node.output[0]] = self.constant(node, given)
        elif all(name in self.constants for name in node.input if name):
            self.constants[node.output[0]] = self.folded(node, given)
        else:
            self.values[node.output[0]] = self.made(node, given, where)
