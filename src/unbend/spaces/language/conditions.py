"""Logical conditions on numbers: comparisons, "is an integer", "is rational", joined by *and* and *or*."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import product
from math import prod

from ...formula.language.tree import COMPARISONS, Binary, Call, Node, Number, substitute

_OPPOSITE = {"<": ">=", "<=": ">", ">": "<=", ">=": "<", "==": "!=", "!=": "=="}


@dataclass(frozen=True)
class Comparison:
    """``left relation right``, the relation one of ``< <= > >= == !=``."""

    relation: str
    left: Node
    right: Node


@dataclass(frozen=True)
class NumberKind:
    """The value is an ``"integer"`` or ``"rational"`` number; or, where ``holds`` is False, it is not."""

    kind: str
    node: Node
    holds: bool = True


@dataclass(frozen=True)
class AllOf:
    """A conjunction: every part holds; ``AllOf(())`` is true."""

    parts: tuple[Condition, ...]


@dataclass(frozen=True)
class AnyOf:
    """A disjunction: at least one part holds; ``AnyOf(())`` is false."""

    parts: tuple[Condition, ...]


class TooManyCases(Exception):
    """More cases than are examined."""


Literal = Comparison | NumberKind
Condition = Comparison | NumberKind | AllOf | AnyOf
MAX_BRANCHES = 4_000
TRUE = AllOf(())
ZERO, ONE = Number("0"), Number("1")


def terms(literal: Literal) -> tuple[Node, ...]:
    """The expression trees in a literal."""
    return (literal.node,) if isinstance(literal, NumberKind) else (literal.left, literal.right)


def negate(condition: Condition) -> Condition:
    """The condition that holds exactly where this one does not."""
    match condition:
        case Comparison(relation, left, right):
            return Comparison(_OPPOSITE[relation], left, right)
        case NumberKind(kind, node, holds):
            return NumberKind(kind, node, not holds)
        case AllOf(parts):
            return AnyOf(tuple(negate(p) for p in parts))
        case AnyOf(parts):
            return AllOf(tuple(negate(p) for p in parts))


def substitute_in(condition: Condition, values: Mapping[str, Node]) -> Condition:
    """The condition with the given names replaced by trees."""
    match condition:
        case Comparison(relation, left, right):
            return Comparison(relation, substitute(left, values), substitute(right, values))
        case NumberKind(kind, node, holds):
            return NumberKind(kind, substitute(node, values), holds)
        case AllOf(parts):
            return AllOf(tuple(substitute_in(p, values) for p in parts))
        case AnyOf(parts):
            return AnyOf(tuple(substitute_in(p, values) for p in parts))


def literals(condition: Condition) -> Iterator[Literal]:
    """The comparisons and number kinds in it, left to right."""
    if isinstance(condition, AllOf | AnyOf):
        for part in condition.parts:
            yield from literals(part)
    else:
        yield condition


def disjunctive_normal_form(condition: Condition) -> list[tuple[Literal, ...]]:
    """The condition in disjunctive normal form: it holds where all literals of at least one row do.

    Raises ``TooManyCases`` where there are more than ``MAX_BRANCHES`` rows.
    """
    match condition:
        case AllOf(parts):
            ways = [disjunctive_normal_form(p) for p in parts]
            if prod(map(len, ways)) > MAX_BRANCHES:
                raise TooManyCases
            rows = product(*ways)
            return [tuple(dict.fromkeys(literal for part in row for literal in part)) for row in rows]
        case AnyOf(parts):
            return [row for p in parts for row in disjunctive_normal_form(p)]
        case literal:
            return [(literal,)]


def condition_of(node: Node) -> Condition:
    """An expression as a condition: comparisons; their products (and), sums or max (or), 1 - c (not); else != 0."""
    match node:
        case Binary(operator, left, right) if operator in COMPARISONS:
            return comparison(operator, left, right)
        case Call("integer" | "rational" as kind, (inner,)):
            return NumberKind(kind, inner)
        case Binary("*", left, right) | Call("min", (left, right)) if _is_logical(left) and _is_logical(right):
            return AllOf((condition_of(left), condition_of(right)))
        case Binary("+", left, right) | Call("max", (left, right)) if _is_logical(left) and _is_logical(right):
            return AnyOf((condition_of(left), condition_of(right)))
        case Binary("-", left, right) if left == ONE and _is_logical(right):
            return negate(condition_of(right))
    return Comparison("!=", node, ZERO)


def comparison(relation: str, left: Node, right: Node) -> Condition:
    """The comparison; ``u == floor(u)`` and ``u - floor(u) == 0`` say that u is an integer."""
    if relation in ("==", "!="):
        for one, other in ((left, right), (right, left)):
            match one, other:
                case _, Call("floor" | "ceil", (inner,)) if inner == one:
                    return NumberKind("integer", inner, relation == "==")
                case Binary("-", a, Call("floor" | "ceil", (inner,))), Number() if inner == a and other.value == 0:
                    return NumberKind("integer", inner, relation == "==")
    return Comparison(relation, left, right)


def _is_logical(node: Node) -> bool:
    match node:
        case Binary(operator, left, right):
            if operator == "-":
                return left == ONE and _is_logical(right)
            return operator in COMPARISONS or (operator in "*+" and _is_logical(left) and _is_logical(right))
        case Call("integer" | "rational"):
            return True
        case Call("min" | "max", (left, right)):
            return _is_logical(left) and _is_logical(right)
    return False
