"""Trees that are affine, c + Σ cᵢ xᵢ with rational numbers: their coefficients, without any algebra system."""

from __future__ import annotations

from fractions import Fraction

from ..formula.language.tree import Binary, Name, Negative, Node, Number

Affine = dict[str, Fraction]  # the coefficient of each name, and under "" the constant


def affine(node: Node) -> Affine | None:
    """The coefficients by name, the constant under ``""``; None where the tree is not plainly affine."""
    match node:
        case Number():
            return {"": node.value}
        case Name(name):
            return None if name in ("pi", "e") else {name: Fraction(1)}
        case Negative(operand):
            return _scaled(affine(operand), Fraction(-1))
        case Binary("+" | "-" as sign, left, right):
            one, other = affine(left), _scaled(affine(right), Fraction(1 if sign == "+" else -1))
            if one is None or other is None:
                return None
            return {n: one.get(n, Fraction(0)) + other.get(n, Fraction(0)) for n in (*one, *other)}
        case Binary("*", left, right):
            one, other = affine(left), affine(right)
            number = constant(one)
            return _scaled(other, number) if number is not None else _scaled(one, constant(other))
        case Binary("/", left, right):
            number = constant(affine(right))
            return _scaled(affine(left), 1 / number) if number else None
    return None


def constant(form: Affine | None) -> Fraction | None:
    """The number, where the form has no names."""
    if form is None or any(value for name, value in form.items() if name):
        return None
    return form.get("", Fraction(0))


def single(form: Affine | None) -> tuple[str, Fraction, Fraction] | None:
    """(name, c, d) where the form is c times one name plus d."""
    kept = [] if form is None else [name for name, value in form.items() if name and value]
    return (kept[0], form[kept[0]], form.get("", Fraction(0))) if form and len(kept) == 1 else None


def _scaled(form: Affine | None, factor: Fraction | None) -> Affine | None:
    return None if form is None or factor is None else {name: value * factor for name, value in form.items()}
