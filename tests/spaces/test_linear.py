"""Combinations, spans, independence, basis and rank: exact on whole numbers and fractions, tolerant on floats."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
import sympy as sp
from hypothesis import given, settings
from hypothesis import strategies as st

import unbend as ub
from unbend.errors import ShapeError
from unbend.spaces import product

small = st.integers(-4, 4)
vectors = st.integers(1, 4).flatmap(lambda n: st.lists(st.tuples(*[small] * n), min_size=1, max_size=5))


@settings(max_examples=80, deadline=None)
@given(vectors)
def test_rank_and_basis_against_sympy(rows: list[tuple[int, ...]]) -> None:
    assert ub.rank(rows) == sp.Matrix(rows).rank()
    found = ub.basis(rows)
    assert len(found) == ub.rank(rows) and all(b in rows for b in found)
    assert not found or ub.independent(found)
    assert all(ub.in_span(r, found) for r in rows) if found else not any(any(r) for r in rows)


@settings(max_examples=80, deadline=None)
@given(vectors, st.data())
def test_in_span_answers_with_evidence(rows: list[tuple[int, ...]], data: st.DataObject) -> None:
    target = data.draw(st.tuples(*[small] * len(rows[0])))
    found = ub.in_span(target, rows)
    assert found.exact
    if found:
        assert found.coefficients is not None and ub.combine(rows, found.coefficients) == target
    else:
        w = found.witness
        assert w is not None and sum(a * b for a, b in zip(w, target, strict=True)) == 1
        assert all(sum(a * b for a, b in zip(w, r, strict=True)) == 0 for r in rows)


@settings(max_examples=60, deadline=None)
@given(vectors)
def test_dependence_combines_to_zero(rows: list[tuple[int, ...]]) -> None:
    found = ub.independent(rows)
    assert bool(found) == (sp.Matrix(rows).rank() == len(rows))
    if not found:
        assert found.dependence is not None and any(found.dependence)
        assert not any(ub.combine(rows, found.dependence))


def test_fractions_stay_exact_where_floats_do_not() -> None:
    third = Fraction(1, 3)
    assert ub.rank([(third, 1), (1, 3)]) == 1
    assert ub.combine([(third, 1), (1, 3)], [3, -1]) == (0, 0)
    huge = 10**40
    assert ub.rank([(huge, 1), (huge + 1, 1)]) == 2


def test_floats_have_a_tolerance() -> None:
    assert ub.rank([(0.1, 0.2), (0.3, 0.6)]) == 1  # 0.3/0.1 is not 3 in doubles
    assert ub.rank([(1.0, 0.0), (0.0, 1e-3)]) == 2
    rng = np.random.default_rng(0)
    rows = rng.standard_normal((3, 6))
    inside = rows.T @ [1.0, -2.0, 0.5]
    found = ub.in_span(inside, rows)
    assert found and not found.exact and np.allclose(found.coefficients, [1, -2, 0.5])
    outside = ub.in_span(rng.standard_normal(6), rows)
    assert not outside and outside.witness is not None and np.allclose(rows @ outside.witness, 0, atol=1e-12)
    tied = ub.independent([*rows, inside])
    assert not tied and np.allclose(np.array([*rows, inside]).T @ tied.dependence, 0, atol=1e-12)
    assert len(ub.basis([*rows, inside])) == 3
    assert ub.rank([(0.0, 0.0)]) == 0


def test_products() -> None:
    rng = np.random.default_rng(1)
    A, B = rng.integers(-5, 5, (3, 4)), rng.integers(-5, 5, (4, 2))
    assert np.array_equal(np.array(product(A, B), int), A @ B)
    with pytest.raises(ShapeError, match="A has 4 columns, B 3 rows"):
        product(A, A)


@pytest.mark.parametrize(
    ("call", "match"),
    [(lambda: ub.combine([(1, 2)], [1, 2]), "1 vector, got 2"), (lambda: ub.rank([(1, 2), (1,)]), "lengths 2, 1"),
     (lambda: ub.rank([]), "lengths 0"), (lambda: ub.rank([("a", 1)]), "got 'a'"),
     (lambda: ub.rank([(float("nan"), 1)]), "got nan")],
)  # fmt: skip
def test_bad_input_is_said(call: object, match: str) -> None:
    with pytest.raises(ShapeError, match=match):
        call()  # type: ignore[operator]
