"""Libraries timed at inference: each function gives a call that is timed from NumPy array to NumPy array."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import Any

import numpy as np

from ..engine import compiled
from ..network import Network
from .workload import NotAvailable

Answer = Callable[[], object]
Builder = Callable[[Network, Any, int], Answer]


def unbend(net: Network, x: Any, threads: int) -> Answer:
    """The network as ``unbend.engine.compiled`` gives it."""
    answer = compiled(net)
    return lambda: answer(x)


def products(net: Network, x: Any, threads: int) -> Answer:
    """The products alone, by NumPy."""
    buffers = [np.empty((len(x), W.shape[1]), W.dtype) for W, _ in net.arrays]

    def run() -> None:
        h = x
        for (W, _), buffer in zip(net.arrays, buffers, strict=True):
            np.matmul(h, W, out=buffer)
            h = buffer

    return run


def numpy(net: Network, x: Any, threads: int) -> Answer:
    """``net(x)``: the plain NumPy network."""
    return lambda: net(x)


def torch(net: Network, x: Any, threads: int) -> Answer:
    """PyTorch in ``inference_mode``, from a NumPy array to a NumPy array."""
    try:
        torch: Any = import_module("torch")
    except ImportError as error:
        raise NotAvailable(str(error)) from None
    bends = {"relu": torch.nn.ReLU, "sigmoid": torch.nn.Sigmoid, "tanh": torch.nn.Tanh, "identity": torch.nn.Identity}
    parts: list[Any] = []
    for layer in net.layers:
        linear = torch.nn.Linear(layer.inputs, layer.outputs)
        linear.load_state_dict({"weight": torch.from_numpy(layer.W.T.copy()), "bias": torch.from_numpy(layer.b.copy())})
        parts += [linear, bends[layer.activation.name]()]
    model = torch.nn.Sequential(*parts[:-1]).eval()

    def run() -> Any:
        with torch.inference_mode():
            return model(torch.from_numpy(x)).numpy()

    return run


def onnxruntime(net: Network, x: Any, threads: int) -> Answer:
    """ONNX Runtime with the same weights: Gemm and the activation per layer."""
    try:
        onnx: Any = import_module("onnx")
        runtime: Any = import_module("onnxruntime")
    except ImportError as error:
        raise NotAvailable(str(error)) from None
    make, floats = onnx.helper, onnx.TensorProto.FLOAT
    nodes, weights, flow = [], [], "x"
    for i, layer in enumerate(net.layers):
        weights += [onnx.numpy_helper.from_array(np.array(a), f"{n}{i}") for n, a in (("W", layer.W), ("b", layer.b))]
        nodes.append(make.make_node("Gemm", [flow, f"W{i}", f"b{i}"], [f"z{i}"]))
        flow = f"z{i}"
        if layer.activation.name != "identity":
            nodes.append(make.make_node(layer.activation.name.capitalize(), [flow], [f"h{i}"]))
            flow = f"h{i}"
    ends = [make.make_tensor_value_info(n, floats, [None, k]) for n, k in (("x", net.inputs), (flow, net.outputs))]
    graph = make.make_graph(nodes, "network", ends[:1], ends[1:], weights)
    model = make.make_model(graph, opset_imports=[make.make_opsetid("", 17)], ir_version=9)
    options = runtime.SessionOptions()
    options.intra_op_num_threads, options.inter_op_num_threads = threads, 1
    session = runtime.InferenceSession(model.SerializeToString(), options, providers=["CPUExecutionProvider"])
    return lambda: session.run(None, {"x": x})


INFERENCE_BACKENDS: dict[str, Builder] = {
    "unbend": unbend,
    "products alone": products,
    "ONNX Runtime": onnxruntime,
    "PyTorch": torch,
    "NumPy": numpy,
}
