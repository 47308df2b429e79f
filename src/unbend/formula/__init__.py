"""Formulas: parsed without ``eval``, evaluated, differentiated, judged linear or not, and printed as source code.

``language`` parses, ``printing`` writes, ``evaluate`` computes, ``proof`` judges; ``Equation`` combines all four.
"""

from .equation import Equation
from .proof.judgement import Judgement
from .proof.linearity import Linearity

__all__ = ["Equation", "Judgement", "Linearity"]
