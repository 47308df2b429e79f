"""Networks from PyTorch: modules, or a ``state_dict`` from memory or a file."""

from __future__ import annotations

import warnings
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from ..activations import Activation
from ..arrays import Array
from ..errors import ModelError
from ..network import Network
from ..words import say
from .packages import needed_package
from .torch_modules import MODULES

_LEFT_OUT = ("Identity", "Flatten", "Dropout", "AlphaDropout", "FeatureAlphaDropout")
_SETTINGS = ("negative_slope", "alpha", "beta", "threshold", "min_val", "max_val", "value")
# modules with settings, as formulas
_FORMULAS = {
    "LeakyReLU": "where(x >= 0, x, {negative_slope}*x)", "ELU": "where(x > 0, x, {alpha}*expm1(min(x, 0)))",
    "CELU": "max(x, 0) + min(0, {alpha}*expm1(min(x, 0)/{alpha}))", "Hardtanh": "max({min_val}, min(x, {max_val}))",
    "Softplus": "where({beta}*x > {threshold}, x, (max({beta}*x, 0) + log1p(exp(-abs({beta}*x))))/{beta})",
    "Threshold": "where(x > {threshold}, x, {value})", "Hardswish": "x*max(0, min(1, x/6 + 1/2))",
    "Tanhshrink": "x - tanh(x)", "LogSigmoid": "min(x, 0) - log1p(exp(-abs(x)))",
}  # fmt: skip


def from_torch(
    what: Any, activations: str | Activation | Sequence[str | Activation] | None = None, dtype: Any = None
) -> Network:
    """The network of an ``nn.Sequential`` (or a Linear), a ``state_dict``, or the path of one that was saved.

    A ``state_dict`` holds numbers alone (tensors or arrays named ``….weight``, ``….bias``, in order): ``activations``
    gives one for all layers but the last, or one per layer. A module says them itself. Dropout, Flatten and Identity
    are left out; so is a Softmax at the end, with a ``UserWarning``. Raises ``ModelError`` naming a module or an entry
    that is no part of a plain network. A file is read with ``weights_only=True``: nothing in it runs.
    """
    if isinstance(what, str | Path):
        what = _loaded(what)
    if isinstance(what, Mapping):
        pairs = _pairs(what)
        names = _chosen(activations, len(pairs))
    else:
        pairs, names = _walked(what)
        if activations is not None:
            names = _chosen(activations, len(pairs))
    for i, (W, b) in enumerate(pairs):
        if not (np.isfinite(W).all() and np.isfinite(b).all()):
            raise ModelError("network.not_finite", name=f"{i}")
    return Network.from_arrays(pairs, names, dtype)


def _loaded(path: str | Path) -> Any:
    torch = needed_package("torch")
    from pickle import UnpicklingError

    if not Path(path).is_file():
        raise ModelError("network.no_such_model", path=path)
    try:
        with warnings.catch_warnings():  # about old pickles; what cannot be read is refused in any case
            warnings.simplefilter("ignore")
            found = torch.load(path, map_location="cpu", weights_only=True)
    except (UnpicklingError, RuntimeError, ValueError, KeyError, EOFError, OSError, AttributeError) as error:
        reason = (str(error).splitlines() or [type(error).__name__])[0]
        raise ModelError("export.torch_file", path=path, reason=reason[:120]) from None
    if not isinstance(found, Mapping):
        raise ModelError("export.torch_file", path=path, reason=type(found).__name__)
    return found


def _pairs(state: Mapping[str, Any]) -> list[tuple[Array, Array]]:
    """(W, b) in the order of the entries; a layer may lack its bias."""
    found: dict[str, dict[str, Array]] = {}
    for name, tensor in state.items():
        prefix, _, part = str(name).rpartition(".")
        numbers = _array(tensor)
        if part not in ("weight", "bias") or numbers.ndim != (2 if part == "weight" else 1):
            raise ModelError("export.torch_entry", name=str(name)[:60], got=numbers.shape)
        found.setdefault(prefix, {})[part] = numbers
    if not found or any("weight" not in parts for parts in found.values()):
        raise ModelError("export.torch_entry", name=", ".join(map(str, [*state][:4]))[:60] or "–", got="–")
    return [(p["weight"].T, p.get("bias", np.zeros(len(p["weight"]), p["weight"].dtype))) for p in found.values()]


def _array(tensor: Any) -> Array:
    if hasattr(tensor, "detach"):
        tensor = tensor.detach().cpu()
        if str(tensor.dtype) in ("torch.float16", "torch.bfloat16"):
            tensor = tensor.float()
        tensor = tensor.numpy()
    return np.asarray(tensor)


def _chosen(given: Any, layers: int) -> list[Any]:
    if given is None:
        if layers > 1:
            raise ModelError("export.torch_activations", layers=layers)
        return ["identity"]
    if isinstance(given, str | Activation):
        return [given] * (layers - 1) + ["identity"]
    return list(given)


def _walked(module: Any) -> tuple[list[tuple[Array, Array]], list[str]]:
    pairs: list[tuple[Array, Array]] = []
    names: list[str] = []
    ended = ""
    for part in _parts(module):
        kind = type(part).__name__
        if ended:
            raise ModelError("export.torch_module", got=kind)
        if kind == "Linear":
            W = _array(part.weight).T
            pairs.append((W, np.zeros(W.shape[1], W.dtype) if part.bias is None else _array(part.bias)))
            names.append("identity")
        elif kind in ("Softmax", "LogSoftmax"):
            ended = kind
        elif kind not in _LEFT_OUT:
            if not names or names[-1] != "identity":
                raise ModelError("export.torch_module", got=kind)
            names[-1] = _named(part, kind)
    if not pairs:
        raise ModelError("export.torch_module", got=type(module).__name__)
    if ended:
        warnings.warn(say("export.softmax_left_off", name=ended), UserWarning, stacklevel=3)
    return pairs, names


def _parts(module: Any) -> list[Any]:
    if type(module).__name__ != "Sequential":
        return [module]
    return [part for child in module for part in _parts(child)]


def _named(part: Any, kind: str) -> str:
    """The activation a module is: by name, or as a formula where its settings are not the usual ones."""
    record = getattr(part, "unbend_activation", None)
    if record is not None:
        return str(record)
    a = {name: repr(float(getattr(part, name))) for name in _SETTINGS if hasattr(part, name)}
    usual = {
        "LeakyReLU": ("0.01", "leaky_relu"), "ELU": ("1.0", "elu"), "Hardtanh": ("-1.0 1.0", "hard_tanh"),
        "GELU": ("none", "gelu"),
    }  # fmt: skip
    settings = {
        "LeakyReLU": a.get("negative_slope", ""), "ELU": a.get("alpha", ""),
        "Hardtanh": f"{a.get('min_val')} {a.get('max_val')}", "GELU": str(getattr(part, "approximate", "")),
    }  # fmt: skip
    if kind in usual and settings[kind] == usual[kind][0]:
        return usual[kind][1]
    if kind == "GELU":
        return "x*(1 + tanh(0.7978845608028654*(x + 0.044715*x**3)))/2"
    if kind == "Softplus" and float(a["beta"]) == 1 and float(a["threshold"]) >= 20:
        return "softplus"  # beyond the threshold the difference is below float32's last digit
    if kind == "PReLU" and part.weight.numel() == 1:
        return f"where(x >= 0, x, {float(part.weight.detach())!r}*x)"
    if kind in _FORMULAS:
        return _FORMULAS[kind].format(**a)
    simple = {module: name for name, (module, _) in MODULES.items()}
    if kind in simple:
        return simple[kind]
    raise ModelError("export.torch_module", got=kind)
