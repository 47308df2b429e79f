"""`activation_of`: the activation's name, or a formula, of a ``torch.nn`` module; part of the import from PyTorch."""

from __future__ import annotations

from typing import Any

from ...errors import ModelError
from .modules import MODULES

_SETTINGS = ("negative_slope", "alpha", "beta", "threshold", "min_val", "max_val", "value")
# As PyTorch defines them, in forms that neither overflow nor cancel; {alpha} and the like are the module's settings.
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
    class_name = type(module).__name__
    record = getattr(module, "unbend_activation", None)
    if record is not None:
        return str(record)
    settings = {name: repr(float(getattr(module, name))) for name in _SETTINGS if hasattr(module, name)}
    default = _with_default_settings(module, class_name, settings)
    if default:
        return default
    if class_name == "GELU":
        return _GELU_TANH
    if class_name == "PReLU" and module.weight.numel() == 1:
        return f"where(x >= 0, x, {float(module.weight.detach())!r}*x)"
    if class_name in _FORMULAS:
        return _FORMULAS[class_name].format(**settings)
    by_module = {module_name: name for name, (module_name, _) in MODULES.items()}
    if class_name in by_module:
        return by_module[class_name]
    raise ModelError("export.torch_module", got=class_name)


def _with_default_settings(module: Any, class_name: str, settings: dict[str, str]) -> str:
    """The activation's name where the module's settings are the ones that the name implies, else ""."""
    if class_name == "LeakyReLU" and settings.get("negative_slope") == "0.01":
        return "leaky_relu"
    if class_name == "ELU" and settings.get("alpha") == "1.0":
        return "elu"
    if class_name == "Hardtanh" and (settings.get("min_val"), settings.get("max_val")) == ("-1.0", "1.0"):
        return "hard_tanh"
    if class_name == "GELU" and getattr(module, "approximate", "") == "none":
        return "gelu"
    if class_name == "Softplus" and float(settings["beta"]) == 1 and float(settings["threshold"]) >= 20:
        return "softplus"  # beyond the threshold the difference is below float32's last digit
    return ""
