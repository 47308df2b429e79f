"""Parsing: a vector ``"(u1 + v1, 2*u2)"``, and a condition ``"u1 >= 0 and (u2 == 0 or 0 < u2 < 1)"``."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from itertools import pairwise
from typing import NamedTuple

from ...errors import FormulaError
from ...formula.language.build import as_number
from ...formula.language.functions import FUNCTIONS
from ...formula.language.grammar import parse
from ...formula.language.tree import Binary, Call, Name, Negative, Node, Number, names, substitute
from .conditions import AllOf, AnyOf, Condition, comparison, condition_of, negate

KINDS = ("integer", "rational")
_COMMA = re.compile(",")
_OR = re.compile(r"\bor\b|\|\|?|∨")
_AND = re.compile(r"\band\b|&&?|,|;|∧")
_COMPARE = re.compile(r"<=|>=|==|!=|<|>|=|≤|≥|≠")
_CONNECTIVE = re.compile(f"{_OR.pattern}|{_AND.pattern}|{_COMPARE.pattern}|\\bnot\\b")
_ASCII = {"=": "==", "≤": "<=", "≥": ">=", "≠": "!="}


class _Segment(NamedTuple):
    """A part of a text, its position in the full text, and the connective before it."""

    text: str
    at: int
    connective: str


def parse_vector(text: str | Sequence[str], allowed: Mapping[str, str]) -> tuple[Node, ...]:
    """The components' expression trees. ``text`` is one text with commas, or one text per component.

    ``allowed`` maps the names that may occur to the names they stand for.
    Raises ``FormulaError`` with the place in the text.
    """
    if not isinstance(text, str):
        return tuple(_tree(part, 0, allowed) for part in text)
    inside = _unwrapped(_Segment(text, 0, ""), _COMMA)
    return tuple(_tree(p.text, p.at, allowed) for p in _split(inside, _COMMA))


def parse_condition(text: str, allowed: Mapping[str, str]) -> Condition:
    """The condition. Parts are joined by ``and``, ``or``, ``not`` and commas (and); comparisons may be chained.

    ``integer(u1)`` and ``rational(u1)`` test what kind of number a value is. Raises ``FormulaError`` with the place.
    """
    return _condition(_Segment(text, 0, ""), allowed)


def _condition(segment: _Segment, allowed: Mapping[str, str]) -> Condition:
    segment = _unwrapped(segment, _CONNECTIVE)
    either, both = _split(segment, _OR), _split(segment, _AND)
    if len(either) > 1:
        return AnyOf(tuple(_condition(p, allowed) for p in either))
    if len(both) > 1:
        return AllOf(tuple(_condition(p, allowed) for p in both))
    opening = re.match(r"\s*not\b", segment.text)
    if opening:
        operand = _Segment(segment.text[opening.end() :], segment.at + opening.end(), "")
        return negate(_condition(operand, allowed))
    sides = _split(segment, _COMPARE)
    if len(sides) == 1:
        return condition_of(_tree(segment.text, segment.at, allowed, (*FUNCTIONS, *KINDS)))
    trees = [_tree(p.text, p.at, allowed) for p in sides]
    pairs = [
        comparison(_ASCII.get(p.connective, p.connective), left, right)
        for p, (left, right) in zip(sides[1:], pairwise(trees), strict=True)
    ]
    return pairs[0] if len(pairs) == 1 else AllOf(tuple(pairs))


def _tree(text: str, at: int, allowed: Mapping[str, str], functions: Collection[str] = FUNCTIONS) -> Node:
    """One expression, padded so that an error points at the position in the full text."""
    tree = parse(" " * at + text, functions=functions)
    for name in names(tree):
        if name not in (*allowed, "pi", "e"):
            raise FormulaError("spaces.unknown_name", at=at, got=name, known=", ".join(allowed))
    return _real_roots(substitute(tree, {n: Name(m) for n, m in allowed.items() if n != m}))


def _split(segment: _Segment, connective: re.Pattern[str]) -> list[_Segment]:
    """The parts between the connectives outside all brackets."""
    segments: list[_Segment] = []
    start, before, depth = 0, "", 0
    text = segment.text
    at = 0
    while at < len(text):
        depth += (text[at] in "([") - (text[at] in ")]")
        match = connective.match(text, at) if depth == 0 else None
        if match is None:
            at += 1
            continue
        segments.append(_Segment(text[start:at], segment.at + start, before))
        start, before = match.end(), match[0]
        at = match.end()
    return [*segments, _Segment(text[start:], segment.at + start, before)]


def _unwrapped(segment: _Segment, connective: re.Pattern[str]) -> _Segment:
    """Without brackets around the full segment, where there is a connective inside."""
    text = segment.text
    first, last = len(text) - len(text.lstrip()), len(text.rstrip()) - 1
    if not text.strip() or text[first] + text[last] not in ("()", "[]"):
        return segment
    inside = _Segment(text[first + 1 : last], segment.at + first + 1, segment.connective)
    depth = 0
    for c in inside.text:
        depth += (c in "([") - (c in ")]")
        if depth < 0:
            return segment
    return _unwrapped(inside, connective) if connective.search(inside.text) else segment


def _real_roots(node: Node) -> Node:
    """Odd roots as written, such as ``x**(1/3)``, are made real roots, which negative numbers have too."""
    match node:
        case Binary("**", base, exponent):
            base, power = _real_roots(base), as_number(exponent)
            if power is None or power.denominator % 2 == 0 or power.denominator == 1:
                return Binary("**", base, _real_roots(exponent))
            return _power(_root(base, power.denominator), power.numerator)
        case Negative(operand):
            return Negative(_real_roots(operand))
        case Binary(operator, left, right):
            return Binary(operator, _real_roots(left), _real_roots(right))
        case Call(function, arguments):
            return Call(function, tuple(_real_roots(a) for a in arguments))
    return node


def _root(base: Node, degree: int) -> Node:
    if degree == 3:
        return Call("cbrt", (base,))
    size = Binary("**", Call("abs", (base,)), Binary("/", Number("1"), Number(str(degree))))
    return Binary("*", Call("sign", (base,)), size)


def _power(base: Node, exponent: int) -> Node:
    if exponent == 1:
        return base
    number: Node = Number(str(abs(exponent)))
    return Binary("**", base, Negative(number) if exponent < 0 else number)
