"""`from_onnx`: a plain fully connected ONNX graph (products with constants, formulas between them) → a network."""

from __future__ import annotations

import math
import warnings
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from ...errors import ModelError
from ...file_access import reading
from ...network import Network
from ...words import say
from .constant_nodes import constant, folded_constant
from .formula_nodes import FORMULA_NODES
from .layer_nodes import LAYER_NODES, PRODUCTS
from .shape_nodes import SHAPE_NODES
from .state import GraphState, NodeReader, refuse
from .tensors import array, attributes, float_type, label, parse_model
from .values import Value, network_layers

_FLOAT_TYPES = (1, 11)  # ONNX element types
_NODE_READERS: Mapping[str, NodeReader] = {**FORMULA_NODES, **SHAPE_NODES, **LAYER_NODES}


def from_onnx(path: str | Path) -> Network:
    """The network in an ONNX file whose graph is plain: one input, fully connected layers, activations between them.

    Read are Gemm, MatMul with Add, products side by side (Gather, Gemm, Concat), elementwise operators (also several
    that make up one activation, such as x * Sigmoid(x)), scales and shifts by columns, BatchNormalization, Dropout,
    Flatten, Identity, Reshape to rows, Constant. Known functions become activations by name, others by formula. Of
    several outputs the first one of floats is taken. A Softmax at the end is left off, with a ``UserWarning``: the
    network gives the numbers before it.

    Parameters
    ----------
    path : str or Path
        The file. Nothing outside it is opened, and no array is made larger than the file.

    Returns
    -------
    Network
        The network, in the graph's dtype (float32 or float64).

    Raises
    ------
    ModelError
        One line that names the node or tensor, where anything else stands in the graph; where the file is damaged;
        where onnx is not installed.

    Examples
    --------
    >>> import unbend as ub
    >>> net = ub.Network([ub.Dense(2, 3, "tanh"), ub.Dense(3, 1)], seed=0)
    >>> path = ub.export(net, "model.onnx")  # doctest: +SKIP
    >>> ub.from_onnx(path)([[1.0, 2.0]]) == net([[1.0, 2.0]])  # doctest: +SKIP
    array([[ True]])
    """
    with reading(path, "export.onnx_damaged") as place:
        try:
            network, has_softmax = _network(parse_model(place.read_bytes()))
        except IndexError as error:  # a node with too few inputs
            raise ValueError(type(error).__name__) from error
    if has_softmax:
        warnings.warn(say("export.softmax_left_off", name="Softmax"), UserWarning, stacklevel=2)
    return network


def _network(model: Any) -> tuple[Network, bool]:
    """The network, and whether a softmax followed it."""
    reader = _GraphReader(model)
    value, name = reader.output()
    layers = network_layers(value, reader.state.dtype, name)
    network = Network.from_arrays([(W, b) for W, b, _ in layers], [h for *_, h in layers], reader.state.dtype)
    if reader.state.columns not in (None, network.inputs):
        raise ModelError("export.onnx_shape", name=reader.input, got=reader.state.columns, wanted=network.inputs)
    for part, array_ in network.parameters.items():
        if not np.isfinite(array_).all():
            raise ModelError("network.not_finite", name=part)
    return network, value.has_softmax


class _GraphReader:
    """Walks the nodes in the graph's order, which the standard requires to be topological."""

    def __init__(self, model: Any) -> None:
        graph = model.graph
        self.graph = graph
        if graph.sparse_initializer:
            raise ModelError("export.onnx_unsupported", name="sparse_initializer", operator="sparse", known="dense")
        self.tensors: dict[str, Any] = {}  # read when a node that counts uses them
        for tensor in graph.initializer:
            self._once(tensor.name, self.tensors)
            self.tensors[tensor.name] = tensor
        inputs = [i for i in graph.input if i.name not in self.tensors]
        if len(inputs) != 1:
            raise ModelError("export.onnx_inputs", got=len(inputs))
        self.input = inputs[0].name
        tensor_type = inputs[0].type.tensor_type
        dimensions = list(tensor_type.shape.dim) if tensor_type.HasField("shape") else []
        sizes = [d.dim_value if d.HasField("dim_value") else None for d in dimensions]
        self.state = GraphState(float_type(tensor_type.elem_type, self.input), _columns(sizes))
        self.state.values[self.input] = Value(None, is_flat=len(sizes) <= 2)

    def output(self) -> tuple[Value, str]:
        """The value of the first output of floats, and its name."""
        outputs = [o.name for o in self.graph.output if o.type.tensor_type.elem_type in _FLOAT_TYPES]
        if not outputs:
            raise ModelError("export.onnx_output")
        made = {self.input}
        for name in (name for node in self.graph.node for name in node.output if name):
            self._once(name, made, self.tensors)
            made.add(name)
        for i in sorted(self._required(outputs[0])):  # in the graph's order
            self._read(self.graph.node[i])
        if outputs[0] not in self.state.values or self.state.values[outputs[0]].selected is not None:
            raise ModelError("export.onnx_no_layer")
        return self.state.values[outputs[0]], outputs[0]

    def _once(self, name: str, *tables: Any) -> None:
        if any(name in table for table in tables):
            raise ModelError("export.onnx_twice", name=name[:60])

    def _required(self, output: str) -> set[int]:
        """The nodes that the output depends on."""
        makers = {name: i for i, node in enumerate(self.graph.node) for name in node.output if name}
        required: set[int] = set()
        waiting = [output]
        while waiting:
            i = makers.get(waiting.pop())
            if i is not None and i not in required:
                required.add(i)
                waiting.extend(self.graph.node[i].input)
        return required

    def _read(self, node: Any) -> None:
        """Add what the node makes to the values or the constants."""
        state = self.state
        if node.domain not in ("", "ai.onnx"):
            refuse(node)
        for name in node.input:
            self._check_input(node, name)
        settings = attributes(node)
        if node.op_type == "Constant":
            state.constants[node.output[0]] = constant(node, settings)
        elif all(name in state.constants for name in node.input if name):
            state.constants[node.output[0]] = folded_constant(state, node, settings)
        elif node.op_type in _NODE_READERS:
            state.values[node.output[0]] = _NODE_READERS[node.op_type](state, node, settings)
        else:
            refuse(node)

    def _check_input(self, node: Any, name: str) -> None:
        state = self.state
        if name in self.tensors and name not in state.constants:
            state.constants[name] = array(self.tensors[name], name)
        if name and name not in state.values and name not in state.constants:
            raise ModelError("export.onnx_unmade", name=label(node), value=name[:60])
        if name in state.values and state.values[name].selected is not None and node.op_type not in PRODUCTS:
            refuse(node)
        if name in state.values and state.values[name].has_softmax:
            raise ModelError("export.onnx_after_softmax", name=label(node), operator=node.op_type)


def _columns(sizes: list[int | None]) -> int | None:
    """The number of columns of an input of these sizes, rows first, where all of them are known."""
    inner = sizes[1:] if len(sizes) > 1 else sizes
    known = [size for size in inner if size is not None]
    return math.prod(known) if known and len(known) == len(inner) else None
