"""`simplify`: the normal form of a tree, where it is shorter to write; `to_tree`: a quotient as a tree."""

from __future__ import annotations

from fractions import Fraction
from itertools import islice

from ..language.build import ONE, ZERO, add, call, divide, multiply, number, power
from ..language.tree import Binary, Constant, Name, Node, Number, walk
from ..printing.text import to_text
from .atom_table import AtomTable
from .normal_form import NormalForm
from .signs import NeedSign, SignedAtoms, UndefinedCase
from .sparse_polynomial import ONE as UNITY
from .sparse_polynomial import Budget, Monomial, OutOfBudget, Polynomial, Quotient

_BUDGET = 4_000
_MAX_NODES = 300


def simplify(tree: Node) -> Node:
    """The tree, or its normal form where that is shorter to write; a tree of 300 nodes or more is left unchanged."""
    if sum(1 for _ in islice(walk(tree), _MAX_NODES)) == _MAX_NODES:
        return tree
    atoms = SignedAtoms(Budget(_BUDGET))
    try:
        simplified = to_tree(atoms, NormalForm(atoms, frozenset(), {}).of(tree))
    except (NeedSign, UndefinedCase, ZeroDivisionError, OutOfBudget):
        return tree
    return simplified if len(to_text(simplified)) < len(to_text(tree)) else tree


def to_tree(atoms: AtomTable, q: Quotient) -> Node:
    """The quotient as a tree."""
    numerator = _sum(atoms, q.numerator)
    return numerator if q.denominator == UNITY else divide(numerator, _sum(atoms, q.denominator))


def _sum(atoms: AtomTable, p: Polynomial) -> Node:
    total: Node = ZERO
    for monomial, coefficient in sorted(p.items(), key=lambda term: (not term[0], term[1] < 0)):
        total = add(total, _term(atoms, monomial, coefficient))
    return total


def _term(atoms: AtomTable, monomial: Monomial, coefficient: Fraction) -> Node:
    numerator, denominator = number(coefficient.numerator), number(coefficient.denominator)
    for index, exponent in monomial:
        if exponent > 0 or atoms.table[index].kind in ("exp", "e"):
            numerator = multiply(numerator, _power(atoms, index, exponent))
        else:
            denominator = multiply(denominator, _power(atoms, index, -exponent))
    return divide(numerator, denominator)


def _power(atoms: AtomTable, index: int, exponent: Fraction) -> Node:
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
