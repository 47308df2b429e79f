"""`split_cases`: splits on max, min, abs, sign, where and comparisons used as numbers until none remains."""

from __future__ import annotations

from collections.abc import Iterator

from ...formula.language.build import as_number, number, rebuild
from ...formula.language.tree import COMPARISONS, Binary, Call, Negative, Node, Number, children, names
from ..evaluate.exact_values import holds
from ..language.conditions import (
    ONE,
    TRUE,
    ZERO,
    AllOf,
    Comparison,
    Condition,
    Literal,
    NumberKind,
    TooManyCases,
    condition_of,
    disjunctive_normal_form,
    literals,
    negate,
    substitute_in,
    terms,
)
from ..symbolic.affine_form import affine_form, single_name

MAX_CASES = 250


def split_cases(condition: Condition) -> Iterator[tuple[Literal, ...]]:
    """Conjunctions of literals without choices, one of which holds wherever the condition does.

    Raises ``TooManyCases``.
    """
    open_cases = [_simplified(row) for row in disjunctive_normal_form(condition)]
    count = 0
    while open_cases:
        row = open_cases.pop()
        if row is None:
            continue
        count += 1
        if count > MAX_CASES:
            raise TooManyCases
        choice = next(
            (c for literal in row for node in terms(literal) if (c := _innermost_choice(node)) is not None), None
        )
        if choice is None:
            yield row
            continue
        for extra, value in _alternatives(choice):
            replaced = AllOf(tuple(_replace_in(literal, choice, value) for literal in row))
            open_cases += [_simplified(r) for r in disjunctive_normal_form(AllOf((extra, replaced)))]


def _simplified(row: tuple[Literal, ...]) -> tuple[Literal, ...] | None:
    """Without the literals that always hold; None where one never does."""
    remaining: list[Literal] = []
    for literal in dict.fromkeys(_with_known_values(row)):
        if negate(literal) in remaining:
            return None
        if any(names(node) for node in terms(literal)):
            remaining.append(literal)
            continue
        answer = holds(literal, {})
        if answer is False:
            return None
        if answer is None:
            remaining.append(literal)
    return tuple(remaining)


def _with_known_values(row: tuple[Literal, ...]) -> list[Literal]:
    """The literals with the value substituted for every name that one of them equates with a number."""
    literals_ = list(row)
    for literal in row:
        if isinstance(literal, Comparison) and literal.relation == "==":
            one = single_name(affine_form(Binary("-", literal.left, literal.right)))
            if one is not None:
                name, factor, shift = one
                values: dict[str, Node] = {name: number(-shift / factor)}
                literals_ = [x for part in literals_ for x in literals(substitute_in(part, values))]
    return literals_


def _innermost_choice(node: Node) -> Node | None:
    """A choice with no other choice inside."""
    for child in children(node):
        choice = _innermost_choice(child)
        if choice is not None:
            return choice
    match node:
        case Call("max" | "min" | "abs" | "sign" | "where"):
            return node
        case Binary(operator) if operator in COMPARISONS:
            return node
    return None


def _alternatives(choice: Node) -> list[tuple[Condition, Node]]:
    """The cases of a choice: (condition, its value then)."""
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
            return [(condition_of(condition), a), (negate(condition_of(condition)), b)]
    return [(condition_of(choice), ONE), (negate(condition_of(choice)), ZERO)]


def _odd(exponent: Node) -> bool:
    power = as_number(exponent)
    return power is not None and power.denominator == 1 and power.numerator % 2 == 1


def _replace_in(literal: Literal, old: Node, new: Node) -> Literal:
    if isinstance(literal, NumberKind):
        return NumberKind(literal.kind, _replace(literal.node, old, new), literal.holds)
    return Comparison(literal.relation, _replace(literal.left, old, new), _replace(literal.right, old, new))


def _replace(node: Node, old: Node, new: Node) -> Node:
    if node == old:
        return new
    below = children(node)
    parts = [_replace(c, old, new) for c in below]
    return node if all(p is c for p, c in zip(parts, below, strict=True)) else rebuild(node, parts)
