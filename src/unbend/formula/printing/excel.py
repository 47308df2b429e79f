"""Formulas as Excel formulas, with English names of functions and commas between arguments.

Only ``expression`` is meant: a cell has no place for helpers. An error value stands for NaN.
"""

from __future__ import annotations

from .language import Language

EXCEL = Language(
    functions={
        **{name: f"{name.upper()}({{0}})" for name in (
            "exp", "log10", "sqrt", "sin", "cos", "tan", "sinh", "cosh", "tanh", "asin", "acos", "atan", "asinh",
            "acosh", "atanh", "abs", "sign", "erf", "erfc")},
        "expm1": "(EXP({0})-1)",
        "log": "LN({0})",
        "log2": "LOG({0},2)",
        "log1p": "LN(1+({0}))",
        "cbrt": "(SIGN({0})*ABS({0})^(1/3))",
        "floor": "INT({0})",
        "ceil": "(-INT(-({0})))",
        "atan2": "ATAN2({1},{0})",  # Excel takes the horizontal coordinate first
        "max": "MAX({0},{1})",
        "min": "MIN({0},{1})",
    },
    operators={"**": "(({0})^({1}))"},
    comparisons={"==": "=", "!=": "<>"},
    conditional="IF({0},{1},{2})",
    as_number="IF({0},1,0)",
    as_condition="({0}<>0)",
    integers=True,
    assignment="",
    definition="{value}\n",
)  # fmt: skip
