"""Networks for PyTorch: an ``nn.Sequential`` of Linear and activation modules, and its ``state_dict``."""

from __future__ import annotations

import io
from typing import Any

import numpy as np

from ..activations import Activation
from ..activations import activations as records
from ..arrays import Array
from ..formula.printing.torch import TORCH
from ..network import Network
from .activation_trees import activation_tree
from .packages import needed_package

# module of torch.nn and its arguments; with threshold 40 a Softplus has all digits of a double
MODULES: dict[str, tuple[str, dict[str, Any]]] = {
    "sigmoid": ("Sigmoid", {}), "tanh": ("Tanh", {}), "relu": ("ReLU", {}),
    "leaky_relu": ("LeakyReLU", {"negative_slope": 0.01}), "elu": ("ELU", {}), "selu": ("SELU", {}),
    "gelu": ("GELU", {}), "silu": ("SiLU", {}), "softplus": ("Softplus", {"threshold": 40}), "mish": ("Mish", {}),
    "softsign": ("Softsign", {}), "hard_tanh": ("Hardtanh", {}), "hard_sigmoid": ("Hardsigmoid", {}),
    "relu6": ("ReLU6", {}),
}  # fmt: skip


def state_dict(net: Network) -> dict[str, Array]:
    """The numbers as PyTorch names and lays them out: ``"0.weight"`` (outputs, inputs), ``"0.bias"``, ….

    The numbers of the names are places in the ``nn.Sequential`` that ``to_torch`` makes: a layer with an activation
    takes two places, one without takes one. NumPy arrays; torch is not needed.
    """
    found: dict[str, Array] = {}
    place = 0
    for layer in net.layers:
        found[f"{place}.weight"], found[f"{place}.bias"] = np.array(layer.W.T, order="C"), layer.b.copy()
        place += 1 if layer.activation.name == "identity" else 2
    return found


def to_torch(net: Network) -> Any:
    """An ``nn.Sequential`` of Linear and activation modules with the network's numbers, in its dtype.

    An activation that ``torch.nn`` has no module for becomes one that works out its formula. Raises ``ModelError``
    where torch is not installed.
    """
    torch = needed_package("torch")
    modules: list[Any] = []
    kind = torch.float32 if net.dtype == np.float32 else torch.float64
    for layer in net.layers:
        modules.append(torch.nn.Linear(layer.inputs, layer.outputs, dtype=kind))
        if layer.activation.name != "identity":
            modules.append(_module(layer.activation, torch))
    whole = torch.nn.Sequential(*modules)
    whole.load_state_dict({name: torch.from_numpy(numbers) for name, numbers in state_dict(net).items()})
    return whole


def saved_state(net: Network) -> bytes:
    """A file of the ``state_dict``, as ``torch.save`` writes it."""
    torch = needed_package("torch")
    stream = io.BytesIO()
    torch.save(to_torch(net).state_dict(), stream)
    return stream.getvalue()


def _module(record: Activation, torch: Any) -> Any:
    if record.name in MODULES and records.get(record.name) == record:
        kind, arguments = MODULES[record.name]
        return getattr(torch.nn, kind)(**arguments)
    return _formula_module(record, torch)


def _formula_module(record: Activation, torch: Any) -> Any:
    """A module that works out the record's formula on tensors."""
    source = TORCH.function(activation_tree(record), ("x",), "work")
    space: dict[str, Any] = {"torch": torch}
    exec(compile(source, "<formula>", "exec"), space)  # printed from parsed trees

    def forward(self: Any, x: Any) -> Any:
        return space["work"](x)

    kind = type("FormulaActivation", (torch.nn.Module,), {"forward": forward, "unbend_activation": record.name,
                "extra_repr": lambda self: record.formula})  # fmt: skip
    return kind()
