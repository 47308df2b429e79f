"""The two axioms that something exists: a zero, and to every vector its inverse.

To prove one, candidates are looked for and then proved right. To refute one, a vector u is shown for which none
can exist; or a rule that gives such a u to every supposed zero z.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice

from ..formula.build import number
from ..formula.grammar import parse
from ..formula.text import to_text
from ..formula.tree import Binary, Name, Negative, Node, Number, names
from .answer import Answer
from .claims import Claims, Vector, equal, put
from .conditions import All, Comparison, Condition, negate
from .definedness import defined
from .exact import Unclear, Undefined, compare, evaluate
from .laws import Trees
from .points import Vector as Point
from .search import Counterexample, show
from .solving import solutions
from .space import Space, unknown

_TRIED = 60  # vectors a candidate must fit before it is proved
_LOOKED_AT = 10  # vectors looked at for a refutation
Candidate = tuple[Node, ...]
# rules that give to a supposed zero z a vector u it cannot serve
_RULES = ("z - 1", "z + 1", "z/2", "2*z", "-z", "z + 2", "z - 2", "1 - z")


def answer_zero(space: Space, pool: Sequence[Point], claims: Claims) -> tuple[Answer, Candidate | None]:
    """V5, and the zero where there is one."""
    if not space.is_formula:
        return _zero_by_trial(space, pool)
    fitting = [z for z in _zeros(space, pool) if _fits_as_zero(space, z, pool)]
    u = claims.vector("u")
    for z in fitting:
        sums = Trees(space).plus(u, z)
        inside = claims.proved([], [], claims.member(z)) or space.contains(_values(z)) is True
        if inside and claims.proved([claims.member(u)], sums, equal(put(sums, {}), u)):
            return Answer("V5", "proved", "zero_is", {"zero": _text(z)}, trials=len(pool)), z
    refuted = _no_zero(space, pool, claims)
    if not fitting or refuted.verdict == "refuted":
        return refuted, None
    z = fitting[0]
    return Answer("V5", "tested", "zero_seems", {"zero": _text(z), "trials": str(len(pool))}, trials=len(pool)), z


def answer_inverse(space: Space, pool: Sequence[Point], claims: Claims, zero: Answer, z: Candidate | None) -> Answer:
    """V6, for the zero found."""
    if z is None:
        missing = zero.verdict == "refuted"
        return Answer("V6", "senseless" if missing else "tested", "no_zero_no_inverse" if missing else "inverse_open")
    if not space.is_formula:
        return _inverse_by_trial(space, pool, z)
    u = claims.vector("u")
    candidates = list(_inverses(space, z))
    fitting = [x for x in candidates if all(_inverts(space, x, z, u) for u in pool[:_TRIED])]
    for x in fitting:
        sums = Trees(space).plus(u, x)
        if claims.proved([claims.member(u)], [*x, *sums], All((claims.member(x), equal(sums, z)))):
            sure = zero.verdict == "proved"
            why = {"inverse": _text(x), "zero": _text(z)}
            return Answer("V6", "proved" if sure else "tested", "inverse_is", why, trials=len(pool))
    if not fitting:
        alone = [u for u in pool if not any(_inverts(space, x, z, u) for x in candidates)]
        refuted = _no_inverse(space, alone[:_LOOKED_AT], pool[:3], claims, z)
        if refuted is not None:
            return refuted
    return Answer("V6", "tested", "inverse_open", trials=len(pool))


# --- zero


def _zeros(space: Space, pool: Sequence[Point]) -> Iterator[Candidate]:
    """Vectors that might be the zero: 0 times a vector, solutions of u + z = u, simple members."""
    seen: set[Candidate] = set()
    for z in [*_zero_times(space, pool[:3]), *_solved_for_zero(space, pool[:3]), *map(_tree, pool[:40])]:
        if z not in seen:
            seen.add(z)
            yield z


def _zero_times(space: Space, some: Sequence[Point]) -> Iterator[Candidate]:
    for u in some:
        try:
            yield _tree(space.multiple(0, u))
        except (Undefined, Unclear, TypeError):
            continue


def _solved_for_zero(space: Space, some: Sequence[Point]) -> Iterator[Candidate]:
    unknowns = unknown("z", space.dimension)
    for u in some:
        there = _tree(u)
        sums = Trees(space).plus(there, tuple(Name(n) for n in unknowns))
        for found in solutions([Comparison("==", s, x) for s, x in zip(sums, there, strict=True)], unknowns):
            vector = tuple(found.get(n, Number("0")) for n in unknowns)
            if not any(set(names(x)) - {"pi", "e"} for x in vector):
                yield vector


def _fits_as_zero(space: Space, z: Candidate, pool: Sequence[Point]) -> bool:
    try:
        value = _values(z)
        return space.contains(value) is not False and all(_same(space.sum(u, value), u) for u in pool[:_TRIED])
    except (Undefined, Unclear):
        return False


def _no_zero(space: Space, pool: Sequence[Point], claims: Claims) -> Answer:
    """V5 without a candidate: refuted by one vector, by two, or by a rule; else open."""
    z = claims.vector("z")
    belongs = claims.member(z)
    asks = [(u, _asks(space, _tree(u), z, _tree(u))) for u in pool[:_LOOKED_AT]]
    for u, condition in asks:
        if claims.denied([belongs, condition]):
            return _zero_refused(space, u, z)
    together: list[Condition] = []
    for i, (u, condition) in enumerate(asks):
        together.append(condition)
        if i and claims.denied([belongs, *together]):
            return _zero_moves(space, [v for v, _ in asks[: i + 1]], u)
    for rule in _RULES:
        u_tree = tuple(put([parse(rule)], {"z": x})[0] for x in z)
        if claims.proved([belongs], [], claims.member(u_tree)) and claims.denied(
            [belongs, _asks(space, u_tree, z, u_tree)]
        ):
            left = _text(put(Trees(space).plus(u_tree, z), {}))
            found = Counterexample({"u": rule}, f"u + z = {left}", f"{_text(u_tree)} = u")
            return Answer("V5", "refuted", "zero_chased", {"where": str(found)}, found, len(pool))
    return Answer("V5", "tested", "zero_open", {"trials": str(len(pool))}, trials=len(pool))


def _zero_refused(space: Space, u: Point, z: Vector) -> Answer:
    """One vector admits no zero: say which z it would ask for, if that is a single one."""
    sums = put(Trees(space).plus(_tree(u), z), {})
    found = Counterexample({"u": u}, f"u + z = {_text(sums)}", f"{show(u)} = u")
    forced = list(islice(_solved_for_zero(space, [u]), 2))
    if len(forced) == 1:
        return Answer("V5", "refuted", "zero_outside", {"u": show(u), "zero": _text(forced[0])}, found)
    return Answer("V5", "refuted", "zero_none", {"where": str(found)}, found)


def _zero_moves(space: Space, asked: Sequence[Point], last: Point) -> Answer:
    """Several vectors cannot agree on a zero: what suits the others fails the last."""
    for z in _solved_for_zero(space, asked[:-1]):
        value = _values(z)
        try:
            failing = next(u for u in asked if not _same(space.sum(u, value), u))
        except (StopIteration, Undefined, Unclear):
            continue
        served = next((u for u in asked if u != failing and _same(space.sum(u, value), u)), None)
        if served is not None:
            found = Counterexample({"u": failing, "z": value}, f"u + z = {show(space.sum(failing, value))}",
                                   f"{show(failing)} = u")  # fmt: skip
            why = {"u": show(served), "zero": _text(z), "where": str(found)}
            return Answer("V5", "refuted", "zero_moves", why, found)
    shown = "; ".join(show(u) for u in asked)
    return Answer("V5", "refuted", "zero_disagree", {"where": shown}, Counterexample({"u": last}, "u + z", "u"))


# --- inverse


def _inverses(space: Space, z: Candidate) -> Iterator[Candidate]:
    """Formulas of u that might give the inverse: -1 times u, solutions of u + x = 0, usual suspects."""
    u, x = (tuple(Name(n) for n in unknown(letter, space.dimension)) for letter in "ux")
    yield put(Trees(space).times(Negative(Number("1")), u), {})
    equations = [Comparison("==", s, y) for s, y in zip(Trees(space).plus(u, x), z, strict=True)]
    unknowns = unknown("x", space.dimension)
    for found in islice(solutions(equations, unknowns), 4):
        yield tuple(found.get(n, Number("0")) for n in unknowns)
    yield tuple(Negative(c) for c in u)
    yield tuple(Binary("-", Binary("*", Number("2"), e), c) for e, c in zip(z, u, strict=True))
    yield u


def _inverts(space: Space, x: Candidate, z: Candidate, u: Point) -> bool:
    """Whether the formula x gives an inverse of u, as far as can be told."""
    values = dict(zip(unknown("u", space.dimension), u, strict=True))
    try:
        inverse = tuple(evaluate(c, values) for c in x)
        return space.contains(inverse) is not False and _same(space.sum(u, inverse), _values(z))
    except (Undefined, Unclear, KeyError):
        return False


def _no_inverse(
    space: Space, alone: Sequence[Point], some: Sequence[Point], claims: Claims, z: Candidate
) -> Answer | None:
    """A vector without an inverse, for this zero if it is the only one, else for every zero.

    ``alone`` are vectors for which no candidate serves, ``some`` are any that tell a zero from what is none.
    """
    x, other = claims.vector("x"), claims.vector("z")
    serves = [_asks(space, _tree(u), other, _tree(u)) for u in some]
    if claims.denied([claims.member(other), *serves, negate(equal(other, z))]):
        for u in alone:
            if claims.denied([claims.member(x), _asks(space, _tree(u), x, z)]):
                sums = put(Trees(space).plus(_tree(u), x), {})
                found = Counterexample({"u": u}, f"u + x = {_text(sums)}", _text(z))
                return Answer("V6", "refuted", "inverse_none", {"where": str(found)}, found)
        return None
    for rule in _RULES:
        u_tree = tuple(put([parse(rule)], {"z": c})[0] for c in other)
        given = [claims.member(other), *serves]
        if claims.proved(given, [], claims.member(u_tree)) and claims.denied(
            [*given, claims.member(x), _asks(space, u_tree, x, other)]
        ):
            sums = put(Trees(space).plus(u_tree, x), {})
            found = Counterexample({"u": rule}, f"u + x = {_text(sums)}", _text(other))
            return Answer("V6", "refuted", "inverse_chased", {"where": str(found)}, found)
    return None


# --- functions that are no formulas


def _zero_by_trial(space: Space, pool: Sequence[Point]) -> tuple[Answer, Candidate | None]:
    fitting = [_tree(z) for z in pool[:40] if _fits_as_zero(space, _tree(z), pool)]
    if not fitting:
        return Answer("V5", "tested", "zero_open", {"trials": str(len(pool))}, trials=len(pool)), None
    why = {"zero": _text(fitting[0]), "trials": str(len(pool))}
    return Answer("V5", "tested", "zero_seems", why, trials=len(pool)), fitting[0]


def _inverse_by_trial(space: Space, pool: Sequence[Point], z: Candidate) -> Answer:
    return Answer("V6", "tested", "inverse_open", trials=len(pool))


# --- small things


def _asks(space: Space, u: Vector, x: Vector, result: Vector) -> Condition:
    """u + x has a value, and it is the result."""
    sums = Trees(space).plus(u, x)
    return All((*(defined(s) for s in sums), equal(sums, result)))


def _tree(vector: Sequence[object]) -> Candidate:
    return tuple(number(x) for x in vector)  # type: ignore[arg-type]


def _values(z: Candidate) -> Point:
    return tuple(evaluate(c, {}) for c in z)


def _same(left: Sequence[object], right: Sequence[object]) -> bool:
    """Equal as far as can be told."""
    return not any(compare("!=", x, y) for x, y in zip(left, right, strict=True))


def _text(vector: Vector) -> str:
    if len(vector) == 1:  # u, where there is only u1
        return to_text(put(vector, {f"{letter}1": Name(letter) for letter in "uxz"})[0])
    return f"({', '.join(to_text(c) for c in vector)})"
