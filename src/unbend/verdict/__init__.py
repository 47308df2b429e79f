"""Straight or bent? Both models on the same held-out rows, and what follows from it."""

from .bent import fit_bent
from .compare import Comparison, compare
from .decide import Decision, corrected_interval, decide
from .fit import Step, fit
from .model import Model
from .result import Result, Side
from .settings import Settings

__all__ = [
    "Comparison",
    "Decision",
    "Model",
    "Result",
    "Settings",
    "Side",
    "Step",
    "compare",
    "corrected_interval",
    "decide",
    "fit",
    "fit_bent",
]
