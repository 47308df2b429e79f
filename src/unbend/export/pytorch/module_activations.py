"""PyTorch's activation modules as activations: by name, or as a formula where their settings are not the defaults."""

from __future__ import annotations

from typing import Any

from ...errors import ModelError
from .modules import MODULES

_SETTINGS = ("negative_slope", "alpha", "beta", "threshold", "min_val", "max_val", "value")
# modules with settings, as formulas
_FORMULAS = {
    "LeakyReLU": "where(x >= 0, x, {negative_slope}*x)", "ELU": "where(x > 0, x, {alpha}*expm1(min(x, 0)))",
    "CELU": "max(x, 0) + min(0, {alpha}*expm1(min(x, 0)/{alpha}))", "Hardtanh": "max({min_val}, min(x, {max_val}))",
    "Softplus": "where({beta}*x > {threshold}, x, (max({beta}*x, 0) + log1p(exp(-abs({beta}*x))))/{beta})",
    "Threshold": "where(x > {threshold}, x, {value})", "Hardswish": "x*max(0, min(1, x/6 + 1/2))",
    "Tanhshrink": "x - tanh(x)", "LogSigmoid": "min(x, 0) - log1p(exp(-abs(x)))",
}  # fmt: skip


_GELU_TANH = "x*(1 + tanh(0.7978845608028654*(x + 0.044715*x**3)))/2"


def activation_of(module: Any) -> str:
    """The name or the formula of the activation that a module computes. Raises ``ModelError`` for other modules."""
    kind = type(module).__name__
    record = getattr(module, "unbend_activation", None)
    if record is not None:
        return str(record)
    settings = {name: repr(float(getattr(module, name))) for name in _SETTINGS if hasattr(module, name)}
    default = _with_default_settings(module, kind, settings)
    if default:
        return default
    if kind == "GELU":
        return _GELU_TANH
    if kind == "PReLU" and module.weight.numel() == 1:
        return f"where(x >= 0, x, {float(module.weight.detach())!r}*x)"
    if kind in _FORMULAS:
        return _FORMULAS[kind].format(**settings)
    by_module = {module_name: name for name, (module_name, _) in MODULES.items()}
    if kind in by_module:
        return by_module[kind]
    raise ModelError("export.torch_module", got=kind)


def _with_default_settings(module: Any, kind: str, settings: dict[str, str]) -> str:
    """The activation's name where the module's settings are the ones that the name stands for, else ""."""
    if kind == "LeakyReLU" and settings.get("negative_slope") == "0.01":
        return "leaky_relu"
    if kind == "ELU" and settings.get("alpha") == "1.0":
        return "elu"
    if kind == "Hardtanh" and (settings.get("min_val"), settings.get("max_val")) == ("-1.0", "1.0"):
        return "hard_tanh"
    if kind == "GELU" and getattr(module, "approximate", "") == "none":
        return "gelu"
    if kind == "Softplus" and float(settings["beta"]) == 1 and float(settings["threshold"]) >= 20:
        return "softplus"  # beyond the threshold the difference is below float32's last digit
    return ""
