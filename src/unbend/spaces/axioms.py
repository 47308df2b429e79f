"""The ten axioms, asked of a space: each proved, refuted, tested or senseless."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from ..errors import BadInput
from ..formula.language.build import number
from ..formula.language.grammar import parse
from ..formula.language.tree import Name, substitute
from .answer import AXIOMS, Answer, Answers
from .claims import Claims, Following, equal
from .conditions import Kind, literals
from .inverse import answer_inverse
from .laws import LAWS, Law
from .points import Vector, members
from .search import Counterexample, search, show
from .space import Space
from .zero import answer_zero


def check_axioms(space: Space) -> Answers:
    """Ask all ten axioms of the space, in the usual order V1 to V10.

    First small round vectors are tried for a counterexample, exactly; where none turns up, a proof is looked for;
    where none is found either, the axiom counts as tested. Zero is asked for as u + 0 = u, the inverse as
    u + (-u) = 0. A result without a value (a division by zero, the logarithm of a negative number) lies outside
    the set. Raises ``BadInput`` where no vector of the set is found.
    """
    pool = _members(space)
    claims = Claims(space)
    found = _laws(space, tuple(LAWS), pool, claims)
    exactly = [u for u in pool if all(isinstance(x, Fraction) for x in u)]
    zero, vector = answer_zero(space, exactly, claims)
    found["V5"] = zero
    found["V6"] = answer_inverse(space, exactly, claims, zero, vector)
    return Answers(space, {axiom: found[axiom] for axiom in AXIOMS})


def closures(space: Space) -> dict[str, Answer]:
    """V1 and V2 alone. Raises ``BadInput`` where no vector of the set is found."""
    return _laws(space, ("V1", "V2"), _members(space), Claims(space))


def _members(space: Space) -> list[Vector]:
    pool = members(space)
    if not pool:
        raise BadInput("spaces.no_member", member=str(space.member))
    return pool


def _laws(space: Space, axioms: Sequence[str], pool: Sequence[Vector], claims: Claims) -> dict[str, Answer]:
    """The answers to these axioms; the closures come first, since the other laws build on them."""
    found: dict[str, Answer] = {}
    for axiom in axioms:
        found[axiom] = _answer(space, LAWS[axiom], pool, claims)
        if found[axiom].verdict == "proved":
            claims.closed.add(axiom)
    return found


def _answer(space: Space, law: Law, pool: Sequence[Vector], claims: Claims) -> Answer:
    counterexample, undefined, trials = search(space, law, pool)
    if counterexample is None and law.axiom == "V2":
        counterexample = _irrational(space, pool)
    if counterexample is not None:
        left = counterexample.left
        why = "refuted_equal" if law.right else "no_value" if left.endswith("?") else "refuted_leaves"
        return Answer(law.axiom, "refuted", why, {"where": str(counterexample)}, counterexample, trials)
    if space.is_formula and _proved(law, claims):
        return Answer(law.axiom, "proved", "proved_leaves" if law.right is None else "proved_equal", trials=trials)
    if undefined is not None:
        where = ", ".join(f"{k} = {show(v)}" for k, v in undefined.items())
        return Answer(law.axiom, "senseless", "undefined", {"where": where}, trials=trials)
    return Answer(law.axiom, "tested", "tested_only", {"trials": str(trials)}, trials=trials)


def _proved(law: Law, claims: Claims) -> bool:
    reckon = Following(claims, law.vectors)
    arguments = [*(Name(s) for s in law.scalars), *(reckon.vector(v) for v in law.vectors)]
    left = tuple(law.left(reckon, *arguments))
    right = tuple(law.right(reckon, *arguments)) if law.right is not None else ()
    given = [*claims.members(law.vectors), *reckon.known]
    if law.right is None:
        return claims.proved(given, left, claims.member(left))
    # most laws hold for all numbers, members or not, which is quicker to see
    return any(claims.proved(known, [*left, *right], equal(left, right)) for known in ([], given))


def _irrational(space: Space, pool: Sequence[Vector]) -> Counterexample | None:
    """Where membership asks for rational numbers: the square root of 2 as a scalar takes a vector out."""
    kinds = [x for x in literals(space.condition) if isinstance(x, Kind)] if space.condition else []
    if space.field != "real" or not any(x.kind == "rational" for x in kinds) or space.multiple_trees is None:
        return None
    from .algebra import expression

    root = parse("sqrt(2)")
    for u in pool[:20]:
        values = dict(zip([f"u{i + 1}" for i in range(space.dimension)], u, strict=True))
        scaled = [substitute(t, {"a": root}) for t in space.multiple_trees]
        try:
            numbers = [expression(t, {k: expression(number(v), {}) for k, v in values.items()}) for t in scaled]
        except KeyError:  # a choice, such as abs
            return None
        where = {f"u{i + 1}": x for i, x in enumerate(numbers)}
        for kind in kinds:
            if kind.holds and getattr(expression(kind.node, where), f"is_{kind.kind}") is False:
                left = ", ".join(str(x) for x in numbers)
                return Counterexample({"a": "sqrt(2)", "u": u}, f"a u = {left if len(numbers) == 1 else f'({left})'}")
    return None
