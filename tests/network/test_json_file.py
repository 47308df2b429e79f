"""Model files of JSON: the round trip, bit by bit, and every text that is no model refused."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

import unbend as ub
from unbend.errors import ModelError
from unbend.network.files import as_json as to_text
from unbend.network.files import load_with_extra, save
from unbend.network.json_file import from_json
from unbend.network.shortest_decimals import shortest_decimals


@given(st.sampled_from([np.float32, np.float64]), st.data())
@settings(max_examples=60, deadline=None)
def test_numbers_roundtrip_exactly(tmp_path_factory: pytest.TempPathFactory, kind: Any, data: st.DataObject) -> None:
    width = np.dtype(kind).itemsize * 8
    numbers = st.floats(width=width, allow_nan=False, allow_infinity=False)
    W = data.draw(hnp.arrays(kind, (2, 3), elements=numbers))
    b = data.draw(hnp.arrays(kind, 3, elements=numbers))
    net = ub.Network.from_arrays([(W, b)], ["x*exp(-x**2)"])
    path = ub.save(net, tmp_path_factory.mktemp("json") / "m.json")
    again = ub.load(path)
    assert again.dtype == net.dtype and again.layers[0].activation == net.layers[0].activation
    assert again.layers[0].W.tobytes() == W.tobytes() and again.layers[0].b.tobytes() == b.tobytes()


def test_float32_decimals_roundtrip_through_doubles() -> None:
    bits = np.random.default_rng(0).integers(0, 0x7F800000, 20_000, dtype=np.uint32)
    numbers = bits.view(np.float32)
    texts = shortest_decimals(numbers)
    assert np.array_equal(np.array([float(t) for t in texts]).astype(np.float32), numbers)
    assert np.mean([len(t) for t in texts]) < 14


def test_the_format_as_documented(tmp_path: Path) -> None:
    net = ub.Network([ub.Dense(2, 3, "tanh"), ub.Dense(3, 1, "max(x, 0.2*x)")], seed=1)
    extra = {"나이": [1, 2.5, None]}
    path = save(net, tmp_path / "모델.JSON", extra)
    found = json.loads(path.read_text(encoding="utf-8"))
    assert list(found) == ["format", "version", "dtype", "layers", "extra"]
    assert (found["format"], found["version"], found["dtype"]) == ("unbend.network", 1, "float32")
    x = np.array([0.3, -0.7])
    h = np.tanh(x @ np.array(found["layers"][0]["W"]) + found["layers"][0]["b"])
    z = h @ np.array(found["layers"][1]["W"]) + found["layers"][1]["b"]
    np.testing.assert_allclose(net(x), np.maximum(z, 0.2 * z), rtol=1e-5)
    assert [layer["activation"] for layer in found["layers"]] == ["tanh", "max(x, 0.2*x)"]
    assert load_with_extra(path)[1] == extra and os.listdir(tmp_path) == ["모델.JSON"]


@given(st.integers(1, 5), st.integers(1, 5), st.integers(0, 2**31))
@settings(max_examples=60, deadline=None)
def test_weights_with_many_zeros_are_blocks_and_come_back_bit_by_bit(n: int, m: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    W = np.zeros((8 * n, 9 * m), np.float32)
    for i in range(min(n, m)):
        W[8 * i : 8 * i + 8, 9 * i : 9 * i + 9] = rng.normal(size=(8, 9))
    W[rng.integers(8 * n), rng.integers(9 * m)] = -0.0
    net = ub.Network.from_arrays([(W[:, rng.permutation(9 * m)], rng.normal(size=9 * m).astype(np.float32))], ["tanh"])
    layer = json.loads(to_text(net))["layers"][0]
    again = from_json(json.loads(to_text(net)))
    assert again.layers[0].W.tobytes() == net.layers[0].W.tobytes()
    present = np.count_nonzero((W != 0) | np.signbit(W))
    if "blocks" in layer:
        assert set(layer) == {"inputs", "outputs", "activation", "blocks", "b"}
        assert sum(len(row) for block in layer["blocks"] for row in block["W"]) == present < 0.7 * W.size
    else:
        assert present > 0.3 * W.size


def test_a_network_of_blocks_is_a_fraction_of_the_text() -> None:
    W = np.kron(np.eye(8), np.random.default_rng(0).normal(size=(16, 16))) + 0.0  # no negative zeros
    net = ub.Network.from_arrays([(W, np.zeros(128))], ["relu"])
    dense = ub.Network.from_arrays([(np.random.default_rng(1).normal(size=W.shape), np.zeros(128))], ["relu"])
    assert len(json.loads(to_text(net))["layers"][0]["blocks"]) == 8
    assert len(to_text(net)) < 0.2 * len(to_text(dense))


BLOCK = {"inputs": [0], "outputs": [1], "W": [[2]]}


@pytest.mark.parametrize(
    "blocks",
    [
        {}, [BLOCK, BLOCK], [BLOCK | {"inputs": [2]}], [BLOCK | {"inputs": [-1]}], [BLOCK | {"W": [[1, 2]]}],
        [BLOCK | {"W": [["1"]]}], [BLOCK | {"inputs": [True]}], [{"inputs": [0], "outputs": [1]}], [1], [],
        [{"inputs": [1, 0], "outputs": [1], "W": [[2], [3]]}],
    ],
)  # fmt: skip
def test_blocks_that_do_not_fit_are_refused(blocks: Any, tmp_path: Path) -> None:
    content = json.loads(text())
    del content["layers"][0]["W"]
    path = tmp_path / "m.json"
    content["layers"][0]["blocks"] = [BLOCK]
    path.write_text(json.dumps(content))
    assert ub.load(path).layers[0].W.tolist() == [[0, 2], [0, 0]]
    content["layers"][0]["blocks"] = blocks
    path.write_text(json.dumps(content))
    with pytest.raises(ModelError):
        ub.load(path)


def test_a_small_file_of_a_huge_layer_allocates_nothing(tmp_path: Path) -> None:
    content = json.loads(text())
    content["layers"] = [{"inputs": 10**6, "outputs": 10**6, "activation": "tanh", "blocks": [BLOCK], "b": [0]}]
    (tmp_path / "m.json").write_text(json.dumps(content))
    with pytest.raises(ModelError, match="1000000"):
        ub.load(tmp_path / "m.json")


def text(change: dict[str, Any] | None = None, layer: dict[str, Any] | None = None) -> str:
    first = {"inputs": 2, "outputs": 2, "activation": "tanh", "W": [[1, 2.5], [0, -1]], "b": [0, 1]} | (layer or {})
    whole = {"format": "unbend.network", "version": 1, "dtype": "float64", "extra": {}}
    whole |= {"layers": [{k: v for k, v in first.items() if v is not ...}]} | (change or {})
    return json.dumps({k: v for k, v in whole.items() if v is not ...})


HOSTILE: dict[str, tuple[str | bytes, str]] = {
    "empty": ("", "not_a_model"),
    "no JSON": ("{]", "not_a_model"),
    "not UTF-8": (b"\xff\xfe{}", "not_a_model"),
    "zeros": (b"\0" * 64, "not_a_model"),
    "no object": ("[1]", "not_a_model"),
    "a word": ('"model"', "not_a_model"),
    "truncated": (text()[:-9], "not_a_model"),
    "very deep": ("[" * 200_000, "not_a_model"),
    "deep inside": (text().replace('"extra": {}', '"extra": ' + "[" * 100_000), "not_a_model"),
    "another format": (text({"format": "onnx"}), "other_format"),
    "no format": (text({"format": ...}), "other_format"),
    "another version": (text({"version": 2}), "other_version"),
    "version true": (text({"version": True}), "other_version"),
    "version a list": (text({"version": [1] * 1000}), "other_version"),
    "another dtype": (text({"dtype": "float16"}), "not_a_model"),
    "dtype an object": (text({"dtype": {"a": 1}}), "not_a_model"),
    "no dtype": (text({"dtype": ...}), "not_a_model"),
    "extra a list": (text({"extra": [1]}), "not_a_model"),
    "a key too many": (text({"code": "os.system('true')"}), "not_a_model"),
    "no layers": (text({"layers": ...}), "not_a_model"),
    "an empty list of layers": (text({"layers": []}), "not_a_model"),
    "layers an object": (text({"layers": {"0": {}}}), "not_a_model"),
    "a layer a number": (text({"layers": [5]}), "json_layer"),
    "a layer without b": (text(layer={"b": ...}), "json_layer"),
    "a layer with more": (text(layer={"run": 1}), "json_layer"),
    "10^12 inputs": (text(layer={"inputs": 10**12}), "json_numbers"),
    "10^12 by 10^12": (text(layer={"inputs": 10**12, "outputs": 10**12, "W": [], "b": []}), "json_numbers"),
    "no inputs": (text(layer={"inputs": 0, "W": []}), "json_numbers"),
    "negative": (text(layer={"inputs": -2}), "json_numbers"),
    "inputs true": (text(layer={"inputs": True, "W": [[1, 1]]}), "json_numbers"),
    "inputs a text": (text(layer={"inputs": "2"}), "json_numbers"),
    "inputs 2.0": (text(layer={"inputs": 2.0}), "json_numbers"),
    "ragged": (text(layer={"W": [[1, 2], [3]]}), "json_numbers"),
    "transposed": (text(layer={"inputs": 3, "W": [[1, 2, 3], [4, 5, 6]]}), "json_numbers"),
    "numbers as text": (text(layer={"b": ["0", "1"]}), "json_numbers"),
    "null": (text(layer={"b": [0, None]}), "json_numbers"),
    "true": (text(layer={"b": [0, True]}), "json_numbers"),
    "one axis more": (text(layer={"W": [[[1], [2]], [[3], [4]]]}), "json_numbers"),
    "W an object": (text(layer={"W": {"0": [1, 2]}}), "json_numbers"),
    "unknown activation": (text(layer={"activation": "os.system"}), "not_a_model"),
    "activation with code": (text(layer={"activation": "__import__('os')"}), "not_a_model"),
    "activation a list": (text(layer={"activation": ["tanh"]}), "json_layer"),
    "NaN": (text(layer={"b": [0, float("nan")]}), "not_finite"),
    "infinity": (text(layer={"b": [0, float("-inf")]}), "not_finite"),
    "1e999": (text().replace("2.5", "1e999"), "not_finite"),
    "too large for its dtype": (text({"dtype": "float32"}).replace("2.5", "1e300"), "not_finite"),
    "a number of 5000 digits": (text().replace("2.5", "1" * 5000), "not_a_model"),
    "a number of 400 digits": (text().replace("2.5", "1" * 400), "not_a_model"),
    "a key twice": (text().replace('"b":', '"W": [], "b":'), "json_twice"),
    "a key twice inside extra": (text().replace('"extra": {}', '"extra": {"a": 1, "a": 2}'), "json_twice"),
    "layers that do not meet": (text({"layers": json.loads(text())["layers"] * 2 + [
        {"inputs": 3, "outputs": 1, "activation": "x", "W": [[1]] * 3, "b": [1]}]}), "not_a_model"),
}  # fmt: skip


@pytest.mark.parametrize("kind", HOSTILE)
def test_malformed_texts_raise(kind: str, tmp_path: Path) -> None:
    content, key = HOSTILE[kind]
    path = tmp_path / "m.json"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(ModelError) as caught:
        ub.load(path)
    assert caught.value.key == f"network.{key}", caught.value
    assert "\n" not in str(caught.value) and len(str(caught.value)) < 500


def test_unmodified_text_loads(tmp_path: Path) -> None:
    (tmp_path / "m.json").write_text(text())
    np.testing.assert_array_equal(ub.load(tmp_path / "m.json")([1.0, 0.0]), np.tanh([1.0, 3.5]))
    (tmp_path / "m.json").write_text(text({"extra": ...}))
    assert load_with_extra(tmp_path / "m.json")[1] == {}


@given(st.binary(max_size=30), st.integers(0, 300))
@settings(max_examples=60, deadline=None)
def test_any_bytes(tmp_path_factory: pytest.TempPathFactory, noise: bytes, at: int) -> None:
    good = text().encode()
    path = tmp_path_factory.mktemp("noise") / "m.json"
    path.write_bytes(good[:at] + noise + good[at + len(noise) :])
    try:
        net = ub.load(path)
    except ModelError:
        return
    assert all(np.isfinite(a).all() for a in net.parameters.values())


@pytest.mark.parametrize("ending", ["json", "safetensors"])
def test_both_kinds_give_the_same_bits(ending: str, tmp_path: Path) -> None:
    net = ub.Network([ub.Dense(3, 4, "gelu"), ub.Dense(4, 2)], seed=3)
    x = np.random.default_rng(0).normal(size=(5, 3))
    np.testing.assert_array_equal(ub.load(ub.save(net, tmp_path / f"m.{ending}"))(x), net(x))
