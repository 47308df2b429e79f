"""Fits: exact least squares, logistic regression, variable projection; ``Formula``, the equation that can be fitted."""

from .formula import Formula
from .result import Fit, Minimum

__all__ = ["Fit", "Formula", "Minimum"]
