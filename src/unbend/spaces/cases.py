"""Case by case: max, min, abs, sign, where and comparisons used as numbers are split until none is left."""

from __future__ import annotations

from collections.abc import Iterator

from ..formula.language.build import as_number, number, rebuild
from ..formula.language.tree import COMPARISONS, Binary, Call, Negative, Node, Number, children, names
from .affine import affine, single
from .conditions import (
    ONE,
    TRUE,
    ZERO,
    All,
    Comparison,
    Condition,
    Kind,
    Literal,
    TooMany,
    branches,
    fill,
    literals,
    negate,
    truth,
)
from .exact import holds

MOST_CASES = 250


def cases(condition: Condition) -> Iterator[tuple[Literal, ...]]:
    """Rows of literals without choices, one of which holds wherever the condition does. Raises ``TooMany``."""
    waiting = [_settled(row) for row in branches(condition)]
    met = 0
    while waiting:
        row = waiting.pop()
        if row is None:
            continue
        met += 1
        if met > MOST_CASES:
            raise TooMany
        choice = next((c for literal in row for node in _sides(literal) if (c := _innermost(node)) is not None), None)
        if choice is None:
            yield row
            continue
        for extra, value in _ways(choice):
            replaced = All(tuple(_replace_in(literal, choice, value) for literal in row))
            waiting += [_settled(r) for r in branches(All((extra, replaced)))]


def _settled(row: tuple[Literal, ...]) -> tuple[Literal, ...] | None:
    """Without the literals that hold whatever the names stand for; None where one never does."""
    kept: list[Literal] = []
    for literal in dict.fromkeys(_filled_in(row)):
        if negate(literal) in kept:
            return None
        if any(names(node) for node in _sides(literal)):
            kept.append(literal)
            continue
        answer = holds(literal, {})
        if answer is False:
            return None
        if answer is None:
            kept.append(literal)
    return tuple(kept)


def _filled_in(row: tuple[Literal, ...]) -> list[Literal]:
    """The literals with every name put in that one of them sets to a number."""
    left = list(row)
    for literal in row:
        if isinstance(literal, Comparison) and literal.relation == "==":
            one = single(affine(Binary("-", literal.left, literal.right)))
            if one is not None:
                name, factor, shift = one
                values: dict[str, Node] = {name: number(-shift / factor)}
                left = [x for part in left for x in literals(fill(part, values))]
    return left


def _sides(literal: Literal) -> tuple[Node, ...]:
    return (literal.node,) if isinstance(literal, Kind) else (literal.left, literal.right)


def _innermost(node: Node) -> Node | None:
    """A choice below which there is no other."""
    for child in children(node):
        found = _innermost(child)
        if found is not None:
            return found
    match node:
        case Call("max" | "min" | "abs" | "sign" | "where"):
            return node
        case Binary(operator) if operator in COMPARISONS:
            return node
    return None


def _ways(choice: Node) -> list[tuple[Condition, Node]]:
    """The ways a choice can go: under which condition it has which value."""
    match choice:
        case Call("max", (a, b)):
            return [(Comparison(">=", a, b), a), (Comparison("<", a, b), b)]
        case Call("min", (a, b)):
            return [(Comparison("<=", a, b), a), (Comparison(">", a, b), b)]
        case Call("abs" | "sign" as function, (Binary("*" | "/" as operator, a, b),)):
            return [(TRUE, Binary(operator, Call(function, (a,)), Call(function, (b,))))]
        case Call("abs" | "sign" as function, (Negative(a),)):
            inner = Call(function, (a,))
            return [(TRUE, inner if function == "abs" else Negative(inner))]
        case Call("abs" | "sign" as function, (Binary("**", a, n),)) if _odd(n):
            return [(TRUE, Binary("**", Call("abs", (a,)), n) if function == "abs" else Call("sign", (a,)))]
        case Call("abs", (a,)):
            return [(Comparison(">=", a, ZERO), a), (Comparison("<", a, ZERO), Negative(a))]
        case Call("sign", (a,)):
            below: Node = Negative(Number("1"))
            return [(Comparison(r, a, ZERO), value) for r, value in ((">", ONE), ("<", below), ("==", ZERO))]
        case Call("where", (condition, a, b)):
            return [(truth(condition), a), (negate(truth(condition)), b)]
    return [(truth(choice), ONE), (negate(truth(choice)), ZERO)]


def _odd(exponent: Node) -> bool:
    power = as_number(exponent)
    return power is not None and power.denominator == 1 and power.numerator % 2 == 1


def _replace_in(literal: Literal, old: Node, new: Node) -> Literal:
    if isinstance(literal, Kind):
        return Kind(literal.kind, _replace(literal.node, old, new), literal.holds)
    return Comparison(literal.relation, _replace(literal.left, old, new), _replace(literal.right, old, new))


def _replace(node: Node, old: Node, new: Node) -> Node:
    if node == old:
        return new
    below = children(node)
    parts = [_replace(c, old, new) for c in below]
    return node if all(p is c for p, c in zip(parts, below, strict=True)) else rebuild(node, parts)
