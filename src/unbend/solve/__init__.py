"""Least squares for formulas, linear models for features.

``Formula`` is an equation that can be fitted; ``Fit`` is the result. Parameters that all enter linearly are solved
exactly (``linear_least_squares``), others by variable projection from many starts (``nonlinear_least_squares``). Ridge
and logistic regression are in ``linear_model``.
"""

from .formula import Formula
from .result import Fit, Minimum

__all__ = ["Fit", "Formula", "Minimum"]
