"""Checkpoints: a training cut anywhere goes on to the same bits; what is no checkpoint of this job is refused."""

from __future__ import annotations

import errno
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from safetensors.numpy import load_file, save_file

import unbend as ub
from unbend.errors import BadInput, ModelError
from unbend.train import checkpoint
from unbend.train.checkpoint import Checkpoint

RNG = np.random.default_rng(4)
X = RNG.normal(size=(60, 3))
Y = np.sin(X[:, 0]) + 0.3 * RNG.normal(size=60)
CLASSES = (X[:, 0] > 0).astype(int) + (X[:, 1] > 0)


class Cut(Exception):
    """Ends a training from outside, as a kill would."""


def cut_after(epoch: int) -> list[Any]:
    def stop(state: Any) -> None:
        if state.number == epoch:
            raise Cut

    return [stop]


@pytest.fixture
def always(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every epoch is kept, however quick it was."""
    monkeypatch.setattr(Checkpoint, "due", True)


def same(a: tuple[ub.Network, Any], b: tuple[ub.Network, Any]) -> bool:
    return a[1] == b[1] and all(
        a[0].parameters[n].tobytes() == b[0].parameters[n].tobytes() and a[0].dtype == b[0].dtype
        for n in a[0].parameters
    )


JOBS: dict[str, dict[str, Any]] = {
    "adam, validation": {"validation": 0.2, "patience": 5},
    "momentum, dropout, cosine": {"optimizer": "momentum", "schedule": "cosine", "learning_rate": 0.01},
    "sgd, row weights, own validation": {"optimizer": "sgd", "weights": np.linspace(0, 2, 60), "validation": (X, Y)},
    "adamw, scaled, float64": {"optimizer": "adamw", "weight_decay": 0.1, "scale": True},
    "classes": {"loss": "cross_entropy", "validation": 0.3},
}


def job(kind: str) -> tuple[ub.Network, Any, dict[str, Any]]:
    drop = 0.3 if "dropout" in kind else 0.0
    outputs = 3 if kind == "classes" else 1
    layers = [ub.Dense(3, 5, "tanh", dropout=drop), ub.Dense(5, outputs)]
    net = ub.Network(layers, seed=2, dtype="float64" if "float64" in kind else "float32")
    return net, CLASSES if kind == "classes" else Y, {"epochs": 12, "batch_size": 8, "seed": 3, **JOBS[kind]}


@pytest.mark.parametrize(
    ("kind", "engine"), [*((kind, "numpy") for kind in JOBS), ("adam, validation", "small"), ("classes", "large")]
)
def test_resumed_run_equals_uninterrupted_run(
    kind: str, engine: str, tmp_path: Path, always: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("UNBEND_ENGINE", engine)
    net, y, arguments = job(kind)
    unbroken = ub.train(net, X, y, **arguments)
    assert same(unbroken, ub.train(net, X, y, **arguments, checkpoint=tmp_path / "whole"))
    for epoch in (2, 7):
        with pytest.raises(Cut):
            ub.train(net, X, y, **arguments, checkpoint=tmp_path, resume=epoch > 2, callbacks=cut_after(epoch))
    seen: list[int] = []
    resumed = ub.train(
        net, X, y, **arguments, checkpoint=tmp_path, resume=True, callbacks=[lambda e: seen.append(e.number)]
    )
    assert same(unbroken, resumed) and seen[0] == 7
    seen.clear()
    assert same(unbroken, ub.train(net, X, y, **arguments, checkpoint=tmp_path, resume=True,
                                   callbacks=[lambda e: seen.append(e.number)]))  # fmt: skip
    assert seen == []  # a training that was done is only read


def test_starts_anew_without_checkpoint_or_resume(tmp_path: Path, always: None) -> None:
    net, y, arguments = job("classes")
    unbroken = ub.train(net, X, y, **arguments)
    assert same(unbroken, ub.train(net, X, y, **arguments, checkpoint=tmp_path / "a" / "b", resume=True))
    other = arguments | {"seed": 9}
    assert same(ub.train(net, X, y, **other), ub.train(net, X, y, **other, checkpoint=tmp_path / "a" / "b"))
    with pytest.raises(BadInput, match="give its folder"):
        ub.train(net, X, y, **arguments, resume=True)


CHANGES: dict[str, dict[str, Any]] = {
    "seed": {"seed": 4}, "epochs": {"epochs": 13}, "learning_rate": {"learning_rate": 0.5},
    "batch_size": {"batch_size": 9}, "optimizer": {"optimizer": "sgd"}, "loss": {"loss": "huber"},
    "weight_decay": {"weight_decay": 0.1}, "schedule": {"schedule": "cosine"}, "patience": {"patience": 6},
    "data": {"weights": np.linspace(1, 2, 60)},
}  # fmt: skip


@pytest.mark.parametrize("name", CHANGES)
def test_checkpoint_of_other_arguments_is_rejected(name: str, tmp_path: Path) -> None:
    net, y, arguments = job("adam, validation")
    ub.train(net, X, y, **arguments, checkpoint=tmp_path)
    before = (tmp_path / "checkpoint.safetensors").read_bytes()
    with pytest.raises(ModelError, match=f"another run: {name} was"):
        ub.train(net, X, y, **(arguments | CHANGES[name]), checkpoint=tmp_path, resume=True)
    assert (tmp_path / "checkpoint.safetensors").read_bytes() == before


def test_other_data_networks_versions_and_records(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    net, y, arguments = job("adam, validation")
    ub.train(net, X, y, **arguments, checkpoint=tmp_path)

    def refused(what: str, net: ub.Network = net, x: Any = X, y: Any = y, **more: Any) -> None:
        with pytest.raises(ModelError, match=f"another run: {what} was"):
            ub.train(net, x, y, **(arguments | more), checkpoint=tmp_path, resume=True)

    one = X.copy()
    one[17, 1] = np.nextafter(one[17, 1] + 1e-6, 1)
    refused("data", x=one)
    refused("data", y=-Y)
    refused("start", ub.Network([layer.dense for layer in net.layers], seed=7))
    refused("layers", ub.Network.from_arrays(net.arrays, ["relu", "identity"]))
    monkeypatch.setattr(checkpoint, "__version__", "9.9")
    refused("version")


@pytest.mark.parametrize("call", ["os.fsync", "os.replace", "tempfile.mkstemp"])
def test_full_disk_later_does_not_lose_result(
    call: str, tmp_path: Path, always: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    net, y, arguments = job("classes")
    unbroken = ub.train(net, X, y, **arguments)

    def fill(state: Any) -> None:
        def full(*_: Any, **__: Any) -> None:
            raise OSError(errno.ENOSPC, "No space left on device")

        if state.number == 3:
            monkeypatch.setattr(call, full)

    with pytest.warns(RuntimeWarning, match="No space left on device.*result itself is complete"):
        assert same(unbroken, ub.train(net, X, y, **arguments, checkpoint=tmp_path, callbacks=[fill]))
    monkeypatch.undo()
    assert os.listdir(tmp_path) == ["checkpoint.safetensors"]
    assert same(unbroken, ub.train(net, X, y, **arguments, checkpoint=tmp_path, resume=True))


def test_unwritable_folder_raises_before_training(tmp_path: Path) -> None:
    net, y, arguments = job("classes")
    (tmp_path / "file").write_text("x")
    seen: list[int] = []
    for place in (tmp_path / "file", tmp_path / "file" / "deeper"):
        with pytest.raises(ModelError, match="cannot be written"):
            ub.train(net, X, y, **arguments, checkpoint=place, callbacks=[lambda e: seen.append(e.number)])
    assert seen == []


# files that are no checkpoint ---------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The checkpoint of a training cut in the middle."""
    folder = tmp_path_factory.mktemp("kept")
    net, y, arguments = job("adam, validation")
    with pytest.MonkeyPatch.context() as patch, pytest.raises(Cut):
        patch.setattr(Checkpoint, "due", True)
        ub.train(net, X, y, **arguments, checkpoint=folder, callbacks=cut_after(6))
    return folder / "checkpoint.safetensors"


def resume(folder: Path) -> tuple[ub.Network, Any]:
    net, y, arguments = job("adam, validation")
    return ub.train(net, X, y, **arguments, checkpoint=folder, resume=True)


def described(path: Path) -> dict[str, Any]:
    from safetensors import safe_open

    with safe_open(path, framework="numpy") as file:
        read: dict[str, Any] = json.loads(file.metadata()["unbend"])
    return read


DAMAGES: dict[str, Any] = {
    "no facts": lambda a, d: d.pop("facts"),
    "belongs to nobody": lambda a, d: d.update(belongs=[]),
    "other kind": lambda a, d: d.update(format="unbend.network"),
    "other version": lambda a, d: d.update(version=2),
    "array missing": lambda a, d: a.pop("now.0.W"),
    "one array more": lambda a, d: a.update(more=np.ones(2)),
    "NaN weight": lambda a, d: a["now.0.W"].fill(np.nan),
    "infinite best": lambda a, d: a["best.1.b"].fill(np.inf),
    "shape": lambda a, d: a.update({"now.0.W": np.ones((1, 5, 3), np.float32)}),
    "axes": lambda a, d: a.update({"train": np.ones(4)}),
    "members": lambda a, d: a.update({"train": np.ones((4, 2))}),
    "type": lambda a, d: a.update({"now.0.W": a["now.0.W"].astype(np.float64)}),
    "best epoch of the future": lambda a, d: a["best_epoch"].fill(10**9),
    "fewer validation losses": lambda a, d: a.update(validation=a["validation"][:-1]),
    "step no number": lambda a, d: d["facts"].update(step="ten"),
    "step negative": lambda a, d: d["facts"].update(step=-1),
    "step endless": lambda a, d: d["facts"].update(step=float("inf")),
    "no generators": lambda a, d: d["facts"].update(rngs=[]),
    "another generator": lambda a, d: d["facts"]["rngs"][0].update(bit_generator="MT19937"),
    "generator too large": lambda a, d: d["facts"]["rngs"][0]["state"].update(state=10**60),
    "generator negative": lambda a, d: d["facts"]["rngs"][0]["state"].update(state=-1),
    "generator of text": lambda a, d: d["facts"].update(rngs=["os.system"]),
    "stopped by magic": lambda a, d: d["facts"].update(stopped=["magic"]),
}


@pytest.mark.parametrize("kind", DAMAGES)
def test_damaged_checkpoints_raise(kind: str, kept: Path, tmp_path: Path) -> None:
    arrays, description = load_file(kept), described(kept)
    DAMAGES[kind](arrays, description)
    place = tmp_path / "checkpoint.safetensors"
    save_file(arrays, place, metadata={"unbend": json.dumps(description)})
    before = place.read_bytes()
    with pytest.raises(ModelError) as caught:
        resume(tmp_path)
    assert "\n" not in str(caught.value) and len(str(caught.value)) < 500
    assert place.read_bytes() == before and os.listdir(tmp_path) == [place.name]


def test_unmodified_checkpoint_resumes(kept: Path, tmp_path: Path) -> None:
    """What the damaged ones were made from is good."""
    save_file(load_file(kept), tmp_path / kept.name, metadata={"unbend": json.dumps(described(kept))})
    net, y, arguments = job("adam, validation")
    assert same(resume(tmp_path), ub.train(net, X, y, **arguments))


@given(st.binary(max_size=100), st.integers(0, 9000), st.booleans())
@settings(max_examples=40, deadline=None)
def test_any_bytes(tmp_path_factory: pytest.TempPathFactory, kept: Path, noise: bytes, at: int, cut: bool) -> None:
    good = kept.read_bytes()
    folder = tmp_path_factory.mktemp("noise")
    (folder / kept.name).write_bytes(good[:at] if cut else good[:at] + noise + good[at + len(noise) :])
    try:
        resume(folder)
    except BadInput:
        return


# kills --------------------------------------------------------------------------------------------------------------

KILLED = """
import os, sys
import numpy as np
import unbend as ub
from unbend.train.checkpoint import Checkpoint

Checkpoint.due = True
x = np.random.default_rng(0).normal(size=(50, 2))
calls, last = 0, 0

def counted(name):
    real = getattr(os, name)
    def call(*arguments, **named):
        global calls
        calls += 1
        if calls == last:
            os.kill(os.getpid(), 9)
        return real(*arguments, **named)
    setattr(os, name, call)

for name in ("open", "fdopen", "fsync", "chmod", "replace"):
    counted(name)

def job(folder):
    net = ub.Network([ub.Dense(2, 3, "tanh"), ub.Dense(3, 1)], seed=0)
    net, _ = ub.train(net, x, x[:, 0], epochs=4, seed=1, checkpoint=folder, resume=True)
    ub.save(net, os.path.join(folder, "model.safetensors"))

def run(folder, at):
    global calls, last
    child = os.fork()
    if child == 0:
        calls, last = 0, at
        job(folder)
        os._exit(0)
    return os.waitpid(child, 0)[1]

place = sys.argv[1]
job(os.path.join(place, "0"))  # imports everything, once
for at in range(1, 36):  # five writes of seven calls each
    folder = os.path.join(place, str(at))
    assert run(folder, at) == 9, at
    assert run(folder, 0) == 0, at
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork and SIGKILL")
def test_killed_at_every_call_of_a_write(tmp_path: Path) -> None:
    """Not at random: before each of the calls that open, fill, sync and rename a file, one after the other."""
    place = os.environ | {"PYTHONPATH": str(Path(ub.__file__).parents[1]), "UNBEND_ENGINE": "numpy"}
    subprocess.run([sys.executable, "-c", KILLED, str(tmp_path)], env=place, check=True)
    model = (tmp_path / "0" / "model.safetensors").read_bytes()
    for at in range(1, 36):
        folder = tmp_path / str(at)
        assert (folder / "model.safetensors").read_bytes() == model
        assert sorted(os.listdir(folder)) == ["checkpoint.safetensors", "model.safetensors"]
