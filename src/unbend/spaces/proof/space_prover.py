"""`SpaceProver`: claims about unknown vectors of a space, stated as conditions and proved or refuted."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

from ...formula.language.tree import Name, Node, children, names
from ..language.conditions import (
    AllOf,
    AnyOf,
    Comparison,
    Condition,
    literals,
    negate,
    substitute_in,
    terms,
)
from ..language.domain_conditions import domain_condition
from ..operations import SymbolicOperations
from ..space import Space, component_names
from ..symbolic.work_limit import OutOfWork, WorkLimit, limited_to, spend
from .prover import Case, unsatisfiable

Vector = Sequence[Node]
LAW_WORK, EXISTENCE_WORK = 25_000, 14_000  # that the proof of one axiom may cost: three or four seconds
_SIMPLE = 40  # nodes of a condition that is tried first


@dataclass
class SpaceProver:
    """Conditions on vectors of one space, and proofs of them. ``closed`` holds "V1" and "V2" once these are proved.

    What costs more work than ``limit`` allows counts as not proved.
    """

    space: Space
    closed: set[str] = field(default_factory=set)
    limit: WorkLimit = field(default_factory=lambda: WorkLimit(LAW_WORK))
    _known: dict[Case, bool] = field(default_factory=dict)

    def renew_limit(self, amount: float = LAW_WORK) -> None:
        """Allow this much work again, for the next axiom."""
        self.limit = WorkLimit(amount)

    def member_condition(self, vector: Vector) -> Condition:
        """The vector satisfies the set's condition."""
        condition = self.space.condition
        assert condition is not None
        return substitute_in(condition, dict(zip(component_names("u", self.space.dimension), vector, strict=True)))

    def membership(self, vector: Vector) -> Condition:
        """The vector belongs to the set, and everything in the set's condition has a value."""
        condition = self.member_condition(vector)
        needs = [domain_condition(node) for x in literals(condition) for node in terms(x)]
        return AllOf((*needs, condition))

    def memberships(self, letters: Collection[str]) -> list[Condition]:
        """These unknown vectors belong to the set."""
        return [self.membership(self.unknown_vector(letter)) for letter in letters]

    def unknown_vector(self, letter: str) -> tuple[Node, ...]:
        """A vector of unknown components: u1, u2, …"""
        return tuple(Name(n) for n in component_names(letter, self.space.dimension))

    def proves(self, given: Sequence[Condition], needs: Sequence[Node], claim: Condition) -> bool:
        """Whether it is proved that ``given`` implies ``claim``, and that the expressions ``needs`` have values."""
        known = list(given)
        for node in needs:
            for part in _conjuncts(domain_condition(node)):
                alternatives = part.parts if isinstance(part, AnyOf) else (part,)
                # one alternative that always holds says more than the disjunction, and leaves fewer cases
                proved = next(
                    (w for facts in _contexts(known, part) for w in dict.fromkeys((*alternatives, part))
                     if self.refutes([*facts, negate(w)])),
                    None,
                )  # fmt: skip
                if proved is None:
                    return False
                known.append(proved)
        return any(self.refutes([*facts, negate(claim)]) for facts in _contexts(known, claim))

    def refutes(self, conditions: Sequence[Condition]) -> bool:
        """Whether the conditions are proved to have no common solution."""
        kind = self.space.field
        fields = {} if kind == "real" else {"a": kind, "b": kind}
        try:
            with limited_to(self.limit):
                spend(1)
                return unsatisfiable(AllOf(tuple(conditions)), fields, self._known)
        except OutOfWork:
            return False


class MembershipTracking(SymbolicOperations):
    """Operations on expression trees that record what is known: sums of members are members once V1 is proved."""

    def __init__(self, prover: SpaceProver, letters: Collection[str]) -> None:
        super().__init__(prover.space)
        self.prover = prover
        self.members = {prover.unknown_vector(letter) for letter in letters}
        self.known: list[Condition] = []

    def plus(self, u: Vector, v: Vector) -> tuple[Node, ...]:
        """u + v; a known member where u and v are and V1 is proved."""
        result = super().plus(u, v)
        if tuple(u) in self.members and tuple(v) in self.members:
            self._record_member("V1", result)
        return result

    def times(self, a: Node, u: Vector) -> tuple[Node, ...]:
        """a times u; a known member where u is and V2 is proved."""
        result = super().times(a, u)
        if tuple(u) in self.members:
            self._record_member("V2", result)
        return result

    def _record_member(self, axiom: str, vector: tuple[Node, ...]) -> None:
        if axiom in self.prover.closed and vector not in self.members:
            self.members.add(vector)
            self.known.append(self.prover.member_condition(vector))


def equal_vectors(left: Vector, right: Vector) -> Condition:
    """The vectors are equal, component by component."""
    return AllOf(tuple(Comparison("==", x, y) for x, y in zip(left, right, strict=True)))


def _contexts(known: Sequence[Condition], claim: Condition) -> list[Sequence[Condition]]:
    """The facts to prove a claim from: first the short ones about its names alone, which often suffice; then all."""
    about = _names_in(claim)
    simple = [k for k in known if (found := _names_in(k)) and found <= about and _size(k) <= _SIMPLE]
    return [simple, known] if simple and len(simple) < len(known) else [known]


def _names_in(condition: Condition) -> set[str]:
    return {n for x in literals(condition) for node in terms(x) for n in names(node)} - {"pi", "e"}


def _size(condition: Condition) -> int:
    """The number of nodes of all expressions in the condition."""
    pending = [node for x in literals(condition) for node in terms(x)]
    count = 0
    while pending:
        count += 1
        pending += children(pending.pop())
    return count


def _conjuncts(condition: Condition) -> Sequence[Condition]:
    if isinstance(condition, AllOf):
        return [p for part in condition.parts for p in _conjuncts(part)]
    return [condition]
