"""Certificates that polynomial inequalities are infeasible: a combination of them, with weights ≥ 0, that reads 0 > 0.

The facts are pᵢ ≥ 0 and pᵢ > 0; their products in pairs and squares are ≥ 0 as well (Handelman 1988 for products,
Farkas 1902 for the facts alone). A linear program in floats finds the weights, which are then verified in fractions:
True is a proof.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import combinations, combinations_with_replacement
from typing import Any, NamedTuple

import numpy as np

from ..linear.row_reduction import solve
from ..symbolic.work_limit import spend

_MAX_COLUMNS, _MAX_ROWS = 900, 700
Terms = dict[tuple[int, ...], Fraction]  # exponents of each symbol -> coefficient


class Fact(NamedTuple):
    """The polynomial is ≥ 0, or > 0 where ``strict``."""

    terms: Terms
    strict: bool


def infeasible(facts: Sequence[Fact], reduced: Any = None) -> bool:
    """Whether the facts are proved inconsistent. ``reduced(terms)`` may reduce a product by known equations."""
    if not facts:
        return False
    size = len(next(iter(facts[0].terms), ()))
    unit: Fact = Fact({(0,) * size: Fraction(1)}, True)
    if _has_certificate([unit, *facts]):
        return True
    products = [Fact(multiply(p.terms, q.terms), p.strict and q.strict)
                for p, q in combinations_with_replacement(facts[:20], 2)]  # fmt: skip
    more = products + _squares(size) + _times_squares(facts[:8], size)
    if reduced is not None:
        more = [Fact(reduced(f.terms), f.strict) for f in more]
    return _has_certificate([unit, *facts, *more])


def multiply(p: Terms, q: Terms) -> Terms:
    """The product of two polynomials."""
    product: Terms = {}
    for one, a in p.items():
        for other, b in q.items():
            key = tuple(i + j for i, j in zip(one, other, strict=True))
            product[key] = product.get(key, Fraction(0)) + a * b
    return {key: c for key, c in product.items() if c}


def _squares(size: int) -> list[Fact]:
    """x², (x + y)² and (x - y)² for all symbols, as long as these are few."""
    units = [tuple(int(i == k) for i in range(size)) for k in range(size)]
    squares = [Fact(multiply({k: Fraction(1)}, {k: Fraction(1)}), False) for k in units]
    if size <= 8:
        for one, other in combinations(units, 2):
            for sign in (1, -1):
                sum_ = {one: Fraction(1), other: Fraction(sign)}
                squares.append(Fact(multiply(sum_, sum_), False))
    return squares


def _times_squares(facts: Sequence[Fact], size: int) -> list[Fact]:
    """x² p for every fact p and symbol x, as long as these are few."""
    units = [tuple(2 * int(i == k) for i in range(size)) for k in range(size)]
    return [Fact(multiply({k: Fraction(1)}, f.terms), False) for f in facts for k in units] if size <= 8 else []


def _has_certificate(facts: Sequence[Fact]) -> bool:
    """Whether a combination with weights ≥ 0, positive on a strict fact, vanishes: a linear program, then verified."""
    from scipy.optimize import linprog

    facts = [f for f in facts if f.terms or f.strict]
    if any(f.strict and not f.terms for f in facts):  # 0 > 0
        return True
    facts = _cancellable(facts)
    if not any(f.strict for f in facts):
        return False
    rows = {key: i for i, key in enumerate(dict.fromkeys(k for f in facts for k in f.terms))}
    if len(facts) > _MAX_COLUMNS or len(rows) > _MAX_ROWS:
        return False
    spend(20 + len(rows) * len(facts) / 50)
    matrix = np.zeros((len(rows) + 1, len(facts)))
    for j, fact in enumerate(facts):
        largest = max(abs(c) for c in fact.terms.values())
        for key, c in fact.terms.items():
            matrix[rows[key], j] = float(c / largest)
        matrix[-1, j] = fact.strict
    right = np.zeros(len(rows) + 1)
    right[-1] = 1
    program = linprog(np.ones(len(facts)), A_eq=matrix, b_eq=right, method="highs")
    return program.status == 0 and _verified_exactly([facts[j] for j in np.flatnonzero(program.x > 1e-9)])


def _cancellable(facts: Sequence[Fact]) -> list[Fact]:
    """Without the facts that have weight 0 in every certificate: a monomial whose coefficients all have one sign
    cannot vanish unless the facts with it are left out.
    """
    remaining = list(facts)
    while True:
        signs: dict[tuple[int, ...], int] = {}
        for fact in remaining:
            for key, c in fact.terms.items():
                signs[key] = signs.get(key, 0) | (1 if c > 0 else 2)
        cancellable = [f for f in remaining if all(signs[key] == 3 for key in f.terms)]
        if len(cancellable) == len(remaining):
            return cancellable
        remaining = cancellable


def _verified_exactly(used: Sequence[Fact]) -> bool:
    """Whether these facts alone have exact weights ≥ 0 with a vanishing combination."""
    keys = dict.fromkeys(k for f in used for k in f.terms)
    rows = [[f.terms.get(k, Fraction(0)) for f in used] for k in keys]
    rows.append([Fraction(int(f.strict)) for f in used])
    weights = solve(rows, [Fraction(0)] * len(keys) + [Fraction(1)])
    return weights is not None and all(w >= 0 for w in weights)
