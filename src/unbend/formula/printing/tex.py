"""`to_tex`: formulas as LaTeX: fractions, raised exponents, roots and Greek letters."""

from __future__ import annotations

from ..language.functions import FUNCTIONS
from ..language.tree import Binary, Call, Name, Negative, Node, Number
from .symbols import LETTER_NAMES, LETTERS, needs_typeset_brackets, split_index

_RELATIONS = {"<=": r"\le", ">=": r"\ge", "==": "=", "!=": r"\ne"}


def to_tex(node: Node) -> str:
    """LaTeX of the tree, for math mode."""
    match node:
        case Number(text):
            return _scientific(text, r"{0} \cdot 10^{{{1}}}")
        case Name(name):
            return _tex_name(name)
        case Negative(operand):
            return f"-{_tex_part(operand, node, right=True)}"
        case Binary("/", left, right):
            return rf"\frac{{{to_tex(left)}}}{{{to_tex(right)}}}"
        case Binary("**", left, right):
            base = _tex_part(left, node, right=False)
            if isinstance(left, Call):  # \sin(x)^2 would read as sin(x^2)
                base = rf"\left({to_tex(left)}\right)"
            return f"{base}^{{{to_tex(right)}}}"
        case Binary("*", left, right):
            a, b = _tex_part(left, node, right=False), _tex_part(right, node, right=True)
            if b.startswith("-"):
                b = rf"\left({b}\right)"
            joint = r" \cdot " if b[0].isdigit() else r" \, "
            return f"{a}{joint}{b}"
        case Binary(operator, left, right):
            a, b = _tex_part(left, node, right=False), _tex_part(right, node, right=True)
            return f"{a} {_RELATIONS.get(operator, operator)} {b}"
        case Call(function, arguments):
            inside = [to_tex(a) for a in arguments]
            if function in FUNCTIONS:
                return FUNCTIONS[function].tex.format(*inside)
            name = function.replace("_", r"\_")
            return rf"\operatorname{{{name}}}\left({', '.join(inside)}\right)"
    raise TypeError(node)


def _tex_part(child: Node, parent: Node, *, right: bool) -> str:
    inside = to_tex(child)
    return rf"\left({inside}\right)" if needs_typeset_brackets(child, parent, right=right) else inside


def _scientific(text: str, template: str) -> str:
    mantissa, _, exponent = text.lower().partition("e")
    return template.format(mantissa, int(exponent)) if exponent else text


def _tex_name(name: str) -> str:
    letter, index = split_index(name)
    letter = LETTER_NAMES.get(letter, letter)
    if letter in LETTERS:
        base = rf"\{letter}"
    elif len(letter) == 1 and letter.isascii():
        base = letter
    else:
        base = rf"\text{{{letter.replace('_', chr(92) + '_')}}}"
    return f"{base}_{{{index}}}" if index else base
