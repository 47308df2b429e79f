"""ONNX graphs read as networks, against onnxruntime; graphs and files that are refused."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import unbend as ub
from unbend.errors import ModelError
from unbend.export.onnx.layer_nodes import LAYER_NODES
from unbend.export.onnx.shape_nodes import SHAPE_NODES
from unbend.export.onnx.state import NAMED_OPERATORS

from .models import table_model

onnx = pytest.importorskip("onnx")
ort = pytest.importorskip("onnxruntime")
from onnx import TensorProto, helper, numpy_helper  # noqa: E402

RNG = np.random.default_rng(3)


def session(content: Any) -> Any:
    return ort.InferenceSession(bytes(content), providers=["CPUExecutionProvider"])


def run(content: Any, x: np.ndarray) -> list[Any]:
    return list(session(content).run(None, {"x": x}))


@pytest.mark.parametrize("kind", ["float32", "float64"])
def test_what_went_out_comes_back(kind: str, tmp_path: Path) -> None:
    own = ["max(x, 0.2*x)", "x*exp(-x**2)", "where(x > 1, x**3, -x)"]
    for i, name in enumerate([*ub.activations, *own]):
        for opset in (17, 20):
            net = ub.Network([ub.Dense(3, 4, name), ub.Dense(4, 2)], seed=i, dtype=kind)
            again = ub.from_onnx(ub.export(net, tmp_path / "m.onnx", opset=opset))
            assert again.layers[0].activation.name == name and again.dtype == net.dtype
            for part, numbers in net.parameters.items():
                np.testing.assert_array_equal(again.parameters[part], numbers)


def test_labels_are_passed_over(tmp_path: Path) -> None:
    for outputs, labels in ((3, ["a", "b", "c"]), (1, ["no", "yes"])):
        net = ub.Network([ub.Dense(2, 4, "gelu"), ub.Dense(4, outputs)], seed=0)
        again = ub.from_onnx(ub.export(net, tmp_path / "m.onnx", classes=labels))
        np.testing.assert_array_equal(again([[0.5, -1.0]]), net([[0.5, -1.0]]))
    model, _ = table_model("numbers")
    ub.export(model, tmp_path / "t.onnx")
    with pytest.raises(ModelError, match=r"Less|Concat|Where|Not|Cast|Gather"):  # filling is no plain layer
        ub.from_onnx(tmp_path / "t.onnx")


Node = tuple[Any, ...]
W1, B1, W2, B2 = RNG.normal(size=(3, 4)), RNG.normal(size=4), RNG.normal(size=(4, 2)), RNG.normal(size=2)


def graph(
    nodes: list[Any], constants: dict[str, Any], kind: int = TensorProto.FLOAT, shape: Any = ("n", 3), **more: Any
) -> bytes:
    """A model of nodes from "x" to "y"."""
    dtype = np.float32 if kind == TensorProto.FLOAT else np.float64
    tensors = [numpy_helper.from_array(np.asarray(v, dtype=None if np.asarray(v).dtype.kind == "i" else dtype), k)
               for k, v in constants.items()]  # fmt: skip
    made = [helper.make_node(n[0], n[1].split(), n[2].split(), **(n[3] if len(n) > 3 else {})) for n in nodes]
    body = helper.make_graph(made, "g", [helper.make_tensor_value_info("x", kind, shape)],
                             [helper.make_tensor_value_info("y", kind, None)], tensors)  # fmt: skip
    opset = more.get("opset", 17)
    return bytes(
        helper.make_model(body, opset_imports=[helper.make_opsetid("", opset)], ir_version=9).SerializeToString()
    )


LAYERS = {"W1": W1, "b1": B1, "W2": W2, "b2": B2}
FIRST, LAST = ("Gemm", "x W1 b1", "z"), ("Gemm", "h W2 b2", "y")
READ: dict[str, tuple[list[Any], dict[str, Any], tuple[str, ...]]] = {
    "matmul and add": ([("MatMul", "x W1", "m"), ("Add", "m b1", "z"), ("Relu", "z", "h"), ("MatMul", "h W2", "n"),
                        ("Add", "b2 n", "y")], LAYERS, ("relu", "identity")),
    "transposed and scaled": ([("Gemm", "x T b1", "z", {"transB": 1, "alpha": 0.5, "beta": 2.0}), ("Tanh", "z", "h"),
                               LAST], LAYERS | {"T": W1.T}, ("tanh", "identity")),
    "no bias": ([("Gemm", "x W1", "z"), ("Sigmoid", "z", "h"), ("MatMul", "h W2", "y")], LAYERS,
                ("sigmoid", "identity")),
    "a bias of rows": ([("Gemm", "x W1 r", "z"), ("Softplus", "z", "h"), LAST], LAYERS | {"r": B1[None]},
                       ("softplus", "identity")),
    "one column": ([("MatMul", "x c", "m"), ("Add", "m one", "y")], {"c": W1[:, :1], "one": [0.3]}, ("identity",)),
    "transposed by a node": ([("Transpose", "T", "W"), ("MatMul", "x W", "z"), ("Softsign", "z", "h"), LAST],
                             LAYERS | {"T": W1.T}, ("softsign", "identity")),
    "silu of two nodes": ([FIRST, ("Sigmoid", "z", "s"), ("Mul", "z s", "h"), LAST], LAYERS, ("silu", "identity")),
    "mish of three nodes": ([FIRST, ("Softplus", "z", "s"), ("Tanh", "s", "t"), ("Mul", "t z", "h"), LAST], LAYERS,
                            ("mish", "identity")),
    "gelu by erf": ([FIRST, ("Div", "z root", "a"), ("Erf", "a", "e"), ("Add", "e one", "p"), ("Mul", "z p", "q"),
                     ("Mul", "q half", "h"), LAST], LAYERS | {"root": 2**0.5, "one": 1.0, "half": 0.5},
                    ("gelu", "identity")),
    "clip": ([FIRST, ("Clip", "z low high", "h"), LAST], LAYERS | {"low": 0.0, "high": 6.0}, ("relu6", "identity")),
    "clip one side": ([FIRST, ("Clip", "z low", "h"), LAST], LAYERS | {"low": 0.0}, ("relu", "identity")),
    "leaky": ([FIRST, ("LeakyRelu", "z", "h", {"alpha": 0.2}), LAST], LAYERS, ("where(x >= 0, x, 0.2*x)", "identity")),
    "prelu": ([FIRST, ("PRelu", "z a", "h"), LAST], LAYERS | {"a": 0.01}, ("leaky_relu", "identity")),
    "shapes": ([("Flatten", "x", "f"), ("Identity", "f", "i"), ("Reshape", "i s", "r"), ("Gemm", "r W1 b1", "z"),
                ("Dropout", "z", "d"), ("Elu", "d", "h"), LAST], LAYERS | {"s": np.array([-1, 3])},
               ("elu", "identity")),
    "input scaled": ([("Sub", "x m", "c"), ("Div", "c s", "d"), ("Gemm", "d W1 b1", "z"), ("Abs", "z", "h"), LAST],
                     LAYERS | {"m": [1.0, 2, 3], "s": [2.0, 0.5, 4]}, ("abs", "identity")),
    "input divided": ([("Div", "x s", "d"), ("Gemm", "d W1 b1", "y")], LAYERS | {"s": 255.0}, ("identity",)),
    "output scaled": ([FIRST, ("Relu", "z", "h"), ("Gemm", "h W2 b2", "o"), ("Mul", "o s", "p"), ("Add", "p m", "y")],
                      LAYERS | {"s": [2.0, 3], "m": [[1.0, -1]]}, ("relu", "identity")),
    "batch normalisation": ([FIRST, ("BatchNormalization", "z g o m v", "n"), ("Relu", "n", "h"), LAST],
                            LAYERS | {"g": [1.0, 2, 3, 4], "o": B1, "m": B1 / 2, "v": [1.0, 0.5, 2, 1]},
                            ("relu", "identity")),
    "a scale between layers": ([FIRST, ("Sin", "z", "k"), ("Mul", "k s", "h"), LAST], LAYERS | {"s": [1.0, 2, 3, 4]},
                               ("sin", "identity")),
    "silu of a scaled input": ([("Mul", "x s", "a"), ("Sigmoid", "a", "b"), ("Mul", "a b", "c"),
                                ("Gemm", "c W1 b1", "y")], LAYERS | {"s": [1.0, 2, 3]}, ("silu", "identity")),
    "nobody needs it": ([FIRST, ("Loop", "z", "q"), ("Relu", "z", "h"), LAST], LAYERS, ("relu", "identity")),
}  # fmt: skip


@pytest.mark.parametrize("name", READ)
@pytest.mark.parametrize("kind", [TensorProto.FLOAT, TensorProto.DOUBLE])
def test_graphs_of_others(name: str, kind: int, tmp_path: Path) -> None:
    nodes, constants, activations = READ[name]
    (tmp_path / "m.onnx").write_bytes(content := graph(nodes, constants, kind))
    net = ub.from_onnx(tmp_path / "m.onnx")
    found = tuple(layer.activation.name for layer in net.layers)
    if not (kind == TensorProto.DOUBLE and name in ("leaky", "gelu by erf")):  # attributes are float32 numbers
        assert found == activations
    single = {"gelu by erf", "silu of two nodes", "mish of three nodes", "no bias"}
    skip = name == "nobody needs it" or (kind == TensorProto.DOUBLE and name in single | {
        "mish of three nodes", "shapes", "a bias of rows", "transposed by a node"})  # fmt: skip
    x = RNG.normal(0, 2, (6, 3)).astype(np.float32 if kind == TensorProto.FLOAT else np.float64)
    if not skip:  # onnxruntime has no double kernels for some of them
        wanted = run(content, x)[0]
        np.testing.assert_allclose(net(x), wanted, rtol=1e-5 if kind == TensorProto.FLOAT else 1e-12, atol=2e-6
                                   if kind == TensorProto.FLOAT else 1e-13)  # fmt: skip


def test_gelu_of_opset_20_and_a_softmax_at_the_end(tmp_path: Path) -> None:
    nodes = [FIRST, ("Gelu", "z", "h"), ("Gemm", "h W2 b2", "o"), ("Softmax", "o", "y", {"axis": -1})]
    (tmp_path / "m.onnx").write_bytes(content := graph(nodes, LAYERS, opset=20))
    with pytest.warns(UserWarning, match="Softmax at the end is omitted"):
        net = ub.from_onnx(tmp_path / "m.onnx")
    assert net.layers[0].activation.name == "gelu"
    x = RNG.normal(size=(5, 3)).astype(np.float32)
    np.testing.assert_allclose(ub.network.softmax(net(x)), run(content, x)[0], atol=1e-6)
    (tmp_path / "t.onnx").write_bytes(
        content := graph([FIRST, ("Gelu", "z", "h", {"approximate": "tanh"}), LAST], LAYERS, opset=20)
    )
    np.testing.assert_allclose(ub.from_onnx(tmp_path / "t.onnx")(x), run(content, x)[0], atol=2e-6)


def test_pictures_are_flattened(tmp_path: Path) -> None:
    nodes = [("Flatten", "x", "f"), ("Gemm", "f W b", "y")]
    constants = {"W": RNG.normal(size=(8, 2)), "b": B2}
    (tmp_path / "m.onnx").write_bytes(content := graph(nodes, constants, shape=("n", 2, 2, 2)))
    x = RNG.normal(size=(3, 2, 2, 2)).astype(np.float32)
    np.testing.assert_allclose(ub.from_onnx(tmp_path / "m.onnx")(x.reshape(3, 8)), run(content, x)[0], atol=1e-5)


def edited(change: Callable[[Any], Any]) -> bytes:
    model = onnx.load_model_from_string(graph([FIRST, ("Relu", "z", "h"), LAST], LAYERS))
    change(model.graph)
    return bytes(model.SerializeToString())


def external(g: Any, path: str) -> None:
    tensor = g.initializer[0]
    tensor.ClearField("raw_data")
    tensor.data_location = TensorProto.EXTERNAL
    entry = tensor.external_data.add()
    entry.key, entry.value = "location", path


def shaped(g: Any, dims: list[int]) -> None:
    del g.initializer[0].dims[:]
    g.initializer[0].dims.extend(dims)


def typed(g: Any, number: int) -> None:
    g.initializer[0].data_type = number


def renamed(g: Any, node: int, name: str) -> None:
    g.node[node].output[0] = name


def fed(g: Any, node: int, i: int, name: str) -> None:
    g.node[node].input[i] = name


def poisoned(g: Any) -> None:
    g.initializer[0].CopyFrom(numpy_helper.from_array(np.full((3, 4), np.nan, np.float32), "W1"))


OTHERS = {"Wh": np.ones((3, 4)), "k": np.ones((1, 1, 3)), "pads": np.array([0, 0])}
REFUSED: dict[str, tuple[bytes, str, str]] = {
    "empty": (b"", "export.onnx_damaged", "m.onnx"),
    "text": (b"hello, I am a model" * 9, "export.onnx_damaged", "m.onnx"),
    "truncated": (edited(lambda g: None)[:-40], "export.onnx_damaged", "m.onnx"),
    "external data": (edited(lambda g: external(g, "../../etc/passwd")), "export.onnx_external", "W1"),
    "external data, absolute": (edited(lambda g: external(g, "/etc/passwd")), "export.onnx_external", "W1"),
    "10^12 numbers": (edited(lambda g: shaped(g, [10**6, 10**6])), "export.onnx_tensor_size", "W1"),
    "10^18 rows": (edited(lambda g: shaped(g, [10**18, 4])), "export.onnx_tensor_size", "W1"),
    "a product that overflows": (edited(lambda g: shaped(g, [2**62, 4, 2**62])), "export.onnx_tensor_size", "W1"),
    "negative sizes": (edited(lambda g: shaped(g, [-3, -4])), "export.onnx_tensor_size", "W1"),
    "of another type": (edited(lambda g: typed(g, TensorProto.COMPLEX64)), "export.onnx_tensor_type", "W1"),
    "of no type": (edited(lambda g: typed(g, 0)), "export.onnx_tensor_type", "W1"),
    "double weights": (edited(lambda g: (typed(g, TensorProto.DOUBLE), shaped(g, [3, 2]))), "export.onnx_dtype", "W1"),
    "transposed": (edited(lambda g: shaped(g, [4, 3])), "export.onnx_shape", "4"),
    "NaN": (edited(poisoned), "network.not_finite", "W1"),
    "a name twice": (edited(lambda g: renamed(g, 1, "z")), "export.onnx_twice", "z"),
    "an initializer twice": (edited(lambda g: g.initializer.append(g.initializer[0])), "export.onnx_twice", "W1"),
    "a cycle": (edited(lambda g: fed(g, 0, 0, "h")), "export.onnx_unmade", "h"),
    "out of order": (edited(lambda g: (g.node.append(g.node[0]), g.node.remove(g.node[0]))), "export.onnx_unmade", "z"),
    "a gap": (edited(lambda g: fed(g, 1, 0, "nothing")), "export.onnx_unmade", "nothing"),
    "two inputs": (edited(lambda g: g.input.append(helper.make_tensor_value_info("x2", 1, [1, 3]))),
                   "export.onnx_inputs", "2"),
    "no input": (edited(lambda g: g.input.remove(g.input[0])), "export.onnx_inputs", "0"),
    "a wrong number of columns": (graph([FIRST, ("Relu", "z", "h"), LAST], LAYERS, shape=("n", 9)),
                                  "export.onnx_shape", "9"),
    "an output of whole numbers": (edited(lambda g: g.output[0].CopyFrom(
        helper.make_tensor_value_info("y", TensorProto.INT64, None))), "export.onnx_output", "float32"),
    "recurrent": (graph([("LSTM", "x Wh Wh", "y")], OTHERS), "export.onnx_unsupported", "LSTM"),
    "convolution": (graph([("Conv", "x k", "y")], OTHERS, shape=("n", 1, 3)), "export.onnx_unsupported", "Conv"),
    "of another maker": (graph([FIRST, ("Relu", "z", "y", {"domain": "com.microsoft"})], LAYERS),
                         "export.onnx_unsupported", "Relu"),
    "a skip connection": (graph([FIRST, ("Gemm", "z V c", "w"), ("Add", "z w", "y")],
                                LAYERS | {"V": np.eye(4), "c": B1}), "export.onnx_unsupported", "Add"),
    "a softmax inside": (graph([FIRST, ("Softmax", "z", "h"), LAST], LAYERS), "export.onnx_after_softmax", "Gemm"),
    "weights that are made": (graph([FIRST, ("MatMul", "z z", "y")], LAYERS), "export.onnx_weights", "z"),
    "rows normalised": (graph([FIRST, ("ReduceMean", "z", "m"), ("Sub", "z m", "y")], LAYERS),
                        "export.onnx_unsupported", "ReduceMean"),
    "a product with all axes": (graph([FIRST, ("Relu", "z", "h"), LAST], LAYERS, shape=("n", 2, 3)),
                                "export.onnx_not_flat", "z"),
    "no layer": (graph([("Relu", "x", "y")], {}), "export.onnx_no_layer", "Gemm"),
    "no finite activation": (graph([FIRST, ("Log", "z", "h"), LAST], LAYERS), "export.onnx_formula", "log(x)"),
    "a constant that grows": (graph([("ConstantOfShape", "s", "W"), ("MatMul", "x W", "y")],
                                    {"s": np.array([10**6, 10**6])}), "export.onnx_unsupported", "ConstantOfShape"),
    "an outer product": (graph([("Mul", "a b", "W"), ("MatMul", "x W", "y")],
                               {"a": np.ones((500, 1)), "b": np.ones((1, 400))}), "export.onnx_unsupported", "Mul"),
    "columns scaled too wide": (graph([FIRST, ("Mul", "z w", "h"), LAST], LAYERS | {"w": np.ones(7)}),
                                "export.onnx_shape", "7"),
    "a formula that doubles": (graph([FIRST, ("Sin", "z", "s0")]
                                     + [("Add", f"s{i} s{i}", f"s{i + 1}") for i in range(60)]
                                     + [("Add", "s60 z", "y")], LAYERS), "export.onnx_formula", "500"),
    "thousands of steps": (graph([FIRST, ("Sin", "z", "s0")] + [("Sin", f"s{i}", f"s{i + 1}") for i in range(3000)]
                                 + [("Identity", "s3000", "y")], LAYERS), "export.onnx_formula", "500"),
    "a scale of a scale with nobody": (graph([("Mul", "x w", "y")], {"w": np.ones(10_000)}),
                                       "export.onnx_no_layer", "Gemm"),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
@pytest.mark.parametrize("language", ["en", "ko"])
def test_graphs_that_are_refused(name: str, language: str, tmp_path: Path) -> None:
    ub.set_language(language)
    content, key, part = REFUSED[name]
    (tmp_path / "m.onnx").write_bytes(content)
    with pytest.raises(ModelError) as caught:
        ub.from_onnx(tmp_path / "m.onnx")
    assert caught.value.key == key, caught.value
    assert part in str(caught.value) and "\n" not in str(caught.value) and len(str(caught.value)) < 500
    assert os.listdir(tmp_path) == ["m.onnx"]


@given(st.binary(max_size=12), st.integers(0, 600))
@settings(max_examples=80, deadline=None)
def test_any_bytes(tmp_path_factory: pytest.TempPathFactory, noise: bytes, at: int) -> None:
    good = edited(lambda g: None)
    path = tmp_path_factory.mktemp("noise") / "m.onnx"
    path.write_bytes(good[:at] + noise + good[at + len(noise) :])
    try:
        net = ub.from_onnx(path)
    except ModelError:
        return
    assert all(np.isfinite(a).all() for a in net.parameters.values())


def test_without_onnx_it_says_how_to_get_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import sys

    monkeypatch.setitem(sys.modules, "onnx", None)
    with pytest.raises(ModelError, match=r"unbend\[export\]"):
        ub.export(ub.Network([ub.Dense(1, 1)]), tmp_path / "m.onnx")
    assert os.listdir(tmp_path) == []


def test_the_message_names_every_operator_that_is_no_elementwise_function() -> None:
    assert {*NAMED_OPERATORS} == {*LAYER_NODES, *SHAPE_NODES, "Clip", "Where", "Constant"}
