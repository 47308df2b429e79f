"""V5: a zero exists. Proved by one that fits, refuted by vectors that admit none."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice

from ..formula.language.tree import Name, Number, names
from .answer import Answer
from .claims import Claims, Vector, equal, put
from .conditions import Comparison, Condition
from .exact import Unclear, Undefined
from .existence import LOOKED_AT, TRIED, Candidate, asks, refusing, ruled, same, text, tree, values
from .laws import Trees
from .points import Vector as Point
from .search import Counterexample, show
from .solving import solutions
from .space import Space, unknown


def answer_zero(space: Space, pool: Sequence[Point], claims: Claims) -> tuple[Answer, Candidate | None]:
    """V5, and the zero where there is one."""
    if not space.is_formula:
        return _zero_by_trial(space, pool)
    fitting = [z for z in _zeros(space, pool) if _fits_as_zero(space, z, pool)]
    u = claims.vector("u")
    for z in fitting:
        sums = Trees(space).plus(u, z)
        inside = claims.proved([], [], claims.member(z)) or space.contains(values(z)) is True
        if inside and claims.proved([claims.member(u)], sums, equal(put(sums, {}), u)):
            return Answer("V5", "proved", "zero_is", {"zero": text(z)}, trials=len(pool)), z
    refuted = _no_zero(space, pool, claims)
    if not fitting or refuted.verdict == "refuted":
        return refuted, None
    z = fitting[0]
    return Answer("V5", "tested", "zero_seems", {"zero": text(z), "trials": str(len(pool))}, trials=len(pool)), z


def _zeros(space: Space, pool: Sequence[Point]) -> Iterator[Candidate]:
    """Vectors that might be the zero: 0 times a vector, solutions of u + z = u, simple members."""
    seen: set[Candidate] = set()
    for z in [*_zero_times(space, pool[:3]), *_solved_for_zero(space, pool[:3]), *map(tree, pool[:40])]:
        if z not in seen:
            seen.add(z)
            yield z


def _zero_times(space: Space, some: Sequence[Point]) -> Iterator[Candidate]:
    for u in some:
        try:
            yield tree(space.multiple(0, u))
        except (Undefined, Unclear, TypeError):
            continue


def _solved_for_zero(space: Space, some: Sequence[Point]) -> Iterator[Candidate]:
    unknowns = unknown("z", space.dimension)
    for u in some:
        there = tree(u)
        sums = Trees(space).plus(there, tuple(Name(n) for n in unknowns))
        for found in solutions([Comparison("==", s, x) for s, x in zip(sums, there, strict=True)], unknowns):
            vector = tuple(found.get(n, Number("0")) for n in unknowns)
            if not any(set(names(x)) - {"pi", "e"} for x in vector):
                yield vector


def _fits_as_zero(space: Space, z: Candidate, pool: Sequence[Point]) -> bool:
    try:
        value = values(z)
        return space.contains(value) is not False and all(same(space.sum(u, value), u) for u in pool[:TRIED])
    except (Undefined, Unclear):
        return False


def _no_zero(space: Space, pool: Sequence[Point], claims: Claims) -> Answer:
    """V5 without a candidate: refuted by one vector, by two, or by a rule; else open."""
    z = claims.vector("z")
    belongs = claims.member(z)
    conditions = [(u, asks(space, tree(u), z, tree(u))) for u in pool[:LOOKED_AT]]
    for u, condition in conditions:
        if claims.denied([belongs, condition]):
            return _zero_refused(space, u, z)
    together: list[Condition] = []
    for i, (u, condition) in enumerate(conditions):
        together.append(condition)
        if i and claims.denied([belongs, *together]):
            return _zero_moves(space, [v for v, _ in conditions[: i + 1]], u)
    rules = refusing(claims, [belongs], z, lambda u: asks(space, u, z, u))
    if rules:
        u_tree = ruled(rules[0], z)
        left = text(put(Trees(space).plus(u_tree, z), {}))
        found = Counterexample({"u": ", ".join(rules)}, f"u + z = {left}", f"{text(u_tree)} = u")
        return Answer("V5", "refuted", "zero_chased", {"where": str(found)}, found, len(pool))
    return Answer("V5", "tested", "zero_open", {"trials": str(len(pool))}, trials=len(pool))


def _zero_refused(space: Space, u: Point, z: Vector) -> Answer:
    """One vector admits no zero: say which z it would ask for, if that is a single one."""
    sums = put(Trees(space).plus(tree(u), z), {})
    found = Counterexample({"u": u}, f"u + z = {text(sums)}", f"{show(u)} = u")
    forced = list(islice(_solved_for_zero(space, [u]), 2))
    if len(forced) == 1:
        return Answer("V5", "refuted", "zero_outside", {"u": show(u), "zero": text(forced[0])}, found)
    return Answer("V5", "refuted", "zero_none", {"where": str(found)}, found)


def _zero_moves(space: Space, asked: Sequence[Point], last: Point) -> Answer:
    """Several vectors cannot agree on a zero: what suits the others fails the last."""
    for z in _solved_for_zero(space, asked[:-1]):
        value = values(z)
        try:
            failing = next(u for u in asked if not same(space.sum(u, value), u))
        except (StopIteration, Undefined, Unclear):
            continue
        served = next((u for u in asked if u != failing and same(space.sum(u, value), u)), None)
        if served is not None:
            found = Counterexample({"u": failing, "z": value}, f"u + z = {show(space.sum(failing, value))}",
                                   f"{show(failing)} = u")  # fmt: skip
            why = {"u": show(served), "zero": text(z), "where": str(found)}
            return Answer("V5", "refuted", "zero_moves", why, found)
    shown = "; ".join(show(u) for u in asked)
    return Answer("V5", "refuted", "zero_disagree", {"where": shown}, Counterexample({"u": last}, "u + z", "u"))


def _zero_by_trial(space: Space, pool: Sequence[Point]) -> tuple[Answer, Candidate | None]:
    fitting = [tree(z) for z in pool[:40] if _fits_as_zero(space, tree(z), pool)]
    if not fitting:
        return Answer("V5", "tested", "zero_open", {"trials": str(len(pool))}, trials=len(pool)), None
    why = {"zero": text(fitting[0]), "trials": str(len(pool))}
    return Answer("V5", "tested", "zero_seems", why, trials=len(pool)), fitting[0]
