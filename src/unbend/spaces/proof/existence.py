"""What the two existence axioms (zero and inverse) share: candidates, and rules that refute every supposed zero.

Existence is proved by a candidate that is proved to fit. It is refuted by a vector u for which none can exist, or by
rules that give such a u for every supposed zero z.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from ...formula.language.build import number
from ...formula.language.grammar import parse
from ...formula.language.tree import Name, Node
from ...formula.printing.text import to_text
from ..evaluate.exact_values import compare, evaluate
from ..language.conditions import AllOf, AnyOf, Condition, negate
from ..language.domain_conditions import domain_condition
from ..operations import SymbolicOperations
from ..search.trial_vectors import Vector as Point
from ..space import Space
from ..symbolic.constant_folding import substitute_and_fold
from .space_prover import SpaceProver, Vector, equal_vectors

CANDIDATE_CHECKS = 60  # vectors that a candidate must fit before a proof is tried
MAX_EXAMINED = 10  # vectors with which a refutation is tried
Candidate = tuple[Node, ...]
# rules that give, for a supposed zero z, a vector u for which z may fail
_RULES = ("z - 1", "z + 1", "-z", "z/2", "(z - 1)/2", "(z + 1)/2", "1 - z")


def refuting_rules(
    prover: SpaceProver, given: Sequence[Condition], z: Candidate, works_for: Callable[[Candidate], Condition]
) -> list[str]:
    """Rules that give for every supposed zero z a vector for which it fails; [] where none cover every z.

    ``works_for(u)`` is the condition that z works for the vector u.
    """
    escapes: list[Condition] = []  # the conditions on a z that none of the rules so far refutes
    used: list[str] = []
    for rule in _RULES:
        u = apply_rule(rule, z)
        escape = AnyOf((negate(prover.membership(u)), works_for(u)))
        if prover.refutes([*given, escape]):
            return [rule]
        escapes.append(escape)
        used.append(rule)
        if len(used) > 1 and prover.refutes([*given, *escapes]):
            return used
    return []


def apply_rule(rule: str, z: Candidate) -> Candidate:
    """The vector that a rule gives, component by component."""
    return tuple(substitute_and_fold([parse(rule)], {"z": c})[0] for c in z)


def sum_equals(space: Space, u: Vector, x: Vector, result: Vector) -> Condition:
    """u + x has a value, and it is the result."""
    sums = SymbolicOperations(space).plus(u, x)
    return AllOf((*(domain_condition(s) for s in sums), equal_vectors(sums, result)))


def number_trees(vector: Sequence[object]) -> Candidate:
    """Exact numbers as expression trees."""
    return tuple(number(x) for x in vector)  # type: ignore[arg-type]


def exact_vector(z: Candidate) -> Point:
    """The exact values of expressions without names."""
    return tuple(evaluate(c, {}) for c in z)


def may_be_equal(left: Sequence[object], right: Sequence[object]) -> bool:
    """Whether no component certainly differs."""
    return not any(compare("!=", x, y) for x, y in zip(left, right, strict=True))


def format_trees(vector: Vector) -> str:
    """Expressions as a reader writes them: (u1, 2*u2), and u where there is one component."""
    if len(vector) == 1:  # u, where there is only u1
        return to_text(substitute_and_fold(vector, {f"{letter}1": Name(letter) for letter in "uxz"})[0])
    return f"({', '.join(to_text(c) for c in vector)})"
