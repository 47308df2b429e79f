"""V6: every vector has an inverse. Proved by a formula for it, refuted by a vector that has none."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice

from ..formula.language.tree import Binary, Name, Negative, Number
from .answer import Answer
from .claims import Claims, equal, put
from .conditions import All, Comparison, negate
from .exact import Unclear, Undefined, evaluate
from .existence import LOOKED_AT, TRIED, Candidate, asks, refusing, ruled, same, text, tree, values
from .laws import Trees
from .points import Vector as Point
from .search import Counterexample
from .solving import solutions
from .space import Space, unknown


def answer_inverse(space: Space, pool: Sequence[Point], claims: Claims, zero: Answer, z: Candidate | None) -> Answer:
    """V6, for the zero found."""
    if z is None:
        missing = zero.verdict == "refuted"
        return Answer("V6", "senseless" if missing else "tested", "no_zero_no_inverse" if missing else "inverse_open")
    if not space.is_formula:
        return Answer("V6", "tested", "inverse_open", trials=len(pool))
    u = claims.vector("u")
    candidates = list(_inverses(space, z))
    fitting = [x for x in candidates if all(_inverts(space, x, z, u) for u in pool[:TRIED])]
    for x in fitting:
        sums = Trees(space).plus(u, x)
        if claims.proved([claims.member(u)], [*x, *sums], All((claims.member(x), equal(sums, z)))):
            sure = zero.verdict == "proved"
            why = {"inverse": text(x), "zero": text(z)}
            return Answer("V6", "proved" if sure else "tested", "inverse_is", why, trials=len(pool))
    if not fitting:
        alone = [u for u in pool if not any(_inverts(space, x, z, u) for x in candidates)]
        refuted = _no_inverse(space, alone[:LOOKED_AT], pool[:3], claims, z)
        if refuted is not None:
            return refuted
    return Answer("V6", "tested", "inverse_open", trials=len(pool))


def _inverses(space: Space, z: Candidate) -> Iterator[Candidate]:
    """Formulas of u that might give the inverse: solutions of u + x = 0, -1 times u, usual suspects."""
    u, x = (tuple(Name(n) for n in unknown(letter, space.dimension)) for letter in "ux")
    equations = [Comparison("==", s, y) for s, y in zip(Trees(space).plus(u, x), z, strict=True)]
    unknowns = unknown("x", space.dimension)
    for found in islice(solutions(equations, unknowns), 4):
        yield tuple(found.get(n, Number("0")) for n in unknowns)
    yield put(Trees(space).times(Negative(Number("1")), u), {})
    yield tuple(Negative(c) for c in u)
    yield tuple(Binary("-", Binary("*", Number("2"), e), c) for e, c in zip(z, u, strict=True))
    yield u


def _inverts(space: Space, x: Candidate, z: Candidate, u: Point) -> bool:
    """Whether the formula x gives an inverse of u, as far as can be told."""
    named = dict(zip(unknown("u", space.dimension), u, strict=True))
    try:
        inverse = tuple(evaluate(c, named) for c in x)
        return space.contains(inverse) is not False and same(space.sum(u, inverse), values(z))
    except (Undefined, Unclear, KeyError):
        return False


def _no_inverse(
    space: Space, alone: Sequence[Point], some: Sequence[Point], claims: Claims, z: Candidate
) -> Answer | None:
    """A vector without an inverse, for this zero if it is the only one, else for every zero.

    ``alone`` are vectors for which no candidate serves, ``some`` are any that tell a zero from what is none.
    """
    x, other = claims.vector("x"), claims.vector("z")
    serves = [asks(space, tree(u), other, tree(u)) for u in some]
    if claims.denied([claims.member(other), *serves, negate(equal(other, z))]):
        for u in alone:
            if claims.denied([claims.member(x), asks(space, tree(u), x, z)]):
                sums = put(Trees(space).plus(tree(u), x), {})
                found = Counterexample({"u": u}, f"u + x = {text(sums)}", text(z))
                return Answer("V6", "refuted", "inverse_none", {"where": str(found)}, found)
        return None
    given = [claims.member(other), *serves, claims.member(x)]
    rules = refusing(claims, given, other, lambda u: asks(space, u, x, other))
    if not rules:
        return None
    u_tree = ruled(rules[0], other)
    left = text(put(Trees(space).plus(u_tree, x), {}))
    found = Counterexample({"u": ", ".join(rules)}, f"u + x = {left}", text(other))
    return Answer("V6", "refuted", "inverse_chased", {"where": str(found)}, found)
