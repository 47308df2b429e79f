"""Model files: the round trip, and every file that is no model refused with nothing left behind."""

from __future__ import annotations

import errno
import json
import os
import struct
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from safetensors.numpy import save as to_bytes

import unbend as ub
from unbend.activations import Activation
from unbend.errors import ModelError
from unbend.file_access import write_file
from unbend.network.files import load_with_extra, save

NET = ub.Network([ub.Dense(2, 3, "tanh"), ub.Dense(3, 1, "max(x, 0.2*x)")], seed=1)
X = np.random.default_rng(0).normal(size=(5, 2))


@given(
    st.lists(st.integers(1, 4), min_size=2, max_size=4),
    st.sampled_from(["float32", "float64"]),
    st.integers(0, 999),
    st.lists(st.sampled_from([*ub.activations, "x*exp(-x**2)"]), min_size=3, max_size=3),
)
@settings(max_examples=40, deadline=None)
def test_round_trip(tmp_path_factory: pytest.TempPathFactory, sizes: list[int], kind: str, seed: int,
                    activations: list[str]) -> None:  # fmt: skip
    layers = [ub.Dense(a, b, h) for a, b, h in zip(sizes, sizes[1:], activations, strict=False)]
    net = ub.Network(layers, seed=seed, dtype=kind)
    path = tmp_path_factory.mktemp("models") / "m.safetensors"
    assert ub.save(net, path) == path
    again = ub.load(str(path))
    assert repr(again) == repr(net) and again.dtype == net.dtype
    for name, array in net.parameters.items():
        np.testing.assert_array_equal(again.parameters[name], array)
    x = np.random.default_rng(seed).normal(size=(4, sizes[0]))
    np.testing.assert_array_equal(again(x), net(x))


def test_extra_and_folders(tmp_path: Path) -> None:
    extra = {"나이": [1, 2.5, None], "nested": {"a": "b"}}
    path = save(NET, tmp_path / "a" / "b" / "모델.safetensors", extra)
    net, kept = load_with_extra(path)
    assert kept == extra and net.bends == NET.bends
    assert load_with_extra(ub.save(NET, tmp_path / "m"))[1] == {}
    assert [p.name for p in (tmp_path / "a" / "b").iterdir()] == ["모델.safetensors"]
    long = tmp_path / ("m" * 250)  # the temporary name must not be longer than a name may be
    assert ub.load(ub.save(NET, long)).inputs == 2


def test_overwriting_is_atomic(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = ub.save(NET, tmp_path / "m.safetensors")
    before = path.read_bytes()

    def full(handle: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(ModelError, match="No space left on device"):
        ub.save(ub.Network([ub.Dense(9, 9)]), path)
    assert path.read_bytes() == before and os.listdir(tmp_path) == ["m.safetensors"]


@pytest.mark.parametrize("call", ["fsync", "replace", "chmod", "fdopen"])
@pytest.mark.parametrize("error", [OSError(errno.ENOSPC, "disk full"), OSError(errno.EACCES, "not allowed")])
def test_unwritable_path_raises(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: str, error: OSError) -> None:
    def fail(*args: Any, **named: Any) -> None:
        raise error

    monkeypatch.setattr(os, call, fail)
    with pytest.raises(ModelError, match=f"{error.strerror}.*half-written"):
        write_file(tmp_path / "m", b"abc")
    assert os.listdir(tmp_path) == []


def test_full_disk_raises(tmp_path: Path) -> None:
    """The real thing where the system has it: a device that is always full."""
    if not Path("/dev/full").exists():
        pytest.skip("no /dev/full here")
    with open("/dev/full", "wb") as full, pytest.MonkeyPatch.context() as patch:
        patch.setattr(
            os, "fdopen", lambda handle, mode: (os.close(handle), open(full.fileno(), mode, closefd=False))[1]
        )
        with pytest.raises(ModelError, match="No space left"):
            write_file(tmp_path / "m", b"x" * 100_000)
    assert os.listdir(tmp_path) == []


def test_interruption_leaves_no_partial_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def stop(handle: int) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "fsync", stop)
    with pytest.raises(KeyboardInterrupt):
        write_file(tmp_path / "m", b"abc")
    assert os.listdir(tmp_path) == []


def test_paths_that_are_not_files_raise(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "file").write_text("x")
    for place in (tmp_path / "folder", tmp_path / "file" / "m"):
        with pytest.raises(ModelError, match="cannot be written"):
            ub.save(NET, place)
    assert sorted(os.listdir(tmp_path)) == ["file", "folder"] and os.listdir(tmp_path / "folder") == []


def test_unsupported_objects_cannot_be_saved(tmp_path: Path) -> None:
    bad = ub.Network.from_arrays([([[1.0, np.nan]], [0.0, 0.0])])
    with pytest.raises(ModelError, match=r"0\.W has NaN"):
        ub.save(bad, tmp_path / "m")
    own = Activation("mine", "3*x", "3x", "3*x", "3", (-np.inf, np.inf))
    renamed = Activation("relu", "3*x", "3x", "3*x", "3", (-np.inf, np.inf))  # would come back as another function
    for record in (own, renamed):
        with pytest.raises(ModelError, match="record of your own"):
            ub.save(ub.Network([ub.Dense(1, 1, record)]), tmp_path / "m")
    assert os.listdir(tmp_path) == []


# files that are no models -------------------------------------------------------------------------------------------


def content(change: dict[str, Any] | None = None, arrays: dict[str, Any] | None = None, metadata: Any = None) -> bytes:
    description = {"format": "unbend.network", "version": 1, "activations": ["tanh", "identity"], "extra": {}}
    description |= change or {}
    tensors = {"0.W": np.ones((2, 3)), "0.b": np.ones(3), "1.W": np.ones((3, 1)), "1.b": np.ones(1)} | (arrays or {})
    return to_bytes({k: v for k, v in tensors.items() if v is not None},
                    metadata=metadata or {"unbend": json.dumps(description)})  # fmt: skip


def raw(header: Any, data: bytes = b"", length: int | None = None) -> bytes:
    text = header if isinstance(header, bytes) else json.dumps(header).encode()
    return struct.pack("<Q", len(text) if length is None else length) + text + data


META = {"__metadata__": {"unbend": json.dumps({"format": "unbend.network", "version": 1, "activations": ["tanh"]})}}


def tensors(W: dict[str, Any]) -> dict[str, Any]:
    return META | {"0.W": W, "0.b": {"dtype": "F64", "shape": [1], "data_offsets": [0, 8]}}


HOSTILE: dict[str, tuple[bytes, str]] = {
    "empty": (b"", "not_a_model"),
    "text": (b"hello, I am a model" * 10, "not_a_model"),
    "pickle": (b"\x80\x04\x95" + b"\0" * 40, "not_a_model"),
    "zeros": (b"\0" * 64, "not_a_model"),
    "truncated": (content()[:-5], "not_a_model"),
    "only the header": (content()[:60], "not_a_model"),
    "bytes after the end": (content() + b"more", "not_a_model"),
    "header longer than the file": (raw(META, length=10**6), "not_a_model"),
    "header of 2^63 bytes": (raw(META, length=2**63), "not_a_model"),
    "header that is no JSON": (raw(b"{]"), "not_a_model"),
    "10^12 numbers": (raw(tensors({"dtype": "F64", "shape": [10**6, 10**6], "data_offsets": [8, 8 + 8 * 10**12]}),
                          b"\0" * 16), "not_a_model"),
    "10^12 rows in 8 bytes": (raw(tensors({"dtype": "F64", "shape": [10**12, 1], "data_offsets": [8, 16]}), b"\0" * 16),
                              "not_a_model"),
    "negative offsets": (raw(tensors({"dtype": "F64", "shape": [1, 1], "data_offsets": [-8, 0]}), b"\0" * 8),
                         "not_a_model"),
    "overlapping": (raw(tensors({"dtype": "F64", "shape": [1, 1], "data_offsets": [0, 8]}), b"\0" * 8), "not_a_model"),
    "unknown dtype": (raw(tensors({"dtype": "X9", "shape": [1, 1], "data_offsets": [8, 16]}), b"\0" * 16),
                      "not_a_model"),
    "no metadata": (to_bytes({"w": np.ones(3)}), "not_a_model"),
    "another program's": (content(metadata={"format": "pt"}), "not_a_model"),
    "description no JSON": (content(metadata={"unbend": "{"}), "not_a_model"),
    "description no object": (content(metadata={"unbend": "[1]"}), "not_a_model"),
    "description very deep": (content(metadata={"unbend": "[" * 100_000}), "not_a_model"),
    "other format": (content({"format": "unbend.space"}), "other_format"),
    "other version": (content({"version": 2}), "other_version"),
    "version as text": (content({"version": "1"}), "other_version"),
    "missing tensor": (content(arrays={"1.b": None}), "other_tensors"),
    "one tensor too many": (content(arrays={"2.W": np.ones((1, 1))}), "other_tensors"),
    "fewer activations": (content({"activations": ["tanh"]}), "other_tensors"),
    "no activations": (content({"activations": []}), "other_tensors"),
    "activations no list": (content({"activations": {"0": "tanh"}}), "not_a_model"),
    "activations a word": (content({"activations": "x"}), "not_a_model"),
    "unknown activation": (content({"activations": ["os.system", "identity"]}), "not_a_model"),
    "activation a number": (content({"activations": [1, "identity"]}), "not_a_model"),
    "activation a list": (content({"activations": [[], "identity"]}), "not_a_model"),
    "activation with code": (content({"activations": ["__import__('os').system('true')", "identity"]}), "not_a_model"),
    "extra no object": (content({"extra": [1]}), "not_a_model"),
    "swapped tensors": (content(arrays={"0.W": np.ones((3, 1)), "1.W": np.ones((2, 3))}), "not_a_model"),
    "layers that do not meet": (content(arrays={"1.W": np.ones((4, 1))}), "not_a_model"),
    "W with three axes": (content(arrays={"0.W": np.ones((2, 3, 1))}), "not_a_model"),
    "no inputs": (content(arrays={"0.W": np.ones((0, 3))}), "not_a_model"),
    "NaN": (content(arrays={"0.W": np.full((2, 3), np.nan)}), "not_finite"),
    "infinity": (content(arrays={"1.b": np.array([np.inf])}), "not_finite"),
}  # fmt: skip


@pytest.mark.parametrize("kind", HOSTILE)
def test_malformed_files_raise(kind: str, tmp_path: Path) -> None:
    data, key = HOSTILE[kind]
    path = tmp_path / "m.safetensors"
    path.write_bytes(data)
    with pytest.raises(ModelError) as caught:
        ub.load(path)
    assert caught.value.key == f"network.{key}" and "\n" not in str(caught.value) and len(str(caught.value)) < 500
    assert os.listdir(tmp_path) == ["m.safetensors"] and path.read_bytes() == data


def test_unmodified_file_loads(tmp_path: Path) -> None:
    """What the hostile ones were made from is good."""
    (tmp_path / "m").write_bytes(content())
    assert ub.load(tmp_path / "m")([[0.0, 0.0]]) == pytest.approx(3 * np.tanh(1) + 1)


@given(st.binary(max_size=200), st.integers(0, 400))
@settings(max_examples=60, deadline=None)
def test_any_bytes(tmp_path_factory: pytest.TempPathFactory, noise: bytes, at: int) -> None:
    good = content()
    for data in (noise, good[:at] + noise + good[at + len(noise) :]):
        path = tmp_path_factory.mktemp("noise") / "m"
        path.write_bytes(data)
        try:
            net = ub.load(path)
        except ModelError:
            continue
        assert all(np.isfinite(a).all() for a in net.parameters.values())


def test_missing_file_raises(tmp_path: Path) -> None:
    for path in (tmp_path / "none", tmp_path, tmp_path / "a" / "b"):
        with pytest.raises(ModelError, match="no model file"):
            ub.load(path)
    assert os.listdir(tmp_path) == []
