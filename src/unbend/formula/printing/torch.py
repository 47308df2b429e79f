"""Formulas in PyTorch, for tensors; a number becomes a tensor like the variable ``x``."""

from __future__ import annotations

import keyword

from .language import Language

# torch.sign turns NaN into 0, and the hyperbolic functions overflow before their values do; there is no cube root
_HELPERS = {
    "sign": "def _sign(x):\n    return torch.where(torch.isnan(x), x, torch.sign(x))\n",
    "cbrt": "def _cbrt(x):\n    return torch.sign(x) * torch.pow(torch.abs(x), 1 / 3)\n",
    "sinh": """\
def _sinh(x):
    root = torch.exp(torch.abs(x) / 2)
    return torch.where(torch.abs(x) > 40, torch.copysign(root * (root / 2), x), torch.sinh(x))
""",
    "cosh": """\
def _cosh(x):
    root = torch.exp(torch.abs(x) / 2)
    return torch.where(torch.abs(x) > 40, root * (root / 2), torch.cosh(x))
""",
}

TORCH = Language(
    functions={
        **{name: f"torch.{name}({{0}})" for name in (
            "exp", "expm1", "log", "log2", "log10", "log1p", "sqrt", "sin", "cos", "tan", "tanh",
            "abs", "floor", "ceil", "erf", "erfc")},
        **{name: f"torch.arc{name[1:]}({{0}})" for name in ("asin", "acos", "atan", "asinh", "acosh", "atanh")},
        **{name: f"_{name}({{0}})" for name in _HELPERS},
        "atan2": "torch.arctan2({0}, {1})",
        "max": "torch.maximum({0}, {1})",
        "min": "torch.minimum({0}, {1})",
    },
    operators={"**": "torch.pow({0}, {1})"},
    helpers=_HELPERS,
    conditional="torch.where({0}, {1}, {2})",
    as_number="torch.where({0}, torch.full_like(x, 1.0), torch.full_like(x, 0.0))",
    as_condition="({0} != 0.0)",
    number="torch.full_like(x, {0})",
    assignment="{0} = {1}",
    definition="def {name}({parameters}):\n{body}    return {value}\n",
    separator="\n\n",
    keywords=frozenset(keyword.kwlist),
)  # fmt: skip
