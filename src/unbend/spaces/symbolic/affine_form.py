"""`affine_form`: the rational coefficients of an affine expression c + Σ cᵢ xᵢ, without a computer algebra system."""

from __future__ import annotations

from fractions import Fraction

from ...formula.language.tree import Binary, Name, Negative, Node, Number

Affine = dict[str, Fraction]  # the coefficient of each name, and under "" the constant


def affine_form(node: Node) -> Affine | None:
    """The coefficients by name, the constant under ``""``; None where the expression is not evidently affine."""
    match node:
        case Number():
            return {"": node.value}
        case Name(name):
            return None if name in ("pi", "e") else {name: Fraction(1)}
        case Negative(operand):
            return _scaled(affine_form(operand), Fraction(-1))
        case Binary("+" | "-" as sign, left, right):
            one, other = affine_form(left), _scaled(affine_form(right), Fraction(1 if sign == "+" else -1))
            if one is None or other is None:
                return None
            return {n: one.get(n, Fraction(0)) + other.get(n, Fraction(0)) for n in (*one, *other)}
        case Binary("*", left, right):
            one, other = affine_form(left), affine_form(right)
            number = constant_value(one)
            return _scaled(other, number) if number is not None else _scaled(one, constant_value(other))
        case Binary("/", left, right):
            number = constant_value(affine_form(right))
            return _scaled(affine_form(left), 1 / number) if number else None
    return None


def constant_value(form: Affine | None) -> Fraction | None:
    """The constant, where the form has no names; else None."""
    if form is None or any(value for name, value in form.items() if name):
        return None
    return form.get("", Fraction(0))


def single_name(form: Affine | None) -> tuple[str, Fraction, Fraction] | None:
    """(name, c, d) where the form is c times one name plus d."""
    used = [] if form is None else [name for name, value in form.items() if name and value]
    return (used[0], form[used[0]], form.get("", Fraction(0))) if form and len(used) == 1 else None


def _scaled(form: Affine | None, factor: Fraction | None) -> Affine | None:
    return None if form is None or factor is None else {name: value * factor for name, value in form.items()}
