"""Polynomials in one unknown: factors multiply to it, roots are counted and found, interpolation is exact."""

from fractions import Fraction
from random import Random

import numpy as np
import pytest

from unbend.formula.proof.univariate import evaluate, factors, has_real_root, interpolate, rational_roots


def product(p: list[Fraction], q: list[Fraction]) -> list[Fraction]:
    result = [Fraction(0)] * (len(p) + len(q) - 1)
    for i, a in enumerate(p):
        for j, b in enumerate(q):
            result[i + j] += a * b
    return result


@pytest.mark.parametrize("seed", range(40))
def test_factors_multiply_to_the_polynomial(seed: int) -> None:
    random = Random(seed)
    p = [Fraction(1)]
    roots = {Fraction(random.randint(-9, 9), random.choice([1, 2, 3, 100])) for _ in range(random.randint(1, 3))}
    for root in roots:
        for _ in range(random.randint(1, 3)):
            p = product(p, [-root, Fraction(1)])
    p = product(p, [Fraction(random.randint(1, 5)), Fraction(random.randint(-1, 1)), Fraction(1)])
    total = [Fraction(1)]
    for part, multiplicity in factors(p):
        for _ in range(multiplicity):
            total = product(total, part)
    assert total == p
    assert roots <= {-part[0] for part, _ in factors(p) if len(part) == 2}


@pytest.mark.parametrize("seed", range(40))
def test_real_roots_are_counted_as_in_doubles(seed: int) -> None:
    random = Random(seed)
    p = [Fraction(random.randint(-9, 9)) for _ in range(random.choice([2, 4, 6]))] + [Fraction(1)]
    roots = np.roots([float(c) for c in reversed(p)])
    clear = np.abs(roots.imag) > 1e-4
    if clear.all() or (np.abs(roots.imag[~clear]) == 0).all():
        assert has_real_root(p) == (not clear.all())


def test_interpolation_gives_the_polynomial_back() -> None:
    p = [Fraction(-1, 10_000), Fraction(0), Fraction(3), Fraction(1, 7)]
    points = [(Fraction(k), evaluate(p, Fraction(k))) for k in (0, 1, -1, 2, -2, 3)]
    assert interpolate(points) == p
    assert rational_roots([Fraction(-1, 10**18), Fraction(0), Fraction(1)]) == [Fraction(-1, 10**9), Fraction(1, 10**9)]
    assert rational_roots([Fraction(-2), Fraction(0), Fraction(1)]) == []
