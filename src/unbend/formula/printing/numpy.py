"""Formulas in NumPy, for arrays of any shape."""

from __future__ import annotations

import keyword

from .language import Language

NUMPY = Language(
    functions={
        **{name: f"np.{name}({{0}})" for name in (
            "exp", "expm1", "log", "log2", "log10", "log1p", "sqrt", "cbrt", "sin", "cos", "tan", "sinh", "cosh",
            "tanh", "abs", "sign", "floor", "ceil")},
        **{name: f"np.arc{name[1:]}({{0}})" for name in ("asin", "acos", "atan", "asinh", "acosh", "atanh")},
        **{name: f"special.{name}({{0}})" for name in ("erf", "erfc")},
        "atan2": "np.arctan2({0}, {1})",
        "max": "np.maximum({0}, {1})",
        "min": "np.minimum({0}, {1})",
    },
    conditional="np.where({0}, {1}, {2})",
    as_number="{0}",  # arrays of truth values count as 1 and 0
    as_condition="{0}",
    integers=True,  # x**2 is one product, and float32 arrays stay float32
    assignment="{0} = {1}",
    definition="def {name}({parameters}):\n{body}    return {value}\n",
    keywords=frozenset(keyword.kwlist),
)  # fmt: skip
