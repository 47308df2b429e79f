"""Formulas as SQL expressions of doubles, in what SQLite, DuckDB and PostgreSQL have in common.

Only ``expression`` is meant: SQL has no place for helpers and intermediate values. NULL stands for NaN.
"""

from __future__ import annotations

import numpy as np

from ..language.erfc_series import ERFC_END, ERFC_SERIES
from .language import Language

_SMALLEST = -700  # PostgreSQL raises an error where exp would be too small for a double


def _erfc_series(t: str) -> str:
    """The Chebyshev series as a polynomial of 2t - 1, by Horner's rule."""
    *others, last = np.polynomial.chebyshev.cheb2poly(ERFC_SERIES).tolist()
    text = f"{last!r}"
    for coefficient in reversed(others):
        text = f"({text} * (2 * {t} - 1) + {coefficient!r})"
    return text


def _bounded_exp(x: str) -> str:
    return f"EXP(CASE WHEN {x} > {_SMALLEST} THEN {x} ELSE {_SMALLEST} END)"


_T = "(2 / (2.0e0 + ABS({0})))"
_BOUNDED = f"(CASE WHEN ABS({{0}}) < {ERFC_END - 2} THEN ABS({{0}}) ELSE {ERFC_END - 2} END)"
_ERFC_OF_ABS = f"({_T} * EXP(-({_BOUNDED} * {_BOUNDED})) * {_erfc_series(_T)})"

SQL = Language(
    functions={
        **{name: f"{name.upper()}({{0}})" for name in (
            "sqrt", "sin", "cos", "tan", "sinh", "cosh", "tanh", "asin", "acos", "atan", "asinh", "acosh", "atanh",
            "abs", "floor", "log10")},
        "exp": _bounded_exp("({0})"),
        "expm1": f"({_bounded_exp('({0})')} - 1)",
        "log": "LN({0})",
        "log1p": "LN(1 + ({0}))",
        "log2": "(LN({0}) / 0.6931471805599453e0)",
        "cbrt": "(SIGN({0}) * POWER(ABS({0}), 0.3333333333333333e0))",
        "ceil": "(-FLOOR(-({0})))",
        "sign": "CAST(SIGN({0}) AS DOUBLE PRECISION)",
        "erfc": f"(1 - SIGN({{0}}) + SIGN({{0}}) * {_ERFC_OF_ABS})",
        "erf": f"(SIGN({{0}}) * (1 - {_ERFC_OF_ABS}))",
        "atan2": "ATAN2({0}, {1})",
        "max": "(CASE WHEN ({0}) > ({1}) THEN ({0}) ELSE ({1}) END)",
        "min": "(CASE WHEN ({0}) < ({1}) THEN ({0}) ELSE ({1}) END)",
    },
    operators={"**": "POWER({0}, {1})"},
    comparisons={"==": "=", "!=": "<>"},
    conditional="(CASE WHEN {0} THEN {1} ELSE {2} END)",
    as_number="(CASE WHEN {0} THEN 1 ELSE 0 END)",
    as_condition="({0} <> 0)",
    number="CAST({0} AS DOUBLE PRECISION)",
    assignment="",
    definition="{value}\n",
)  # fmt: skip
