"""Vectors and spaces: linear combinations, spans, subspaces, the ten axioms, and a catalogue of spaces."""

from .axioms import check_axioms
from .catalogue import spaces
from .linear.combinations import combine, product
from .linear.spans import Independence, InSpan, basis, in_span, independent, rank
from .result import AxiomResult, AxiomResults, Counterexample
from .space import Space
from .subspace import Subspace, is_subspace

__all__ = [
    "AxiomResult",
    "AxiomResults",
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
