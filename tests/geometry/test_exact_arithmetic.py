"""Exact integers of floats, and the order of points that floats cannot tell apart."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from unbend.geometry.mesh.vertex_order import order_along_lines
from unbend.geometry.rational import integers

numbers = st.floats(allow_nan=False, allow_infinity=False)


@given(st.lists(numbers, min_size=1, max_size=6))
def test_integers_are_the_floats(values: list[float]) -> None:
    numerators, denominator = integers(np.array(values))
    assert [Fraction(n, denominator) for n in numerators] == [Fraction(v) for v in values]


def test_close_points_are_ordered_exactly_and_equal_ones_found() -> None:
    third, tiny = Fraction(1, 3), Fraction(1, 10**30)
    exact = [third + tiny, third, Fraction(0), third, Fraction(1)]
    asked: list[int] = []

    def exact_position(i: int) -> Fraction:
        asked.append(i)
        return exact[i]

    position = np.array([float(p) for p in exact])
    order, equal = order_along_lines(np.zeros(5, dtype=int), position, np.full(5, 1e-15), exact_position)
    assert [exact[i] for i in order] == sorted(exact)
    assert equal.tolist() == [False, False, True, False, False]
    assert sorted(asked) == [0, 1, 3]  # only what floats leave open


def test_points_of_other_lines_do_not_mix() -> None:
    order, equal = order_along_lines(
        np.array([1, 0, 1]), np.array([0.5, 0.5, 0.2]), np.zeros(3), lambda i: Fraction(1, 2)
    )
    assert order.tolist() == [1, 2, 0] and not equal.any()
