"""Where it bends: which columns are nonlinear, alone or only together, and the smallest change of the linear model."""

from .attribution import Curve, FormulaStep, Pair, Suggestion, Where
from .locate import locate_bends

__all__ = ["Curve", "FormulaStep", "Pair", "Suggestion", "Where", "locate_bends"]
