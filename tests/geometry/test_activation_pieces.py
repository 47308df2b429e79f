"""Exact pieces of activations against the records' own values, and what is refused."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import unbend as ub
from unbend.activations import activation, activations
from unbend.geometry.activation_pieces import exact_pieces
from unbend.geometry.forward import piece_index

STRAIGHT = {"identity", "step", "relu", "leaky_relu", "hard_tanh", "hard_sigmoid", "relu6", "abs"}


@pytest.mark.parametrize("name", activations)
def test_which_records_are_piecewise_affine(name: str) -> None:
    f = exact_pieces(activations[name])
    assert (f is not None) == (name in STRAIGHT)
    if f is not None:
        x = np.concatenate([np.linspace(-8, 8, 641), [float(b) for b in f.breaks]])
        assert np.allclose([float(f(Fraction(v))) for v in x], activations[name](x), rtol=0, atol=1e-15)
        assert tuple(map(float, f.breaks)) == activations[name].kinks


# by hand: kinks, then slope and intercept of each piece
@pytest.mark.parametrize(
    ("formula", "breaks", "lines"),
    [
        ("max(x, 0.2*x)", [0], [(Fraction(1, 5), 0), (1, 0)]),
        ("abs(abs(x) - 1)", [-1, 0, 1], [(-1, -1), (1, 1), (-1, 1), (1, -1)]),
        ("min(max(2*x - 1/3, -1), 3)", [Fraction(-1, 3), Fraction(5, 3)], [(0, -1), (2, Fraction(-1, 3)), (0, 3)]),
        ("where(x >= 1, 2*x, x + 1)", [1], [(1, 1), (2, 0)]),
        ("x*(x > 0)", [0], [(0, 0), (1, 0)]),
        ("max(x, 1000*x - 999000000)", [Fraction(1000000 * 999, 999)], [(1, 0), (1000, -999000000)]),
        ("3*x - 2", [], [(3, -2)]),
        ("where(x == 2, 7, x)", [2], [(1, 0), (1, 0)]),
    ],
)
def test_pieces_of_formulas(formula: str, breaks: list[Fraction], lines: list[tuple[Fraction, Fraction]]) -> None:
    f = exact_pieces(activation(formula))
    assert f is not None
    assert list(f.breaks) == breaks
    assert list(f.lines) == lines


@pytest.mark.parametrize(
    "formula", ["x*x", "max(x, x**2)", "1/(1 + abs(x))", "where(x > 0, sin(x), x)", "sqrt(abs(x))"]
)
def test_curved_formulas_are_refused_in_words(formula: str) -> None:
    assert exact_pieces(activation(formula)) is None
    net = ub.Network([ub.Dense(2, 3, formula), ub.Dense(3, 1)])
    with pytest.raises(ub.BadInput, match="curved"):
        ub.regions(net)


def test_jumps_are_known() -> None:
    f = exact_pieces(activations["step"])
    assert f is not None and f.jumps == (True,)
    g = exact_pieces(activation("where(x >= 0, x + 1, x)"))
    assert g is not None and g.jumps == (True,)
    z = np.array([-1.0, 0.0, 1.0])
    assert piece_index(f, z).tolist() == [0, 0, 1]  # step(0) = 0
    assert piece_index(g, z).tolist() == [0, 1, 1]


small = st.fractions(min_value=-3, max_value=3, max_denominator=8)


@given(a=small, b=small, c=small, x=small)
def test_random_formulas_agree_with_plain_evaluation(a: Fraction, b: Fraction, c: Fraction, x: Fraction) -> None:
    formula = f"max(min(({a})*x + {b}, x), abs(x - ({c})))"
    f = exact_pieces(activation(formula))
    assert f is not None
    assert f(x) == max(min(a * x + b, x), abs(x - c))
