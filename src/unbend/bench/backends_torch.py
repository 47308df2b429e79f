"""PyTorch on the CPU: the usual training loop, eager and with ``torch.compile``."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from .workload import Epoch, NotAvailable, Workload


def torch_eager(workload: Workload) -> Epoch:
    """Modules, ``F.cross_entropy``, ``torch.optim``."""
    torch = _torch()
    return _loop(workload, torch, _model(workload, torch))


def torch_compiled(workload: Workload) -> Epoch:
    """The same with the model through ``torch.compile``; the optimiser stays eager."""
    torch = _torch()
    return _loop(workload, torch, torch.compile(_model(workload, torch)))


def _torch() -> Any:
    try:
        return import_module("torch")
    except ImportError as error:
        raise NotAvailable(str(error)) from None


def _model(workload: Workload, torch: Any) -> Any:
    bend = {"relu": torch.nn.ReLU, "sigmoid": torch.nn.Sigmoid, "tanh": torch.nn.Tanh}[workload.activation]
    parts: list[Any] = []
    for W, b in workload.network.arrays:
        layer = torch.nn.Linear(*W.shape)
        with torch.no_grad():
            layer.weight.copy_(torch.from_numpy(W.T.copy()))
            layer.bias.copy_(torch.from_numpy(b.copy()))
        parts += [layer, bend()]
    return torch.nn.Sequential(*parts[:-1])


def _loop(workload: Workload, torch: Any, model: Any) -> Epoch:
    x, y, order = (torch.from_numpy(a) for a in (workload.x, workload.y, workload.order))
    optimizer_class = {"sgd": torch.optim.SGD, "adam": torch.optim.Adam}[workload.optimizer]
    optimizer = optimizer_class(model.parameters(), lr=workload.rate)
    cross_entropy = torch.nn.functional.cross_entropy

    def epoch() -> None:
        for rows in order.split(workload.batch):
            optimizer.zero_grad()
            cross_entropy(model(x[rows]), y[rows]).backward()
            optimizer.step()

    return epoch
