"""Text to tree: the grammar formulas are written in. Nothing is ever evaluated while reading.

    equation   = expression [ "=" expression ]
    expression = sum [ ("<" | "<=" | ">" | ">=" | "==" | "!=") sum ]
    sum        = product { ("+" | "-") product }
    product    = unary { ("*" | "/") unary }
    unary      = ("-" | "+") unary | power
    power      = atom [ "**" unary ]
    atom       = number | name | name "(" expression { "," expression } ")" | "(" expression ")"
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection
from difflib import get_close_matches
from typing import NamedTuple

from ..errors import FormulaError
from .functions import CONSTANTS, FUNCTIONS
from .tree import Binary, Call, Name, Negative, Node, Number

MAX_LENGTH = 5_000  # characters
MAX_DEPTH = 100  # nested operations
MAX_EXPONENT = 1_000  # of a written power, and of a number's decimal exponent

_COMPARISONS = ("<", "<=", ">", ">=", "==", "!=")
_TOKEN = re.compile(
    r"\s*(?:(?P<number>(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)"
    r"|(?P<name>[^\W\d]\w*)"
    r"|(?P<symbol>\*\*|<=|>=|==|!=|[-+*/()<>=,]))"
)
# what people write by habit -> what is meant here
_HABITS = {"^": "**", "²": "**2", "³": "**3", "×": "*", "·": "*", "÷": "/", "−": "-", "–": "-", "[": "(", "]": ")"}


class Token(NamedTuple):
    """One word of the text; ``kind`` is number, name, symbol or end."""

    kind: str
    text: str
    start: int
    end: int


def parse(text: str, *, functions: Collection[str] = FUNCTIONS) -> Node:
    """Read one expression. ``functions`` are the names that may be called.

    Raises ``FormulaError`` with the place (``values["at"]``) and a suggestion where the text cannot be read.
    """
    left, right = parse_equation(text, functions=functions)
    if left is not None:
        raise FormulaError("formula.no_equation_here", at=text.index("="), text=shorten(text))
    return right


def parse_equation(text: str, *, functions: Collection[str] = FUNCTIONS) -> tuple[Node | None, Node]:
    """Read ``expression`` or ``response = expression``; returns (response or None, expression)."""
    reader = _Reader(text, functions)
    first = reader.expression(0)
    if reader.token.text != "=":
        reader.expect_end()
        return None, first
    reader.advance()
    second = reader.expression(0)
    reader.expect_end()
    return first, second


def shorten(text: str, most: int = 60) -> str:
    """The text as an error line shows it: one printable line, cut where long."""
    line = "".join(c if c.isprintable() else "�" for c in text)
    return line if len(line) <= most else line[: most - 1] + "…"


def _tokens(text: str) -> list[Token]:
    tokens: list[Token] = []
    at = 0
    end = len(text.rstrip())
    while at < end:
        match = _TOKEN.match(text, at)
        if match is None or match.lastgroup is None:
            while text[at].isspace():
                at += 1
            wrong = text[at]
            if wrong in _HABITS:
                raise FormulaError("formula.write_instead", at=at, got=wrong, want=_HABITS[wrong])
            raise FormulaError("formula.bad_character", at=at, got=shorten(wrong))
        kind = match.lastgroup
        tokens.append(Token(kind, match[kind], match.start(kind), match.end(kind)))
        at = match.end()
    tokens.append(Token("end", "", end, end))
    return tokens


class _Reader:
    """Recursive descent over the tokens; ``depth`` counts nested operations so that no text can exhaust the stack."""

    def __init__(self, text: str, functions: Collection[str]) -> None:
        if not isinstance(text, str):
            raise FormulaError("formula.not_text", at=0, got=type(text).__name__)
        if len(text) > MAX_LENGTH:
            raise FormulaError("formula.too_long", at=MAX_LENGTH, length=len(text), most=MAX_LENGTH)
        self.functions = functions
        self.tokens = _tokens(unicodedata.normalize("NFC", text))
        self.index = 0

    @property
    def token(self) -> Token:
        return self.tokens[self.index]

    def advance(self) -> Token:
        token = self.token
        self.index = min(self.index + 1, len(self.tokens) - 1)
        return token

    def expect_end(self) -> None:
        token = self.token
        if token.kind == "end":
            return
        if token.text == ")":
            raise FormulaError("formula.extra_closing", at=token.start)
        if token.text == "=":
            raise FormulaError("formula.second_equals", at=token.start)
        if token.text in _COMPARISONS:
            raise FormulaError("formula.chained_comparison", at=token.start)
        before = self.tokens[self.index - 1].text
        raise FormulaError("formula.missing_operator", at=token.start, before=shorten(before), got=shorten(token.text))

    def deeper(self, depth: int) -> int:
        if depth >= MAX_DEPTH:
            raise FormulaError("formula.too_deep", at=self.token.start, most=MAX_DEPTH)
        return depth + 1

    def expression(self, depth: int) -> Node:
        left = self.sum(depth)
        if self.token.text in _COMPARISONS:
            operator = self.advance().text
            right = self.sum(depth)
            return Binary(operator, left, right, (left.span[0], right.span[1]))
        return left

    def sum(self, depth: int) -> Node:
        left = self.product(depth)
        while self.token.text in ("+", "-"):
            operator = self.advance().text
            right = self.product(depth)
            left = Binary(operator, left, right, (left.span[0], right.span[1]))
        return left

    def product(self, depth: int) -> Node:
        left = self.unary(depth)
        while self.token.text in ("*", "/"):
            operator = self.advance().text
            right = self.unary(depth)
            left = Binary(operator, left, right, (left.span[0], right.span[1]))
        return left

    def unary(self, depth: int) -> Node:
        depth = self.deeper(depth)
        if self.token.text == "-":
            start = self.advance().start
            operand = self.unary(depth)
            return Negative(operand, (start, operand.span[1]))
        if self.token.text == "+":
            self.advance()
            return self.unary(depth)
        return self.power(depth)

    def power(self, depth: int) -> Node:
        base = self.atom(depth)
        if self.token.text != "**":
            return base
        self.advance()
        exponent = self.unary(depth)
        _check_exponent(exponent)
        return Binary("**", base, exponent, (base.span[0], exponent.span[1]))

    def atom(self, depth: int) -> Node:
        token = self.advance()
        if token.kind == "number":
            return _number(token)
        if token.kind == "name":
            if self.token.text == "(":
                return self.call(token, depth)
            if token.text.startswith("__"):
                raise FormulaError("formula.bad_name", at=token.start, got=shorten(token.text))
            return Name(token.text, (token.start, token.end))
        if token.text == "(":
            inside = self.expression(depth)
            self.close(token)
            return inside
        if token.kind == "end":
            raise FormulaError("formula.ends_early", at=token.start)
        raise FormulaError("formula.expected_value", at=token.start, got=token.text)

    def call(self, name: Token, depth: int) -> Node:
        opening = self.advance()
        if name.text not in self.functions:
            near = get_close_matches(name.text, [*self.functions], 1)
            key = "formula.no_function_near" if near else "formula.no_function"
            raise FormulaError(key, at=name.start, got=shorten(name.text), near="".join(near))
        arguments = [self.expression(depth)]
        while self.token.text == ",":
            self.advance()
            arguments.append(self.expression(depth))
        self.close(opening)
        arity = FUNCTIONS[name.text].arity if name.text in FUNCTIONS else 1
        if len(arguments) != arity:
            raise FormulaError("formula.arity", at=name.start, name=name.text, want=arity, got=len(arguments))
        return Call(name.text, tuple(arguments), (name.start, self.tokens[self.index - 1].end))

    def close(self, opening: Token) -> None:
        if self.token.text == ")":
            self.advance()
        elif self.token.kind == "end":
            raise FormulaError("formula.never_closed", at=opening.start)
        else:
            self.expect_end()


def _number(token: Token) -> Number:
    exponent = re.search(r"[eE]([+-]?\d+)$", token.text)
    if exponent and (len(exponent[1]) > 6 or abs(int(exponent[1])) > MAX_EXPONENT):
        raise FormulaError("formula.number_too_large", at=token.start, got=shorten(token.text, 20), most=MAX_EXPONENT)
    return Number(token.text, (token.start, token.end))


def _check_exponent(node: Node) -> None:
    """A written power is at most ``MAX_EXPONENT``, and no power stands on a written power (9**9**9)."""
    while isinstance(node, Negative):
        node = node.operand
    if isinstance(node, Number) and node.value > MAX_EXPONENT:
        raise FormulaError("formula.power_too_large", at=node.span[0], got=shorten(node.text, 20), most=MAX_EXPONENT)
    if isinstance(node, Binary) and node.operator == "**" and isinstance(node.left, Number):
        raise FormulaError("formula.power_tower", at=node.span[0])


def is_constant(name: str) -> bool:
    """Whether the name is ``pi`` or ``e``."""
    return name in CONSTANTS
