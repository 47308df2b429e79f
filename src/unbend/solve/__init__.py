"""Least squares for formulas, linear models for features.

``Formula`` is an equation that can be fitted; ``Fit`` is the result. Parameters that all enter linearly are solved
exactly (``linear_least_squares``), others by variable projection from many starts (``nonlinear_least_squares``). Ridge
and logistic regression are in ``linear_model``. The names below are imported when they are first used: linear models
need no formulas.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .formula import Formula
    from .result import Fit, Minimum

__all__ = ["Fit", "Formula", "Minimum"]
_MODULES = {"Formula": ".formula", "Fit": ".result", "Minimum": ".result"}


def __getattr__(name: str) -> Any:
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_MODULES[name], __name__), name)
