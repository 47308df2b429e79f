"""Exported ONNX models, run by onnxruntime: the network's answers, classes, filled missing values, opsets."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

import unbend as ub
from unbend.errors import ModelError
from unbend.export import exported
from unbend.export.conversion import to_export_model
from unbend.export.export_model import fill_missing
from unbend.network import Scaler, fold

from .models import FAR, LABELS, OWN, raw_rows, table_model

onnx = pytest.importorskip("onnx")
ort = pytest.importorskip("onnxruntime")

RNG = np.random.default_rng(3)
MORE = ["atan(x) + asin(x/1001)", "acos(x/1001)", "asinh(x)", "acosh(abs(x) + 1)", "atanh(x/1001)", "sinh(x/50)",
        "cosh(x/50)", "erf(x)", "expm1(x/50)", "atan2(x, x**2 - 3)", "log2(1 + x**2) + log10(x**2 + 1)",
        "floor(x) + ceil(x/3)", "tan(x/700)", "erfc(x/40)", "(x != 0)*1 + (x <= 1)"]  # fmt: skip


def session(content: Any) -> Any:
    return ort.InferenceSession(bytes(content), providers=["CPUExecutionProvider"])


def run(content: Any, x: np.ndarray) -> list[Any]:
    return list(session(content).run(None, {"x": x}))


@pytest.mark.parametrize("kind", ["float32", "float64"])
def test_every_activation_dtype_and_batch_size(kind: str) -> None:
    eps = float(np.finfo(kind).eps)
    for i, name in enumerate([*ub.activations, *OWN, *MORE]):
        alone = ub.Network.from_arrays([([[1.0]], [0.0])], [name], dtype=kind)
        far, answers = FAR.astype(kind), run(exported(alone, "onnx"), FAR.astype(kind))[0]
        assert answers.dtype == np.dtype(kind)
        with np.errstate(all="ignore"):
            wanted = alone(far)
        steep = 1000 if name in MORE else 1  # sinh, tan and their like magnify the last bit of x
        np.testing.assert_allclose(answers, wanted, rtol=16 * steep * eps, atol=4 * eps, err_msg=name)
        net = ub.Network([ub.Dense(3, 4, name), ub.Dense(4, 2)], seed=i, dtype=kind)
        runner = session(exported(net, "onnx"))
        for rows in (0, 1, 2, 7, 300):
            x = RNG.normal(size=(rows, 3)).astype(kind)
            got = runner.run(None, {"x": x})[0]
            assert got.shape == (rows, 2)
            np.testing.assert_allclose(got, net(x), rtol=64 * eps, atol=64 * eps, err_msg=name)


@pytest.mark.parametrize("opset", [17, 18, 20, 21])
def test_opsets(opset: int) -> None:
    net = ub.Network([ub.Dense(3, 8, "gelu"), ub.Dense(8, 8, "hard_sigmoid"), ub.Dense(8, 1)], seed=0)
    content = exported(net, "onnx", opset=opset)
    model = onnx.load_model_from_string(content)
    assert model.opset_import[0].version == opset
    assert ("Gelu" in {n.op_type for n in model.graph.node}) == (opset >= 20)
    x = RNG.normal(size=(9, 3)).astype(np.float32)
    np.testing.assert_allclose(run(content, x)[0], net(x), atol=1e-6)
    for wrong in (16, 1000):
        with pytest.raises(ModelError, match="opset"):
            exported(net, "onnx", opset=wrong)


def test_scales_are_folded_in(tmp_path: Path) -> None:
    """A network trained on scaled columns takes raw ones."""
    x = RNG.normal(50, [1, 200, 0.01], (60, 3))
    y = x @ [1.0, -0.02, 30.0] + 5
    trained, _ = ub.train(ub.Network([ub.Dense(3, 4, "tanh"), ub.Dense(4, 1)], seed=0), x, y, epochs=2)
    path = ub.export(trained, tmp_path / "m.onnx")
    np.testing.assert_allclose(run(path.read_bytes(), x.astype(np.float32))[0], trained(x), rtol=2e-4)
    net = ub.Network([ub.Dense(3, 4, "tanh"), ub.Dense(4, 1)], seed=0, dtype="float64")
    sx, sy = Scaler.of(x), Scaler.of(y[:, None])
    got = run(exported(fold(net, sx, sy), "onnx"), x)[0]
    np.testing.assert_allclose(got, sy.inverse(net(sx(x))), rtol=1e-10)


@pytest.mark.parametrize("count", [0, 2, 3])
def test_table_models(count: int) -> None:
    model, table = table_model("numbers", tuple(LABELS[:count]))
    x = raw_rows(table)
    content = exported(model, "onnx", "mine")
    y, *more = run(content, x)
    np.testing.assert_allclose(y, model.output(table), rtol=1e-11)
    x[5, 3], x[6, 1], x[8, 0] = np.nan, np.inf, -np.inf
    what = to_export_model(model)
    assert what.features is not None
    np.testing.assert_allclose(run(content, x)[0], model.network(fill_missing(what.features, x)), rtol=1e-11)
    if count:
        np.testing.assert_allclose(more[0], model.probabilities(table), rtol=1e-11)
        assert more[1].tolist() == model.predict(table).tolist()
    meta = {p.key: p.value for p in onnx.load_model_from_string(content).metadata_props}
    assert meta["columns"] == '["나이 */", "when", "ok", "b"]' and ("classes" in meta) == bool(count)


def test_encoded_columns_are_named() -> None:
    model, table = table_model("encoded")
    content = exported(model, "onnx")
    np.testing.assert_allclose(run(content, model.encoder.transform(table))[0], model.output(table), rtol=1e-11)
    assert all(name in onnx.load_model_from_string(content).doc_string for name in model.encoder.names)
