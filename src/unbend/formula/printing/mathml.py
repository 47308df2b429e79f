"""Formulas, numbers and matrices as presentation MathML."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from xml.sax.saxutils import escape

from ..language.tree import Binary, Call, Name, Negative, Node, Number
from .symbols import LETTERS, needs_typeset_brackets, split_index

_BRACKETS = "border: solid; border-width: 0 1.5px; border-radius: 0.7em / 50%; padding: 0.2em 0.3em"
_SIGNS = {"<=": "≤", ">=": "≥", "==": "=", "!=": "≠", "-": "−"}


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


def _mathml_part(child: Node, parent: Node, *, right: bool) -> str:
    inside = to_mathml(child)
    return _bracketed(inside) if needs_typeset_brackets(child, parent, right=right) else inside


def _bracketed(inside: str) -> str:
    return f"<mrow><mo>(</mo>{inside}<mo>)</mo></mrow>"


def _mathml_name(name: str) -> str:
    letter, index = split_index(name)
    base = f"<mi>{escape(LETTERS.get(letter, letter))}</mi>"
    if not index:
        return base
    return f"<msub>{base}{f'<mn>{index}</mn>' if index.isdigit() else f'<mi>{escape(index)}</mi>'}</msub>"
