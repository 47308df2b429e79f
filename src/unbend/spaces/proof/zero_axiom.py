"""`check_zero` (V5, a zero exists): proved by a candidate, refuted by vectors for which none can exist."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice

from ...formula.language.tree import Name, Number, names
from ..evaluate.exact_values import Undecided, Undefined
from ..language.conditions import Comparison, Condition
from ..operations import SymbolicOperations
from ..result import AxiomResult, Counterexample, format_value
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
from .space_prover import SpaceProver, Vector, equal_vectors


def check_zero(space: Space, pool: Sequence[Point], prover: SpaceProver) -> tuple[AxiomResult, Candidate | None]:
    """The result for V5, and the zero where one is found."""
    if not space.is_formula:
        return _tested_zero(space, pool)
    fitting = [z for z in _zeros(space, pool) if _fits_as_zero(space, z, pool)]
    u = prover.unknown_vector("u")
    for z in fitting:
        sums = SymbolicOperations(space).plus(u, z)
        inside = prover.proves([], [], prover.membership(z)) or space.contains(exact_vector(z)) is True
        if inside and prover.proves([prover.membership(u)], sums, equal_vectors(substitute_and_fold(sums, {}), u)):
            return AxiomResult("V5", "proved", "zero_is", {"zero": format_trees(z)}, trials=len(pool)), z
    refuted = _no_zero(space, pool, prover)
    if not fitting or refuted.verdict == "refuted":
        return refuted, None
    z = fitting[0]
    return AxiomResult(
        "V5", "tested", "zero_seems", {"zero": format_trees(z), "trials": str(len(pool))}, trials=len(pool)
    ), z


def _zeros(space: Space, pool: Sequence[Point]) -> Iterator[Candidate]:
    """Candidates: 0 times a vector, solutions of u + z = u, simple members."""
    seen: set[Candidate] = set()
    for z in [*_zero_times(space, pool[:3]), *_solved_for_zero(space, pool[:3]), *map(number_trees, pool[:40])]:
        if z not in seen:
            seen.add(z)
            yield z


def _zero_times(space: Space, vectors: Sequence[Point]) -> Iterator[Candidate]:
    for u in vectors:
        try:
            yield number_trees(space.multiple(0, u))
        except (Undefined, Undecided, TypeError):
            continue


def _solved_for_zero(space: Space, vectors: Sequence[Point]) -> Iterator[Candidate]:
    unknowns = component_names("z", space.dimension)
    for u in vectors:
        trees = number_trees(u)
        sums = SymbolicOperations(space).plus(trees, tuple(Name(n) for n in unknowns))
        for solution in solve_for([Comparison("==", s, x) for s, x in zip(sums, trees, strict=True)], unknowns):
            vector = tuple(solution.get(n, Number("0")) for n in unknowns)
            if not any(set(names(x)) - {"pi", "e"} for x in vector):
                yield vector


def _fits_as_zero(space: Space, z: Candidate, pool: Sequence[Point]) -> bool:
    try:
        value = exact_vector(z)
        return space.contains(value) is not False and all(
            may_be_equal(space.sum(u, value), u) for u in pool[:CANDIDATE_CHECKS]
        )
    except (Undefined, Undecided):
        return False


def _no_zero(space: Space, pool: Sequence[Point], prover: SpaceProver) -> AxiomResult:
    """V5 without a candidate: refuted by one vector, by several, or by rules; else tested only."""
    z = prover.unknown_vector("z")
    is_member = prover.membership(z)
    conditions = [(u, sum_equals(space, number_trees(u), z, number_trees(u))) for u in pool[:MAX_EXAMINED]]
    for u, condition in conditions:
        if prover.refutes([is_member, condition]):
            return _no_zero_for_one(space, u, z)
    conjunction: list[Condition] = []
    for i, (u, condition) in enumerate(conditions):
        conjunction.append(condition)
        if i and prover.refutes([is_member, *conjunction]):
            return _no_zero_for_several(space, [v for v, _ in conditions[: i + 1]], u)
    rules = refuting_rules(prover, [is_member], z, lambda u: sum_equals(space, u, z, u))
    if rules:
        u_tree = apply_rule(rules[0], z)
        left = format_trees(substitute_and_fold(SymbolicOperations(space).plus(u_tree, z), {}))
        counterexample = Counterexample({"u": ", ".join(rules)}, f"u + z = {left}", f"{format_trees(u_tree)} = u")
        return AxiomResult(
            "V5", "refuted", "zero_chased", {"where": str(counterexample)}, counterexample, trials=len(pool)
        )
    return AxiomResult("V5", "tested", "zero_open", {"trials": str(len(pool))}, trials=len(pool))


def _no_zero_for_one(space: Space, u: Point, z: Vector) -> AxiomResult:
    """One vector has no zero in the set; the reason names the z it would need, if there is exactly one."""
    sums = substitute_and_fold(SymbolicOperations(space).plus(number_trees(u), z), {})
    counterexample = Counterexample({"u": u}, f"u + z = {format_trees(sums)}", f"{format_value(u)} = u")
    needed = list(islice(_solved_for_zero(space, [u]), 2))
    if len(needed) == 1:
        return AxiomResult(
            "V5", "refuted", "zero_outside", {"u": format_value(u), "zero": format_trees(needed[0])}, counterexample
        )
    return AxiomResult("V5", "refuted", "zero_none", {"where": str(counterexample)}, counterexample)


def _no_zero_for_several(space: Space, vectors: Sequence[Point], last: Point) -> AxiomResult:
    """Several vectors have no common zero: one that works for some fails for another."""
    for z in _solved_for_zero(space, vectors[:-1]):
        value = exact_vector(z)
        try:
            failing = next(u for u in vectors if not may_be_equal(space.sum(u, value), u))
        except (StopIteration, Undefined, Undecided):
            continue
        works = next((u for u in vectors if u != failing and may_be_equal(space.sum(u, value), u)), None)
        if works is not None:
            left = f"u + z = {format_value(space.sum(failing, value))}"
            counterexample = Counterexample({"u": failing, "z": value}, left, f"{format_value(failing)} = u")
            why = {"u": format_value(works), "zero": format_trees(z), "where": str(counterexample)}
            return AxiomResult("V5", "refuted", "zero_moves", why, counterexample)
    shown = "; ".join(format_value(u) for u in vectors)
    return AxiomResult("V5", "refuted", "zero_disagree", {"where": shown}, Counterexample({"u": last}, "u + z", "u"))


def _tested_zero(space: Space, pool: Sequence[Point]) -> tuple[AxiomResult, Candidate | None]:
    fitting = [number_trees(z) for z in pool[:40] if _fits_as_zero(space, number_trees(z), pool)]
    if not fitting:
        return AxiomResult("V5", "tested", "zero_open", {"trials": str(len(pool))}, trials=len(pool)), None
    why = {"zero": format_trees(fitting[0]), "trials": str(len(pool))}
    return AxiomResult("V5", "tested", "zero_seems", why, trials=len(pool)), fitting[0]
