"""Conditions on numbers: comparisons, "is an integer", "is rational", joined by *all* and *either*."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import product
from math import prod

from ..formula.language.tree import COMPARISONS, Binary, Call, Node, Number, substitute

_OPPOSITE = {"<": ">=", "<=": ">", ">": "<=", ">=": "<", "==": "!=", "!=": "=="}


@dataclass(frozen=True)
class Comparison:
    """left relation right, the relation one of ``< <= > >= == !=``."""

    relation: str
    left: Node
    right: Node


@dataclass(frozen=True)
class Kind:
    """The value is of a kind, ``"integer"`` or ``"rational"``; or, where ``holds`` is False, it is not."""

    kind: str
    node: Node
    holds: bool = True


@dataclass(frozen=True)
class All:
    """Every part holds; ``All(())`` always does."""

    parts: tuple[Condition, ...]


@dataclass(frozen=True)
class Either:
    """At least one part holds; ``Either(())`` never does."""

    parts: tuple[Condition, ...]


class TooMany(Exception):
    """More cases than are looked at."""


Literal = Comparison | Kind
Condition = Comparison | Kind | All | Either
MOST_BRANCHES = 4_000
TRUE = All(())
ZERO, ONE = Number("0"), Number("1")


def negate(condition: Condition) -> Condition:
    """The condition that holds exactly where this one does not."""
    match condition:
        case Comparison(relation, left, right):
            return Comparison(_OPPOSITE[relation], left, right)
        case Kind(kind, node, holds):
            return Kind(kind, node, not holds)
        case All(parts):
            return Either(tuple(negate(p) for p in parts))
        case Either(parts):
            return All(tuple(negate(p) for p in parts))


def fill(condition: Condition, values: Mapping[str, Node]) -> Condition:
    """The condition with the given names replaced by trees."""
    match condition:
        case Comparison(relation, left, right):
            return Comparison(relation, substitute(left, values), substitute(right, values))
        case Kind(kind, node, holds):
            return Kind(kind, substitute(node, values), holds)
        case All(parts):
            return All(tuple(fill(p, values) for p in parts))
        case Either(parts):
            return Either(tuple(fill(p, values) for p in parts))


def literals(condition: Condition) -> Iterator[Literal]:
    """The comparisons and kinds in it, left to right."""
    if isinstance(condition, All | Either):
        for part in condition.parts:
            yield from literals(part)
    else:
        yield condition


def branches(condition: Condition) -> list[tuple[Literal, ...]]:
    """The ways to meet the condition: each a row of literals that hold together (disjunctive normal form).

    Raises ``TooMany`` where there are more than anybody would go through.
    """
    match condition:
        case All(parts):
            ways = [branches(p) for p in parts]
            if prod(map(len, ways)) > MOST_BRANCHES:
                raise TooMany
            rows = product(*ways)
            return [tuple(dict.fromkeys(literal for part in row for literal in part)) for row in rows]
        case Either(parts):
            return [row for p in parts for row in branches(p)]
        case literal:
            return [(literal,)]


def truth(node: Node) -> Condition:
    """A tree read as true or false: comparisons; their products (and), sums or max (or), 1 - c (not); else != 0."""
    match node:
        case Binary(operator, left, right) if operator in COMPARISONS:
            return comparison(operator, left, right)
        case Call("integer" | "rational" as kind, (inner,)):
            return Kind(kind, inner)
        case Binary("*", left, right) | Call("min", (left, right)) if _logical(left) and _logical(right):
            return All((truth(left), truth(right)))
        case Binary("+", left, right) | Call("max", (left, right)) if _logical(left) and _logical(right):
            return Either((truth(left), truth(right)))
        case Binary("-", left, right) if left == ONE and _logical(right):
            return negate(truth(right))
    return Comparison("!=", node, ZERO)


def comparison(relation: str, left: Node, right: Node) -> Condition:
    """The comparison; ``u == floor(u)`` and ``u - floor(u) == 0`` say that u is an integer."""
    if relation in ("==", "!="):
        for one, other in ((left, right), (right, left)):
            match one, other:
                case _, Call("floor" | "ceil", (inner,)) if inner == one:
                    return Kind("integer", inner, relation == "==")
                case Binary("-", a, Call("floor" | "ceil", (inner,))), Number() if inner == a and other.value == 0:
                    return Kind("integer", inner, relation == "==")
    return Comparison(relation, left, right)


def _logical(node: Node) -> bool:
    match node:
        case Binary(operator, left, right):
            if operator == "-":
                return left == ONE and _logical(right)
            return operator in COMPARISONS or (operator in "*+" and _logical(left) and _logical(right))
        case Call("integer" | "rational"):
            return True
        case Call("min" | "max", (left, right)):
            return _logical(left) and _logical(right)
    return False
