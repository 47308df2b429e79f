"""Formulas in PyTorch, for tensors; a number becomes a tensor like the variable ``x``."""

from __future__ import annotations

import keyword

from .language import Language

TORCH = Language(
    functions={
        **{name: f"torch.{name}({{0}})" for name in (
            "exp", "expm1", "log", "log2", "log10", "log1p", "sqrt", "sin", "cos", "tan", "sinh", "cosh", "tanh",
            "abs", "sign", "floor", "ceil", "erf", "erfc")},
        **{name: f"torch.arc{name[1:]}({{0}})" for name in ("asin", "acos", "atan", "asinh", "acosh", "atanh")},
        "cbrt": "(torch.sign({0})*torch.pow(torch.abs({0}), 1/3))",
        "atan2": "torch.arctan2({0}, {1})",
        "max": "torch.maximum({0}, {1})",
        "min": "torch.minimum({0}, {1})",
    },
    operators={"**": "torch.pow({0}, {1})"},
    conditional="torch.where({0}, {1}, {2})",
    as_number="torch.where({0}, torch.full_like(x, 1.0), torch.full_like(x, 0.0))",
    as_condition="({0} != 0.0)",
    number="torch.full_like(x, {0})",
    assignment="{0} = {1}",
    definition="def {name}({parameters}):\n{body}    return {value}\n",
    keywords=frozenset(keyword.kwlist),
)  # fmt: skip
