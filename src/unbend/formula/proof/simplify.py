"""A shorter way to write the same tree, where the normal form has one; and normal forms as trees."""

from __future__ import annotations

from fractions import Fraction
from itertools import islice

from ..language.build import ONE, ZERO, add, call, divide, multiply, number, power
from ..language.tree import Binary, Constant, Name, Node, Number, walk
from ..text import to_text
from .atom_table import Atoms
from .normal_form import Normal
from .signs import NeedSign, Signed, Undefined
from .sparse_polynomial import ONE as UNITY
from .sparse_polynomial import Budget, Monomial, OutOfBudget, Polynomial, Quotient

_UNITS = 4_000
_LONG = 300  # parts of a tree


def simplify(tree: Node) -> Node:
    """The tree, or its normal form where that is shorter to write; a long tree stays as it is."""
    if sum(1 for _ in islice(walk(tree), _LONG)) == _LONG:
        return tree
    atoms = Signed(Budget(_UNITS))
    try:
        other = to_tree(atoms, Normal(atoms, frozenset(), {}).of(tree))
    except (NeedSign, Undefined, ZeroDivisionError, OutOfBudget):
        return tree
    return other if len(to_text(other)) < len(to_text(tree)) else tree


def to_tree(atoms: Atoms, q: Quotient) -> Node:
    """The quotient as a tree."""
    top = _sum(atoms, q.top)
    return top if q.bottom == UNITY else divide(top, _sum(atoms, q.bottom))


def _sum(atoms: Atoms, p: Polynomial) -> Node:
    total: Node = ZERO
    for monomial, coefficient in sorted(p.items(), key=lambda term: (not term[0], term[1] < 0)):
        total = add(total, _term(atoms, monomial, coefficient))
    return total


def _term(atoms: Atoms, monomial: Monomial, coefficient: Fraction) -> Node:
    top, bottom = number(coefficient.numerator), number(coefficient.denominator)
    for index, exponent in monomial:
        if exponent > 0 or atoms.table[index].kind in ("exp", "e"):
            top = multiply(top, _power(atoms, index, exponent))
        else:
            bottom = multiply(bottom, _power(atoms, index, -exponent))
    return divide(top, bottom)


def _power(atoms: Atoms, index: int, exponent: Fraction) -> Node:
    atom = atoms.table[index]
    arguments = [to_tree(atoms, q) for q in atom.arguments]
    if atom.kind == "exp":
        return call("exp", multiply(number(exponent), arguments[0]))
    if atom.kind == "e":
        return call("exp", number(exponent))
    if atom.kind == "base":
        return call("sqrt", arguments[0]) if exponent == Fraction(1, 2) else power(arguments[0], number(exponent))
    if atom.kind == "name":
        inner: Node = Name(atom.label)
    elif atom.kind == "pi":
        inner = Constant("pi")
    elif atom.kind == "prime":
        inner = Number(atom.label)
    elif atom.kind == "**":
        inner = Binary("**", arguments[0], arguments[1])
    else:
        inner = call(atom.kind, *arguments)
    if inner == ONE or exponent == 1:
        return inner
    return call("sqrt", inner) if exponent == Fraction(1, 2) else power(inner, number(exponent))
