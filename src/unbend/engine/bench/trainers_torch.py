"""PyTorch on the CPU: the loop everybody writes, eager and with ``torch.compile``."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from .contest import Contest, Epoch, NotHere


def torch_eager(contest: Contest) -> Epoch:
    """Modules, ``F.cross_entropy``, ``torch.optim``."""
    torch = _torch()
    return _loop(contest, torch, _model(contest, torch))


def torch_compiled(contest: Contest) -> Epoch:
    """The same with the model through ``torch.compile``; the optimiser stays eager."""
    torch = _torch()
    return _loop(contest, torch, torch.compile(_model(contest, torch)))


def _torch() -> Any:
    try:
        return import_module("torch")
    except ImportError as error:
        raise NotHere(str(error)) from None


def _model(contest: Contest, torch: Any) -> Any:
    bend = {"relu": torch.nn.ReLU, "sigmoid": torch.nn.Sigmoid, "tanh": torch.nn.Tanh}[contest.activation]
    parts: list[Any] = []
    for W, b in contest.network.arrays:
        layer = torch.nn.Linear(*W.shape)
        with torch.no_grad():
            layer.weight.copy_(torch.from_numpy(W.T.copy()))
            layer.bias.copy_(torch.from_numpy(b.copy()))
        parts += [layer, bend()]
    return torch.nn.Sequential(*parts[:-1])


def _loop(contest: Contest, torch: Any, model: Any) -> Epoch:
    x, y, order = (torch.from_numpy(a) for a in (contest.x, contest.y, contest.order))
    kind = {"sgd": torch.optim.SGD, "adam": torch.optim.Adam}[contest.optimizer]
    mover = kind(model.parameters(), lr=contest.rate)
    cross_entropy = torch.nn.functional.cross_entropy

    def epoch() -> None:
        for rows in order.split(contest.batch):
            mover.zero_grad()
            cross_entropy(model(x[rows]), y[rows]).backward()
            mover.step()

    return epoch
