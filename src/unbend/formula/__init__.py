"""Formulas: text to tree without ``eval``, which parts are linear and why, slopes, and prints in other languages."""

from .equation import Equation
from .proof.judgement import Judgement, Linearity

__all__ = ["Equation", "Judgement", "Linearity"]
