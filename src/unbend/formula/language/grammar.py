"""The parser: text to expression tree. No code is evaluated while parsing.

equation   = expression [ "=" expression ]
expression = sum [ ("<" | "<=" | ">" | ">=" | "==" | "!=") sum ]
sum        = product { ("+" | "-") product }
product    = unary { [ "*" | "/" ] unary }
unary      = ("-" | "+") unary | power
power      = atom [ "**" unary ]
atom       = number | name | name "(" expression { "," expression } ")" | "(" expression ")" | "|" expression "|"

``*`` may be left out after a number or a closing bracket, before a name or an opening bracket: 2x, 3(x + 1). Where that
could be read in two ways, as in 1/2x, it is refused.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Collection
from difflib import get_close_matches

from .functions import ALIASES, CONSTANTS, FUNCTIONS
from .size_limits import MAX_DEPTH, MAX_LENGTH, check_exponent, check_number, check_tree
from .tokens import Token, formula_error, shorten, tokenize
from .tree import COMPARISONS, Binary, Call, Constant, Name, Negative, Node, Number

_LONG_CHAIN = 64  # terms of one sum or product read left to right; longer ones are halved, so that trees stay shallow


def parse(text: str, *, functions: Collection[str] = FUNCTIONS) -> Node:
    """Parse one expression. ``functions`` are the names that may be called.

    Raises ``FormulaError`` with the place (``values["at"]``, characters from 0 of the text in Unicode's composed
    form NFC) and a suggestion where the text cannot be parsed.
    """
    left, right = parse_equation(text, functions=functions)
    if left is not None:
        raise formula_error("formula.no_equation_here", at=text.index("="), text=shorten(text))
    return right


def parse_equation(text: str, *, functions: Collection[str] = FUNCTIONS) -> tuple[Node | None, Node]:
    """Parse ``expression`` or ``response = expression``; returns (response or None, expression)."""
    parser = _Parser(text, functions)
    first = parser.expression(0)
    if parser.token.text != "=":
        parser.expect_end()
        check_tree(first, parser.text)
        return None, first
    parser.advance()
    second = parser.expression(0)
    parser.expect_end()
    check_tree(first, parser.text)
    check_tree(second, parser.text)
    return first, second


class _Parser:
    """Recursive descent over the tokens; ``depth`` counts nested operations so that no text can exhaust the stack."""

    def __init__(self, text: str, functions: Collection[str]) -> None:
        if not isinstance(text, str):
            raise formula_error("formula.not_text", at=0, got=type(text).__name__)
        if not text.strip():
            raise formula_error("formula.empty", at=0)
        if len(text) > MAX_LENGTH:
            raise formula_error("formula.too_long", at=MAX_LENGTH, length=len(text), most=MAX_LENGTH)
        self.functions = functions
        self.text = unicodedata.normalize("NFC", text)
        self.tokens = tokenize(self.text)
        self.index = 0
        self.bars = 0  # |…| that are open in the innermost brackets

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
            raise formula_error("formula.extra_closing", at=token.start)
        if token.text == "=":
            raise formula_error("formula.second_equals", at=token.start)
        if token.text == ",":
            raise formula_error("formula.stray_comma", at=token.start)
        if token.text in COMPARISONS:
            raise formula_error("formula.chained_comparison", at=token.start)
        before = self.tokens[self.index - 1].text
        raise formula_error("formula.missing_operator", at=token.start, before=shorten(before), got=shorten(token.text))

    def deeper(self, depth: int) -> int:
        if depth >= MAX_DEPTH:
            raise formula_error("formula.too_deep", at=self.token.start, most=MAX_DEPTH)
        return depth + 1

    def expression(self, depth: int) -> Node:
        left = self.sum(depth)
        if self.token.text in COMPARISONS:
            operator = self.advance().text
            return _join(operator, left, self.sum(depth))
        return left

    def sum(self, depth: int) -> Node:
        return _chain([("+", self.product(depth)), *self.operands(("+", "-"), self.product, depth)])

    def product(self, depth: int) -> Node:
        parts = [("*", self.unary(depth))]
        while True:
            if self.token.text in ("*", "/"):
                operator = self.advance().text
            elif self.omits_operator():
                if parts[-1][0] == "/":
                    self.refuse_product()
                operator = "*"
            else:
                return _chain(parts)
            parts.append((operator, self.unary(depth)))

    def omits_operator(self) -> bool:
        """Whether a product without its sign is here: after a number or a bracket, before a name or a bracket."""
        before, here = self.tokens[self.index - 1], self.token
        ends = before.kind in ("number", "superscript") or before.text in (")", "|")
        begins = here.kind == "name" and not here.text.startswith("_")
        return ends and (begins or here.text == "(" or (here.text == "|" and not self.bars))

    def refuse_product(self) -> None:
        """Raise ``FormulaError``: the product that begins here could be read in two ways."""
        before = shorten(self.tokens[self.index - 1].text)
        raise formula_error("formula.two_readings", at=self.token.start, before=before, got=shorten(self.token.text))

    def operands(
        self, operators: tuple[str, str], operand: Callable[[int], Node], depth: int
    ) -> list[tuple[str, Node]]:
        operands: list[tuple[str, Node]] = []
        while self.token.text in operators:
            operator = self.advance().text
            operands.append((operator, operand(depth)))
        return operands

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
        if self.omits_operator() and self.tokens[self.index - 1].kind != "superscript":
            self.refuse_product()  # 2^3x
        return _join("**", base, exponent)

    def atom(self, depth: int) -> Node:
        token = self.advance()
        if token.kind in ("number", "superscript"):
            check_number(token)
            return Number(token.text, (token.start, token.end))
        if token.kind == "name":
            if self.token.text == "(":
                return self.call(token, depth)
            function = ALIASES.get(token.text, token.text)
            if function in FUNCTIONS and function in self.functions:
                raise formula_error("formula.function_without_brackets", at=token.start, name=token.text)
            kind = Constant if token.text in CONSTANTS else Name
            return kind(token.text, (token.start, token.end))
        if token.text == "(":
            (inside,) = self.inside_brackets(token, depth)
            return inside
        if token.text == "|":
            return self.absolute(token, depth)
        if token.kind == "end":
            raise formula_error("formula.ends_early", at=token.start)
        raise formula_error("formula.expected_value", at=token.start, got=token.text)

    def call(self, name: Token, depth: int) -> Node:
        opening = self.advance()
        function = ALIASES.get(name.text, name.text)
        if function not in self.functions:
            near = get_close_matches(name.text, [*self.functions, *ALIASES], 1) if len(name.text) > 2 else []
            key = "formula.no_function_near" if near else "formula.no_function"
            raise formula_error(key, at=name.start, got=shorten(name.text), near="".join(near))
        arguments = self.inside_brackets(opening, depth, ",")
        arity = FUNCTIONS[function].arity if function in FUNCTIONS else 1
        if len(arguments) != arity:
            raise formula_error("formula.arity", at=name.start, name=name.text, want=arity, got=len(arguments))
        return Call(function, tuple(arguments), (name.start, self.tokens[self.index - 1].end))

    def inside_brackets(self, opening: Token, depth: int, separator: str = "") -> list[Node]:
        """What stands between brackets, and the closing one."""
        bars, self.bars = self.bars, 0
        found = [self.expression(depth)]
        while separator and self.token.text == separator:
            self.advance()
            found.append(self.expression(depth))
        self.close(opening)
        self.bars = bars
        return found

    def absolute(self, opening: Token, depth: int) -> Node:
        """|…|, the absolute value."""
        self.bars += 1
        inside = self.expression(depth)
        if self.token.text != "|":
            if self.token.kind != "end":
                self.expect_end()
            raise formula_error("formula.bar_never_closed", at=opening.start)
        self.bars -= 1
        return Call("abs", (inside,), (opening.start, self.advance().end))

    def close(self, opening: Token) -> None:
        if self.token.text == ")":
            self.advance()
        elif self.token.kind == "end":
            raise formula_error("formula.never_closed", at=opening.start)
        else:
            self.expect_end()


def _join(operator: str, left: Node, right: Node) -> Node:
    return Binary(operator, left, right, (left.span[0], right.span[1]))


def _chain(parts: list[tuple[str, Node]]) -> Node:
    """One sum or product: up to ``_LONG_CHAIN`` operands left-associative, longer ones halved, in the same order."""
    if len(parts) <= _LONG_CHAIN:
        tree = parts[0][1]
        for operator, part in parts[1:]:
            tree = _join(operator, tree, part)
        return tree
    middle = len(parts) // 2
    operator, first = parts[middle]
    following = parts[middle + 1 :]
    if operator in "-/":  # a - (b - c + …): the signs inside the brackets are inverted
        following = [({"+": "-", "-": "+", "*": "/", "/": "*"}[o], p) for o, p in following]
    return _join(operator, _chain(parts[:middle]), _chain([(operator, first), *following]))
