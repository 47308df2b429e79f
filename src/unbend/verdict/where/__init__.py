"""Where it bends: which columns, alone or only together, and the smallest change of the straight model."""

from .answer import Curve, Pair, Step, Suggestion, Where
from .look import look

__all__ = ["Curve", "Pair", "Step", "Suggestion", "Where", "look"]
