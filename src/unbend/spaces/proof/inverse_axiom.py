"""`check_inverse` (V6, every vector has an inverse): proved by a formula for it, refuted by a vector that has none."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice

from ...formula.language.tree import Binary, Name, Negative, Number
from ..evaluate.exact_values import Undecided, Undefined, evaluate
from ..language.conditions import AllOf, Comparison, negate
from ..operations import SymbolicOperations
from ..result import AxiomResult, Counterexample
from ..search.trial_vectors import Vector as Point
from ..space import Space, component_names
from ..symbolic.constant_folding import substitute_and_fold
from ..symbolic.equation_solver import solve_for
from .existence import (
    CANDIDATE_CHECKS,
    MAX_EXAMINED,
    Candidate,
    apply_rule,
    exact_vector,
    format_trees,
    may_be_equal,
    number_trees,
    refuting_rules,
    sum_equals,
)
from .space_prover import SpaceProver, equal_vectors


def check_inverse(
    space: Space, pool: Sequence[Point], prover: SpaceProver, zero: AxiomResult, z: Candidate | None
) -> AxiomResult:
    """The result for V6, given the result for V5 and the zero ``z`` found there, if any."""
    if z is None:
        missing = zero.verdict == "refuted"
        return AxiomResult(
            "V6", "senseless" if missing else "tested", "no_zero_no_inverse" if missing else "inverse_open"
        )
    if not space.is_formula:
        return AxiomResult("V6", "tested", "inverse_open", trials=len(pool))
    u = prover.unknown_vector("u")
    candidates = list(_inverses(space, z))
    fitting = [x for x in candidates if all(_inverts(space, x, z, u) for u in pool[:CANDIDATE_CHECKS])]
    for x in fitting:
        sums = SymbolicOperations(space).plus(u, x)
        if prover.proves([prover.membership(u)], [*x, *sums], AllOf((prover.membership(x), equal_vectors(sums, z)))):
            zero_proved = zero.verdict == "proved"
            why = {"inverse": format_trees(x), "zero": format_trees(z)}
            return AxiomResult("V6", "proved" if zero_proved else "tested", "inverse_is", why, trials=len(pool))
    without = [u for u in pool if not any(_inverts(space, x, z, u) for x in candidates)]
    refuted = _outside(space, without, candidates, prover, z)
    if refuted is None and not fitting:
        refuted = _no_inverse(space, without[:MAX_EXAMINED], pool[:3], prover, z)
    if refuted is not None:
        return refuted
    return AxiomResult("V6", "tested", "inverse_open", trials=len(pool))


def _inverses(space: Space, z: Candidate) -> Iterator[Candidate]:
    """Candidate formulas of u for the inverse: solutions of u + x = 0, -1 times u, and common forms."""
    u, x = (tuple(Name(n) for n in component_names(letter, space.dimension)) for letter in "ux")
    equations = [Comparison("==", s, y) for s, y in zip(SymbolicOperations(space).plus(u, x), z, strict=True)]
    unknowns = component_names("x", space.dimension)
    for solution in islice(solve_for(equations, unknowns), 4):
        yield tuple(solution.get(n, Number("0")) for n in unknowns)
    yield substitute_and_fold(SymbolicOperations(space).times(Negative(Number("1")), u), {})
    yield tuple(Negative(c) for c in u)
    yield tuple(Binary("-", Binary("*", Number("2"), e), c) for e, c in zip(z, u, strict=True))
    yield u


def _inverts(space: Space, x: Candidate, z: Candidate, u: Point) -> bool:
    """Whether the formula x gives an inverse of u, or may do so."""
    named = dict(zip(component_names("u", space.dimension), u, strict=True))
    try:
        inverse = tuple(evaluate(c, named) for c in x)
        return space.contains(inverse) is not False and may_be_equal(space.sum(u, inverse), exact_vector(z))
    except (Undefined, Undecided, KeyError):
        return False


def _outside(
    space: Space, without: Sequence[Point], candidates: Sequence[Candidate], prover: SpaceProver, z: Candidate
) -> AxiomResult | None:
    """A vector whose only inverse, among all vectors of numbers, is not in V.

    x' is the only one where the laws hold for all numbers: of u + x = z follows x = x + (u + x') = (x + u) + x' = x'.
    """
    if not without:
        return None
    plus = SymbolicOperations(space).plus
    u, x = prover.unknown_vector("u"), prover.unknown_vector("x")
    names = component_names("u", space.dimension)
    for inverse in candidates:
        laws = [(plus(u, inverse), z), (plus(x, u), plus(u, x)), (plus(x, z), x), (plus(z, inverse), inverse),
                (plus(plus(x, u), inverse), plus(x, plus(u, inverse)))]  # fmt: skip
        if not all(prover.proves([], [*one, *two], equal_vectors(one, two)) for one, two in laws):
            continue
        for point in without:
            value = substitute_and_fold(inverse, dict(zip(names, number_trees(point), strict=True)))
            try:
                is_member = space.contains(tuple(evaluate(c, {}) for c in value))
            except (Undefined, Undecided):
                continue
            if is_member is False:
                counterexample = Counterexample({"u": point}, f"x = {format_trees(value)}")
                return AxiomResult("V6", "refuted", "inverse_outside", {"where": str(counterexample)}, counterexample)
    return None


def _no_inverse(
    space: Space, without: Sequence[Point], others: Sequence[Point], prover: SpaceProver, z: Candidate
) -> AxiomResult | None:
    """A vector without an inverse, for this zero if it is the only one, else for every zero.

    ``without`` are vectors for which no candidate works, ``others`` any with which a zero is recognised.
    """
    x, other = prover.unknown_vector("x"), prover.unknown_vector("z")
    is_zero = [sum_equals(space, number_trees(u), other, number_trees(u)) for u in others]
    if prover.refutes([prover.membership(other), *is_zero, negate(equal_vectors(other, z))]):
        for u in without:
            if prover.refutes([prover.membership(x), sum_equals(space, number_trees(u), x, z)]):
                sums = substitute_and_fold(SymbolicOperations(space).plus(number_trees(u), x), {})
                counterexample = Counterexample({"u": u}, f"u + x = {format_trees(sums)}", format_trees(z))
                return AxiomResult("V6", "refuted", "inverse_none", {"where": str(counterexample)}, counterexample)
        return None
    given = [prover.membership(other), *is_zero, prover.membership(x)]
    rules = refuting_rules(prover, given, other, lambda u: sum_equals(space, u, x, other))
    if not rules:
        return None
    u_tree = apply_rule(rules[0], other)
    left = format_trees(substitute_and_fold(SymbolicOperations(space).plus(u_tree, x), {}))
    counterexample = Counterexample({"u": ", ".join(rules)}, f"u + x = {left}", format_trees(other))
    return AxiomResult("V6", "refuted", "inverse_chased", {"where": str(counterexample)}, counterexample)
