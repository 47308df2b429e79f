"""Tree to TeX and to MathML (presentation), with fractions, raised exponents, roots and Greek letters."""

from __future__ import annotations

import re
from collections.abc import Sequence
from fractions import Fraction
from xml.sax.saxutils import escape

from .language.functions import FUNCTIONS
from .language.tree import Binary, Call, Name, Negative, Node, Number
from .text import needs_brackets

_GREEK = (
    "alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi pi rho sigma tau upsilon phi chi psi "
    "omega"
).split()
_LETTERS = dict(zip(_GREEK, "αβγδεζηθικλμνξπρστυφχψω", strict=True))
_NAMES = {letter: name for name, letter in _LETTERS.items()}
_BRACKETS = "border: solid; border-width: 0 1.5px; border-radius: 0.7em / 50%; padding: 0.2em 0.3em"
_TEX_SIGNS = {"<=": r"\le", ">=": r"\ge", "==": "=", "!=": r"\ne"}
_SIGNS = {"<=": "≤", ">=": "≥", "==": "=", "!=": "≠", "-": "−"}


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
            return f"{a} {_TEX_SIGNS.get(operator, operator)} {b}"
        case Call(function, arguments):
            inside = [to_tex(a) for a in arguments]
            if function in FUNCTIONS:
                return FUNCTIONS[function].tex.format(*inside)
            name = function.replace("_", r"\_")
            return rf"\operatorname{{{name}}}\left({', '.join(inside)}\right)"
    raise TypeError(node)


def to_mathml(node: Node) -> str:
    """Presentation MathML of the tree, without the surrounding ``<math>``."""
    match node:
        case Number(text):
            return f"<mn>{text}</mn>"
        case Name(name):
            return _mathml_name(name)
        case Negative(operand):
            return f"<mrow><mo>−</mo>{_mathml_part(operand, node, right=True)}</mrow>"
        case Binary("/", left, right):
            return f"<mfrac>{to_mathml(left)}{to_mathml(right)}</mfrac>"
        case Binary("**", left, right):
            base = _mathml_part(left, node, right=False)
            return f"<msup>{_bracketed(to_mathml(left)) if isinstance(left, Call) else base}{to_mathml(right)}</msup>"
        case Binary(operator, left, right):
            sign = "⁢" if operator == "*" else _SIGNS.get(operator, operator)  # ⁢: invisible times
            a, b = _mathml_part(left, node, right=False), _mathml_part(right, node, right=True)
            return f"<mrow>{a}<mo>{escape(sign)}</mo>{b}</mrow>"
        case Call("exp", (inner,)):
            return f"<msup><mi>e</mi>{to_mathml(inner)}</msup>"
        case Call("sqrt", (inner,)):
            return f"<msqrt>{to_mathml(inner)}</msqrt>"
        case Call("cbrt", (inner,)):
            return f"<mroot>{to_mathml(inner)}<mn>3</mn></mroot>"
        case Call("abs", (inner,)):
            return f"<mrow><mo>|</mo>{to_mathml(inner)}<mo>|</mo></mrow>"
        case Call(function, arguments):
            inside = "<mo>,</mo>".join(to_mathml(a) for a in arguments)
            return f"<mrow><mi>{escape(function)}</mi><mo>⁡</mo>{_bracketed(inside)}</mrow>"
    raise TypeError(node)


def matrix_mathml(cells: Sequence[Sequence[str]]) -> str:
    """A matrix of MathML cells, without the surrounding ``<math>``.

    Its brackets are drawn as borders: as signs they grow with the matrix only where a mathematical font is installed.
    """
    rows = "".join("<mtr>" + "".join(f"<mtd>{cell}</mtd>" for cell in row) + "</mtr>" for row in cells)
    return f'<mtable style="{_BRACKETS}">{rows}</mtable><mspace width="0.3em"/>'


def number_mathml(value: Fraction | float) -> str:
    """A number with a true minus sign; a fraction as one."""
    size, sign = abs(value), "<mo>−</mo>" if value < 0 else ""
    if isinstance(size, Fraction) and size.denominator != 1:
        return f"<mrow>{sign}<mfrac><mn>{size.numerator}</mn><mn>{size.denominator}</mn></mfrac></mrow>"
    return f"<mrow>{sign}<mn>{size if isinstance(size, Fraction) else f'{size:.6g}'}</mn></mrow>"


def _tex_part(child: Node, parent: Node, *, right: bool) -> str:
    inside = to_tex(child)
    if isinstance(child, Binary) and child.operator == "/" and not _is_power(parent):
        return inside  # a fraction stands by itself
    return rf"\left({inside}\right)" if needs_brackets(child, parent, right=right) else inside


def _mathml_part(child: Node, parent: Node, *, right: bool) -> str:
    inside = to_mathml(child)
    if isinstance(child, Binary) and child.operator == "/" and not _is_power(parent):
        return inside
    return _bracketed(inside) if needs_brackets(child, parent, right=right) else inside


def _bracketed(inside: str) -> str:
    return f"<mrow><mo>(</mo>{inside}<mo>)</mo></mrow>"


def _is_power(node: Node) -> bool:
    return isinstance(node, Binary) and node.operator == "**"


def _scientific(text: str, template: str) -> str:
    mantissa, _, exponent = text.lower().partition("e")
    return template.format(mantissa, int(exponent)) if exponent else text


def _split(name: str) -> tuple[str, str]:
    """The letter and its index: b12 -> b, 12; w_in -> w, in."""
    match = re.fullmatch(r"([^\W\d_]+)_?(\d*|(?<=_)\w+)", name)
    return (match[1], match[2]) if match else (name, "")


def _tex_name(name: str) -> str:
    letter, index = _split(name)
    letter = _NAMES.get(letter, letter)
    if letter in _GREEK:
        base = rf"\{letter}"
    elif len(letter) == 1 and letter.isascii():
        base = letter
    else:
        base = rf"\text{{{letter.replace('_', chr(92) + '_')}}}"
    return f"{base}_{{{index}}}" if index else base


def _mathml_name(name: str) -> str:
    letter, index = _split(name)
    base = f"<mi>{escape(_LETTERS.get(letter, letter))}</mi>"
    if not index:
        return base
    return f"<msub>{base}{f'<mn>{index}</mn>' if index.isdigit() else f'<mi>{escape(index)}</mi>'}</msub>"
