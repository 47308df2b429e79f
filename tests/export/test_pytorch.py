"""Networks to PyTorch and from PyTorch: the same answers as PyTorch's."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import unbend as ub
from unbend.errors import ModelError
from unbend.export import state_dict

from .models import FAR, OWN

RNG = np.random.default_rng(4)


def test_state_dict_without_torch() -> None:
    net = ub.Network([ub.Dense(3, 4, "relu"), ub.Dense(4, 5), ub.Dense(5, 2, "tanh")], seed=0)
    state = state_dict(net)
    assert {name: a.shape for name, a in state.items()} == {
        "0.weight": (4, 3), "0.bias": (4,), "2.weight": (5, 4), "2.bias": (5,), "3.weight": (2, 5), "3.bias": (2,)
    }  # fmt: skip
    again = ub.from_torch(state, ["relu", "identity", "tanh"])
    x = RNG.normal(size=(4, 3))
    np.testing.assert_array_equal(again(x), net(x))
    assert ub.from_torch(state, "relu").bends == (0, 1)
    for bad, part in [
        ({}, "–"), ({"0.weight": np.ones((2, 3)), "1.running_mean": np.ones(2)}, "running_mean"),
        ({"0.weight": np.ones((2, 3, 3))}, "0.weight"), ({"0.bias": np.ones(2)}, "0.bias"),
        ({"0.weight": np.full((2, 3), np.nan)}, "NaN"),
    ]:  # fmt: skip
        with pytest.raises(ModelError) as caught:
            ub.from_torch(bad)
        assert part in str(caught.value) and "\n" not in str(caught.value)
    with pytest.raises(ModelError, match="activations"):
        ub.from_torch(state)


@pytest.mark.parametrize("kind", ["float32", "float64"])
def test_torch_and_back(kind: str, tmp_path: Path) -> None:
    torch = pytest.importorskip("torch")
    eps = float(np.finfo(kind).eps)
    for i, name in enumerate([*ub.activations, *OWN]):
        net = ub.Network([ub.Dense(3, 4, name), ub.Dense(4, 2)], seed=i, dtype=kind)
        whole = ub.to_torch(net)
        assert list(whole.state_dict()) == [*state_dict(net)]
        x = RNG.normal(0, 2, (5, 3)).astype(kind)
        with torch.no_grad():
            np.testing.assert_allclose(whole(torch.from_numpy(x)).numpy(), net(x), rtol=64 * eps, atol=64 * eps,
                                       err_msg=name)  # fmt: skip
        again = ub.from_torch(whole)
        assert again.layers[0].activation.name == name and again.dtype == net.dtype
        np.testing.assert_array_equal(again(x), net(x))
        alone = ub.Network.from_arrays([([[1.0]], [0.0])], [name], dtype=kind)
        far = FAR.astype(kind)
        with torch.no_grad(), np.errstate(all="ignore"):
            got = ub.to_torch(alone)(torch.from_numpy(far)).numpy()
            np.testing.assert_allclose(got, alone(far), rtol=64 * eps, atol=8 * eps, err_msg=name)
    path = ub.export(net, tmp_path / "m.pt")
    np.testing.assert_array_equal(ub.from_torch(path, [OWN[-1], "identity"])(x), net(x))


def test_modules_of_others(tmp_path: Path) -> None:
    torch = pytest.importorskip("torch")
    nn = torch.nn
    torch.manual_seed(0)
    x = RNG.normal(0, 2, (6, 3)).astype(np.float32)
    for act in [nn.LeakyReLU(0.2), nn.ELU(0.5), nn.GELU("tanh"), nn.Hardtanh(-2, 3), nn.Softplus(2.0), nn.CELU(0.7),
                nn.Hardswish(), nn.PReLU(), nn.Tanhshrink(), nn.LogSigmoid(), nn.Threshold(0.1, -2.0)]:  # fmt: skip
        whole = nn.Sequential(nn.Flatten(), nn.Linear(3, 4, bias=False), act, nn.Dropout(0.5),
                              nn.Sequential(nn.Identity(), nn.Linear(4, 2))).eval()  # fmt: skip
        with torch.no_grad():
            np.testing.assert_allclose(ub.from_torch(whole)(x), whole(torch.from_numpy(x)).numpy(), atol=2e-6)
    with pytest.warns(UserWarning, match="omitted"):
        assert ub.from_torch(nn.Sequential(nn.Linear(3, 2), nn.Softmax(1))).outputs == 2
    assert ub.from_torch(nn.Linear(3, 2).half()).dtype == np.float32
    for wrong in [nn.Sequential(nn.Linear(3, 3), nn.LayerNorm(3)), nn.Conv1d(1, 1, 1), nn.LSTM(3, 3),
                  nn.Sequential(nn.Linear(3, 3), nn.ReLU(), nn.Tanh()), nn.Sequential(nn.ReLU())]:  # fmt: skip
        with pytest.raises(ModelError, match="Sequential of Linear"):
            ub.from_torch(wrong)
    for i, content in enumerate([b"", b"hello" * 20, b"\x80\x04\x95" + b"\0" * 40]):
        (tmp_path / f"{i}.pt").write_bytes(content)
        with pytest.raises(ModelError, match="state_dict"):
            ub.from_torch(tmp_path / f"{i}.pt")

    class Evil:
        def __reduce__(self) -> Any:
            return os.mkdir, (str(tmp_path / "ran"),)

    torch.save({"0.weight": Evil()}, tmp_path / "evil.pt")
    with pytest.raises(ModelError, match="state_dict"):
        ub.from_torch(tmp_path / "evil.pt")
    assert not (tmp_path / "ran").exists()


def test_without_torch_it_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    import sys

    monkeypatch.setitem(sys.modules, "torch", None)
    with pytest.raises(ModelError, match="pip install torch"):
        ub.to_torch(ub.Network([ub.Dense(1, 1)]))
