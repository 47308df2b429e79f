"""`to_torch`, `state_dict`: a network → an ``nn.Sequential`` of Linear and activation modules, or its parameters."""

from __future__ import annotations

from typing import Any

import numpy as np

from ...activations import Activation
from ...activations import activations as records
from ...arrays import Array
from ...formula.printing.torch import TORCH
from ...network import Network
from ..activation_trees import activation_tree
from ..optional_packages import require_package

# module of torch.nn and its arguments; with threshold 40 a Softplus has all digits of a double
MODULES: dict[str, tuple[str, dict[str, Any]]] = {
    "sigmoid": ("Sigmoid", {}), "tanh": ("Tanh", {}), "relu": ("ReLU", {}),
    "leaky_relu": ("LeakyReLU", {"negative_slope": 0.01}), "elu": ("ELU", {}), "selu": ("SELU", {}),
    "gelu": ("GELU", {}), "silu": ("SiLU", {}), "softplus": ("Softplus", {"threshold": 40}), "mish": ("Mish", {}),
    "softsign": ("Softsign", {}), "hard_tanh": ("Hardtanh", {}), "hard_sigmoid": ("Hardsigmoid", {}),
    "relu6": ("ReLU6", {}),
}  # fmt: skip


def state_dict(net: Network) -> dict[str, Array]:
    """The parameters as PyTorch names and lays them out: ``"0.weight"`` (outputs, inputs), ``"0.bias"``, ….

    The numbers in the names are places in the ``nn.Sequential`` that ``to_torch`` makes: a layer with an activation
    takes two places, one without takes one. NumPy arrays; torch is not needed.
    """
    state: dict[str, Array] = {}
    place = 0
    for layer in net.layers:
        state[f"{place}.weight"], state[f"{place}.bias"] = np.array(layer.W.T, order="C"), layer.b.copy()
        place += 1 if layer.activation.name == "identity" else 2
    return state


def to_torch(net: Network) -> Any:
    """A network as a PyTorch module with the same parameters.

    Parameters
    ----------
    net : Network
        Any network; an activation that ``torch.nn`` has no module for becomes one that computes its formula.

    Returns
    -------
    torch.nn.Sequential
        ``Linear`` and activation modules, in the network's dtype.

    Raises
    ------
    ModelError
        Where torch is not installed.

    Examples
    --------
    >>> import unbend as ub
    >>> net = ub.Network([ub.Dense(2, 3, "tanh"), ub.Dense(3, 1)], seed=0)
    >>> [type(module).__name__ for module in ub.to_torch(net)]  # doctest: +SKIP
    ['Linear', 'Tanh', 'Linear']
    """
    torch = require_package("torch")
    modules: list[Any] = []
    dtype = torch.float32 if net.dtype == np.float32 else torch.float64
    for layer in net.layers:
        modules.append(torch.nn.Linear(layer.inputs, layer.outputs, dtype=dtype))
        if layer.activation.name != "identity":
            modules.append(_activation_module(layer.activation, torch))
    sequential = torch.nn.Sequential(*modules)
    sequential.load_state_dict({name: torch.from_numpy(array) for name, array in state_dict(net).items()})
    return sequential


def _activation_module(record: Activation, torch: Any) -> Any:
    if record.name in MODULES and records.get(record.name) == record:
        class_name, arguments = MODULES[record.name]
        return getattr(torch.nn, class_name)(**arguments)
    return _formula_module(record, torch)


def _formula_module(record: Activation, torch: Any) -> Any:
    """A module that computes the record's formula on tensors."""
    source = TORCH.source(activation_tree(record), ("x",), "activation")
    namespace: dict[str, Any] = {"torch": torch}
    exec(compile(source, "<formula>", "exec"), namespace)  # printed from parsed trees

    def forward(self: Any, x: Any) -> Any:
        return namespace["activation"](x)

    members = {"forward": forward, "unbend_activation": record.name, "extra_repr": lambda self: record.formula}
    return type("FormulaActivation", (torch.nn.Module,), members)()
