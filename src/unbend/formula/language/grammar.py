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

import unicodedata
from collections.abc import Callable, Collection
from difflib import get_close_matches

from .functions import ALIASES, CONSTANTS, FUNCTIONS
from .size_limits import MAX_DEPTH, MAX_LENGTH, check_exponent, check_number, check_tree
from .tokens import Token, refusal, shorten, tokens
from .tree import COMPARISONS, Binary, Call, Constant, Name, Negative, Node, Number

_LONG_CHAIN = 64  # terms of one sum or product read left to right; longer ones are halved, so that trees stay shallow


def parse(text: str, *, functions: Collection[str] = FUNCTIONS) -> Node:
    """Read one expression. ``functions`` are the names that may be called.

    Raises ``FormulaError`` with the place (``values["at"]``, characters from 0 of the text in Unicode's composed
    form NFC) and a suggestion where the text cannot be read.
    """
    left, right = parse_equation(text, functions=functions)
    if left is not None:
        raise refusal("formula.no_equation_here", at=text.index("="), text=shorten(text))
    return right


def parse_equation(text: str, *, functions: Collection[str] = FUNCTIONS) -> tuple[Node | None, Node]:
    """Read ``expression`` or ``response = expression``; returns (response or None, expression)."""
    reader = _Reader(text, functions)
    first = reader.expression(0)
    if reader.token.text != "=":
        reader.expect_end()
        check_tree(first)
        return None, first
    reader.advance()
    second = reader.expression(0)
    reader.expect_end()
    check_tree(first)
    check_tree(second)
    return first, second


class _Reader:
    """Recursive descent over the tokens; ``depth`` counts nested operations so that no text can exhaust the stack."""

    def __init__(self, text: str, functions: Collection[str]) -> None:
        if not isinstance(text, str):
            raise refusal("formula.not_text", at=0, got=type(text).__name__)
        if not text.strip():
            raise refusal("formula.empty", at=0)
        if len(text) > MAX_LENGTH:
            raise refusal("formula.too_long", at=MAX_LENGTH, length=len(text), most=MAX_LENGTH)
        self.functions = functions
        self.tokens = tokens(unicodedata.normalize("NFC", text))
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
            raise refusal("formula.extra_closing", at=token.start)
        if token.text == "=":
            raise refusal("formula.second_equals", at=token.start)
        if token.text == ",":
            raise refusal("formula.stray_comma", at=token.start)
        if token.text in COMPARISONS:
            raise refusal("formula.chained_comparison", at=token.start)
        before = self.tokens[self.index - 1].text
        raise refusal("formula.missing_operator", at=token.start, before=shorten(before), got=shorten(token.text))

    def deeper(self, depth: int) -> int:
        if depth >= MAX_DEPTH:
            raise refusal("formula.too_deep", at=self.token.start, most=MAX_DEPTH)
        return depth + 1

    def expression(self, depth: int) -> Node:
        left = self.sum(depth)
        if self.token.text in COMPARISONS:
            operator = self.advance().text
            return _join(operator, left, self.sum(depth))
        return left

    def sum(self, depth: int) -> Node:
        return _chain([("+", self.product(depth)), *self.rest(("+", "-"), self.product, depth)])

    def product(self, depth: int) -> Node:
        return _chain([("*", self.unary(depth)), *self.rest(("*", "/"), self.unary, depth)])

    def rest(self, operators: tuple[str, str], part: Callable[[int], Node], depth: int) -> list[tuple[str, Node]]:
        found: list[tuple[str, Node]] = []
        while self.token.text in operators:
            operator = self.advance().text
            found.append((operator, part(depth)))
        return found

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
        check_exponent(exponent)
        return _join("**", base, exponent)

    def atom(self, depth: int) -> Node:
        token = self.advance()
        if token.kind == "number":
            check_number(token)
            return Number(token.text, (token.start, token.end))
        if token.kind == "name":
            if self.token.text == "(":
                return self.call(token, depth)
            known = ALIASES.get(token.text, token.text)
            if known in FUNCTIONS and known in self.functions:
                raise refusal("formula.function_without_brackets", at=token.start, name=token.text)
            kind = Constant if token.text in CONSTANTS else Name
            return kind(token.text, (token.start, token.end))
        if token.text == "(":
            inside = self.expression(depth)
            self.close(token)
            return inside
        if token.kind == "end":
            raise refusal("formula.ends_early", at=token.start)
        raise refusal("formula.expected_value", at=token.start, got=token.text)

    def call(self, name: Token, depth: int) -> Node:
        opening = self.advance()
        function = ALIASES.get(name.text, name.text)
        if function not in self.functions:
            near = get_close_matches(name.text, [*self.functions, *ALIASES], 1) if len(name.text) > 2 else []
            key = "formula.no_function_near" if near else "formula.no_function"
            raise refusal(key, at=name.start, got=shorten(name.text), near="".join(near))
        arguments = [self.expression(depth)]
        while self.token.text == ",":
            self.advance()
            arguments.append(self.expression(depth))
        self.close(opening)
        arity = FUNCTIONS[function].arity if function in FUNCTIONS else 1
        if len(arguments) != arity:
            raise refusal("formula.arity", at=name.start, name=name.text, want=arity, got=len(arguments))
        return Call(function, tuple(arguments), (name.start, self.tokens[self.index - 1].end))

    def close(self, opening: Token) -> None:
        if self.token.text == ")":
            self.advance()
        elif self.token.kind == "end":
            raise refusal("formula.never_closed", at=opening.start)
        else:
            self.expect_end()


def _join(operator: str, left: Node, right: Node) -> Node:
    return Binary(operator, left, right, (left.span[0], right.span[1]))


def _chain(parts: list[tuple[str, Node]]) -> Node:
    """One sum or product. Up to ``_LONG_CHAIN`` parts associate to the left; longer ones halve, in the same order."""
    if len(parts) <= _LONG_CHAIN:
        whole = parts[0][1]
        for operator, part in parts[1:]:
            whole = _join(operator, whole, part)
        return whole
    middle = len(parts) // 2
    operator, first = parts[middle]
    later = parts[middle + 1 :]
    if operator in "-/":  # a - (b - c + …): inside the brackets the signs turn
        later = [({"+": "-", "-": "+", "*": "/", "/": "*"}[o], p) for o, p in later]
    return _join(operator, _chain(parts[:middle]), _chain([(operator, first), *later]))
