"""Vectors and spaces: combinations, spans, subspaces, the ten axioms, and a catalogue of spaces."""

from .answer import Answer, Answers
from .axioms import check_axioms
from .catalogue import spaces
from .linear import Independence, InSpan, basis, combine, in_span, independent, product, rank
from .search import Counterexample
from .space import Space
from .subspace import Subspace, is_subspace

__all__ = [
    "Answer",
    "Answers",
    "Counterexample",
    "InSpan",
    "Independence",
    "Space",
    "Subspace",
    "basis",
    "check_axioms",
    "combine",
    "in_span",
    "independent",
    "is_subspace",
    "product",
    "rank",
    "spaces",
]
