"""Text to trees: a vector ``"(u1 + v1, 2*u2)"``, and a condition ``"u1 >= 0 and (u2 == 0 or 0 < u2 < 1)"``."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from itertools import pairwise
from typing import NamedTuple

from ..errors import FormulaError
from ..formula.language.build import as_number
from ..formula.language.functions import FUNCTIONS
from ..formula.language.grammar import parse
from ..formula.language.tree import Binary, Call, Name, Negative, Node, Number, names, substitute
from .conditions import All, Condition, Either, comparison, negate, truth

KINDS = ("integer", "rational")
_COMMA = re.compile(",")
_OR = re.compile(r"\bor\b|\|\|?|∨")
_AND = re.compile(r"\band\b|&&?|,|;|∧")
_COMPARE = re.compile(r"<=|>=|==|!=|<|>|=|≤|≥|≠")
_JOINT = re.compile(f"{_OR.pattern}|{_AND.pattern}|{_COMPARE.pattern}|\\bnot\\b")
_SAME = {"=": "==", "≤": "<=", "≥": ">=", "≠": "!="}


class _Piece(NamedTuple):
    """A part of a text, where it begins, and the joint before it."""

    text: str
    at: int
    joint: str


def vector(text: str | Sequence[str], allowed: Mapping[str, str]) -> tuple[Node, ...]:
    """The components' trees. ``text`` is one text with commas, or one text per component.

    ``allowed`` are the names that may stand in it, with the names they stand for.
    Raises ``FormulaError`` with the place in the text.
    """
    if not isinstance(text, str):
        return tuple(_tree(part, 0, allowed) for part in text)
    inside = _unwrapped(_Piece(text, 0, ""), _COMMA)
    return tuple(_tree(p.text, p.at, allowed) for p in _split(inside, _COMMA))


def condition(text: str, allowed: Mapping[str, str]) -> Condition:
    """The condition's tree. Parts are joined by ``and``, ``or``, ``not`` and commas; comparisons may be chained.

    ``integer(u1)`` and ``rational(u1)`` say of what kind a value is. Raises ``FormulaError`` with the place.
    """
    return _condition(_Piece(text, 0, ""), allowed)


def _condition(piece: _Piece, allowed: Mapping[str, str]) -> Condition:
    piece = _unwrapped(piece, _JOINT)
    either, both = _split(piece, _OR), _split(piece, _AND)
    if len(either) > 1:
        return Either(tuple(_condition(p, allowed) for p in either))
    if len(both) > 1:
        return All(tuple(_condition(p, allowed) for p in both))
    opening = re.match(r"\s*not\b", piece.text)
    if opening:
        rest = _Piece(piece.text[opening.end() :], piece.at + opening.end(), "")
        return negate(_condition(rest, allowed))
    sides = _split(piece, _COMPARE)
    if len(sides) == 1:
        return truth(_tree(piece.text, piece.at, allowed, (*FUNCTIONS, *KINDS)))
    trees = [_tree(p.text, p.at, allowed) for p in sides]
    pairs = [
        comparison(_SAME.get(p.joint, p.joint), left, right)
        for p, (left, right) in zip(sides[1:], pairwise(trees), strict=True)
    ]
    return pairs[0] if len(pairs) == 1 else All(tuple(pairs))


def _tree(text: str, at: int, allowed: Mapping[str, str], functions: Collection[str] = FUNCTIONS) -> Node:
    """One expression; padded, so that an error names the place in the whole text."""
    tree = parse(" " * at + text, functions=functions)
    for name in names(tree):
        if name not in (*allowed, "pi", "e"):
            raise FormulaError("spaces.unknown_name", at=at, got=name, known=", ".join(allowed))
    return _real_roots(substitute(tree, {n: Name(m) for n, m in allowed.items() if n != m}))


def _split(piece: _Piece, joint: re.Pattern[str]) -> list[_Piece]:
    """The parts between the joints that stand outside all brackets."""
    found: list[_Piece] = []
    start, before, depth = 0, "", 0
    text = piece.text
    at = 0
    while at < len(text):
        depth += (text[at] in "([") - (text[at] in ")]")
        match = joint.match(text, at) if depth == 0 else None
        if match is None:
            at += 1
            continue
        found.append(_Piece(text[start:at], piece.at + start, before))
        start, before = match.end(), match[0]
        at = match.end()
    return [*found, _Piece(text[start:], piece.at + start, before)]


def _unwrapped(piece: _Piece, joint: re.Pattern[str]) -> _Piece:
    """Without the brackets that go round the whole piece, where what is inside has a joint."""
    text = piece.text
    first, last = len(text) - len(text.lstrip()), len(text.rstrip()) - 1
    if not text.strip() or text[first] + text[last] not in ("()", "[]"):
        return piece
    inside = _Piece(text[first + 1 : last], piece.at + first + 1, piece.joint)
    depth = 0
    for c in inside.text:
        depth += (c in "([") - (c in ")]")
        if depth < 0:
            return piece
    return _unwrapped(inside, joint) if joint.search(inside.text) else piece


def _real_roots(node: Node) -> Node:
    """``x**(1/3)`` is the real cube root, of negative numbers too; so for every written odd root."""
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
