"""Vectors and spaces: combinations, spans, subspaces, the ten axioms, and a catalogue of spaces."""

from .answer import Answer, Answers
from .axioms import check_axioms
from .search import Counterexample
from .space import Space

__all__ = ["Answer", "Answers", "Counterexample", "Space", "check_axioms"]
