"""What a space says of its unknown vectors, as conditions for the prover; and what is already proved of it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from ..formula.language.build import as_number, number, rebuild
from ..formula.language.tree import Call, Name, Node, children
from .conditions import All, Comparison, Condition, Either, Kind, fill, literals, negate
from .definedness import defined
from .exact import Unclear, Undefined, evaluate
from .laws import Trees
from .prover import impossible
from .space import Space, unknown

Vector = Sequence[Node]


@dataclass
class Claims:
    """Conditions on vectors of one space. ``closed`` holds "V1" and "V2" once these are proved."""

    space: Space
    closed: set[str] = field(default_factory=set)

    def inside(self, vector: Vector) -> Condition:
        """The vector meets the set's condition."""
        condition = self.space.condition
        assert condition is not None
        return fill(condition, dict(zip(unknown("u", self.space.dimension), vector, strict=True)))

    def member(self, vector: Vector) -> Condition:
        """The vector belongs to the set, and what its membership is read from has a value."""
        there = self.inside(vector)
        needs = [defined(node) for x in literals(there) for node in _sides(x)]
        return All((*needs, there))

    def members(self, letters: Collection[str]) -> list[Condition]:
        """These unknown vectors belong to the set."""
        return [self.member(self.vector(letter)) for letter in letters]

    def vector(self, letter: str) -> tuple[Node, ...]:
        """An unknown vector."""
        return tuple(Name(n) for n in unknown(letter, self.space.dimension))

    def proved(self, given: Sequence[Condition], needs: Sequence[Node], claim: Condition) -> bool:
        """Whether the claim is proved where ``given`` holds, along with these trees having a value there."""
        known = list(given)
        for node in needs:
            for part in _parts(defined(node)):
                ways = part.parts if isinstance(part, Either) else (part,)
                # one way that always holds says more than "one of them", and leaves fewer cases
                sure = next((w for w in (*ways, part) if self.denied([*known, negate(w)])), None)
                if sure is None:
                    return False
                known.append(sure)
        return self.denied([*known, negate(claim)])

    def denied(self, conditions: Sequence[Condition]) -> bool:
        """Whether the conditions are proved impossible together."""
        kind = self.space.field
        return impossible(All(tuple(conditions)), {} if kind == "real" else {"a": kind, "b": kind})


class Following(Trees):
    """Reckons with trees, keeping what is known of them: sums of members are members once that is proved."""

    def __init__(self, claims: Claims, letters: Collection[str]) -> None:
        super().__init__(claims.space)
        self.claims = claims
        self.inside = {claims.vector(letter) for letter in letters}
        self.known: list[Condition] = []

    def plus(self, u: Vector, v: Vector) -> tuple[Node, ...]:
        """u + v, a member where both are and sums are known to be."""
        found = super().plus(u, v)
        if tuple(u) in self.inside and tuple(v) in self.inside:
            self._note("V1", found)
        return found

    def times(self, a: Node, u: Vector) -> tuple[Node, ...]:
        """a times u, a member where u is and multiples are known to be."""
        found = super().times(a, u)
        if tuple(u) in self.inside:
            self._note("V2", found)
        return found

    def _note(self, axiom: str, found: tuple[Node, ...]) -> None:
        if axiom in self.claims.closed and found not in self.inside:
            self.inside.add(found)
            self.known.append(self.claims.inside(found))


def equal(left: Vector, right: Vector) -> Condition:
    """The vectors are equal, component by component."""
    return All(tuple(Comparison("==", x, y) for x, y in zip(left, right, strict=True)))


def put(trees: Vector, values: Mapping[str, Node]) -> tuple[Node, ...]:
    """The trees with names replaced, and what is plain then worked out: 0 + z is z."""
    return tuple(_folded(t, values) for t in trees)


def _folded(node: Node, values: Mapping[str, Node]) -> Node:
    if isinstance(node, Name):
        return values.get(node.name, node)
    below = [_folded(c, values) for c in children(node)]
    if not below:
        return node
    if isinstance(node, Call) and node.function == "where" and (chosen := as_number(below[0])) is not None:
        return below[1] if chosen else below[2]
    whole = rebuild(node, below)
    return _worked_out(whole) if all(as_number(b) is not None for b in below) else whole


def _worked_out(node: Node) -> Node:
    """The number a tree of numbers is, where that is rational."""
    try:
        value = evaluate(node, {})
    except (Undefined, Unclear):
        return node
    return number(value) if isinstance(value, Fraction) else node


def _parts(condition: Condition) -> Sequence[Condition]:
    if isinstance(condition, All):
        return [p for part in condition.parts for p in _parts(part)]
    return [condition]


def _sides(literal: Comparison | Kind) -> tuple[Node, ...]:
    return (literal.node,) if isinstance(literal, Kind) else (literal.left, literal.right)
