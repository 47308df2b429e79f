"""`from_torch`: a PyTorch module, or a ``state_dict`` from memory or a file → a network."""

from __future__ import annotations

import warnings
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from ...activations import Activation
from ...arrays import Array
from ...errors import ModelError
from ...network import Network
from ...words import say
from ..optional_packages import require_package
from .module_activations import activation_of

_IGNORED = ("Identity", "Flatten", "Dropout", "AlphaDropout", "FeatureAlphaDropout")


def from_torch(
    model: Any, activations: str | Activation | Sequence[str | Activation] | None = None, dtype: Any = None
) -> Network:
    """The network of a PyTorch module, of a ``state_dict``, or of a file that holds one.

    Parameters
    ----------
    model : torch.nn.Module, mapping or path
        An ``nn.Sequential`` (or a ``Linear``); a ``state_dict``: tensors or arrays named ``….weight`` (outputs,
        inputs) and ``….bias`` (outputs,), in order; or the path of a saved one, which is read with
        ``weights_only=True``: nothing in it runs. Dropout, Flatten and Identity are ignored; so is a Softmax at the
        end, with a ``UserWarning``.
    activations : str, Activation or sequence, optional
        One for all layers but the last, or one per layer. A ``state_dict`` does not hold them; a module does.
    dtype : dtype, optional
        float32 or float64; by default that of the parameters.

    Returns
    -------
    Network
        The network, with the numbers before any softmax as its outputs.

    Raises
    ------
    ModelError
        Naming a module or an entry that is no part of a plain network; where activations are missing; for a number
        that is not finite; for a file that cannot be read; where torch is needed and not installed.

    Examples
    --------
    >>> import numpy as np
    >>> import unbend as ub
    >>> state = {"0.weight": np.ones((3, 2)), "0.bias": np.zeros(3), "2.weight": np.ones((1, 3)), "2.bias": np.zeros(1)}
    >>> ub.from_torch(state, "relu")([[1.0, 2.0]])
    array([[9.]])
    """
    if isinstance(model, str | Path):
        model = _loaded(model)
    if isinstance(model, Mapping):
        pairs = _pairs(model)
        names = _per_layer(activations, len(pairs))
    else:
        pairs, names = _from_module(model)
        if activations is not None:
            names = _per_layer(activations, len(pairs))
    for i, (W, b) in enumerate(pairs):
        if not (np.isfinite(W).all() and np.isfinite(b).all()):
            raise ModelError("network.not_finite", name=f"{i}")
    return Network.from_arrays(pairs, names, dtype)


def _loaded(path: str | Path) -> Any:
    torch = require_package("torch")
    from pickle import UnpicklingError

    if not Path(path).is_file():
        raise ModelError("network.no_such_model", path=path)
    try:
        with warnings.catch_warnings():  # about old pickles; what cannot be read is refused in any case
            warnings.simplefilter("ignore")
            state = torch.load(path, map_location="cpu", weights_only=True)
    except (UnpicklingError, RuntimeError, ValueError, KeyError, EOFError, OSError, AttributeError) as error:
        reason = (str(error).splitlines() or [type(error).__name__])[0]
        raise ModelError("export.torch_file", path=path, reason=reason[:120]) from None
    if not isinstance(state, Mapping):
        raise ModelError("export.torch_file", path=path, reason=type(state).__name__)
    return state


def _pairs(state: Mapping[str, Any]) -> list[tuple[Array, Array]]:
    """(W, b) in the order of the entries; a layer may lack its bias."""
    layers: dict[str, dict[str, Array]] = {}
    for name, tensor in state.items():
        prefix, _, part = str(name).rpartition(".")
        numbers = _array(tensor)
        if part not in ("weight", "bias") or numbers.ndim != (2 if part == "weight" else 1):
            raise ModelError("export.torch_entry", name=str(name)[:60], got=numbers.shape)
        layers.setdefault(prefix, {})[part] = numbers
    if not layers or any("weight" not in parts for parts in layers.values()):
        raise ModelError("export.torch_entry", name=", ".join(map(str, [*state][:4]))[:60] or "–", got="–")
    return [(p["weight"].T, p.get("bias", np.zeros(len(p["weight"]), p["weight"].dtype))) for p in layers.values()]


def _array(tensor: Any) -> Array:
    if hasattr(tensor, "detach"):
        tensor = tensor.detach().cpu()
        if str(tensor.dtype) in ("torch.float16", "torch.bfloat16"):
            tensor = tensor.float()
        tensor = tensor.numpy()
    return np.asarray(tensor)


def _per_layer(given: Any, layers: int) -> list[Any]:
    if given is None:
        if layers > 1:
            raise ModelError("export.torch_activations", layers=layers)
        return ["identity"]
    if isinstance(given, str | Activation):
        return [given] * (layers - 1) + ["identity"]
    return list(given)


def _from_module(module: Any) -> tuple[list[tuple[Array, Array]], list[str]]:
    pairs: list[tuple[Array, Array]] = []
    names: list[str] = []
    softmax = ""
    for part in _flattened(module):
        class_name = type(part).__name__
        if softmax:
            raise ModelError("export.torch_module", got=class_name)
        if class_name == "Linear":
            W = _array(part.weight).T
            pairs.append((W, np.zeros(W.shape[1], W.dtype) if part.bias is None else _array(part.bias)))
            names.append("identity")
        elif class_name in ("Softmax", "LogSoftmax"):
            softmax = class_name
        elif class_name not in _IGNORED:
            if not names or names[-1] != "identity":
                raise ModelError("export.torch_module", got=class_name)
            names[-1] = activation_of(part)
    if not pairs:
        raise ModelError("export.torch_module", got=type(module).__name__)
    if softmax:
        warnings.warn(say("export.softmax_left_off", name=softmax), UserWarning, stacklevel=3)
    return pairs, names


def _flattened(module: Any) -> list[Any]:
    if type(module).__name__ != "Sequential":
        return [module]
    return [part for child in module for part in _flattened(child)]
