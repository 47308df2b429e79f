"""One test per part of the article, each with an oracle from outside where there is one."""

from __future__ import annotations

import ast
from fractions import Fraction
from functools import cache

import mpmath
import numpy as np
import pytest
import sympy as sp

import unbend as ub
from unbend.article import PartResult, names, run
from unbend.errors import BadInput, ShapeError
from unbend.geometry.collapse import collapse
from unbend.linearity import linearity
from unbend.solve import Formula
from unbend.spaces import product
from unbend.spaces.result import format_value


@cache
def run_once(name: str) -> PartResult:
    return run(name)


def held(name: str) -> PartResult:
    """The part was run, and its claim holds."""
    row = run_once(name)
    assert row.ok, row.outcome
    assert row.id == name and row.outcome.lines
    return row


def test_the_list_is_complete() -> None:
    assert names() == tuple(sorted([f"A{i:02}" for i in range(1, 29)] + [f"E{i:02}" for i in range(1, 16)]))
    with pytest.raises(BadInput, match="'A29'"):
        run("A29")


@pytest.mark.parametrize("name", names())
def test_every_part_has_both_languages(name: str) -> None:
    row = run_once(name)
    english = (row.claim, row.slip, row.to_dict()["result"])
    ub.set_language("ko")
    korean = (run(name) if name[0] == "E" else row).to_dict()
    assert english[0] != korean["claim"] and english[2] != korean["result"]


def test_A01_a_network_learns_then_infers() -> None:
    held("A01")
    net = ub.Network([ub.Dense(2, 3, "tanh"), ub.Dense(3, 1)], seed=1)
    x = np.random.default_rng(0).standard_normal((5, 2)).astype(np.float32)
    (W1, b1), (W2, b2) = net.arrays
    assert np.allclose(net(x), np.tanh(x @ W1 + b1) @ W2 + b2, atol=1e-6)


def test_A02_diagram() -> None:
    held("A02")
    drawing = ub.diagram(ub.Network([ub.Dense(9, 20, "relu"), ub.Dense(20, 1)], seed=0))
    assert drawing.svg().count("⋮") == 2 and "dasharray" in drawing.svg()


def test_A03_a_neurons_formula() -> None:
    held("A03")
    rng = np.random.default_rng(3)
    net = ub.Network.from_arrays([(rng.normal(size=(2, 4)), rng.normal(size=4))], ["sigmoid"])
    x1, x2 = sp.symbols("x1 x2")
    for j in range(4):
        text = net.formula(0, j, numbers=True).partition("=")[2]
        value = sp.sympify(text, locals={"sigmoid": lambda z: 1 / (1 + sp.exp(-z))}).subs({x1: 0.5, x2: -2})
        assert abs(float(value) - net([[0.5, -2.0]])[0, j]) < 1e-14


def test_A04_fully_connected() -> None:
    held("A04")
    net = ub.Network([ub.Dense(2, 4)])
    assert net.layers[0].W.shape == (2, 4) and net.layers[0].b.shape == (4,)
    assert net([[1.0, 2.0]]).shape == (1, 4)
    with pytest.raises(ShapeError, match=r"takes 2 column.*got \(1, 3\)"):
        net([[1.0, 2.0, 3.0]])


def test_A05_the_numpy_run() -> None:
    held("A05")
    rng = np.random.default_rng(11)
    x, W1, b1, W2, b2 = (rng.standard_normal(s) for s in ((10, 2), (2, 4), 4, (4, 3), 3))
    trace = ub.Network.from_arrays([(W1, b1), (W2, b2)], activations=["sigmoid", "identity"]).trace(x)
    h = np.matmul(x, W1) + b1
    a = 1 / (1 + np.exp(-h))
    for got, wanted in ((trace.z[0], h), (trace.h[0], a), (trace.output, np.matmul(a, W2) + b2)):
        np.testing.assert_allclose(got, wanted, rtol=0, atol=4e-15)
    assert trace.output.shape == (10, 3)


def test_A06_minibatches() -> None:
    row = held("A06")
    assert "100" in row.result and "1,000,000" in row.result
    x = np.arange(1000.0)[:, None]
    net = ub.Network([ub.Dense(1, 1)], dtype="float64")
    twice = [ub.train(net, x / 1000, x / 1000, optimizer="sgd", batch_size=100, epochs=1, seed=s)[0] for s in (5, 5, 6)]
    assert np.array_equal(twice[0].layers[0].W, twice[1].layers[0].W)
    assert not np.array_equal(twice[0].layers[0].W, twice[2].layers[0].W)


def test_A07_linear_layers_collapse() -> None:
    held("A07")
    x, a, b, c = sp.symbols("x a b c")
    assert sp.expand(c * (c * (c * x))) == c**3 * x
    h = x
    for _ in range(3):
        h = a * h + b
    assert sp.expand(h - (a**3 * x + b * (a**2 + a + 1))) == 0
    one = (np.array([[1.0]]), np.array([0.0]))
    for slope, height in ((3, 0), (2, 5), (-1, 4)):
        merged = collapse(ub.Network.from_arrays([one] * 3, activations=[f"{slope}*x + {height}"] * 3))
        wanted = [float(h.subs({a: slope, b: height, x: v})) for v in (0, 1, -2)]
        assert merged([[0.0], [1.0], [-2.0]])[:, 0].tolist() == wanted


def test_A08_linear_combinations() -> None:
    held("A08")
    u, v, w = (1, 0, 2), (0, 1, 1), (2, -1, 3)
    assert ub.in_span(w, [u, v]).coefficients == (2, -1)
    witness = ub.in_span((0, 0, 1), [u, v]).witness
    assert witness is not None and [np.dot(witness, z) for z in (u, v, (0, 0, 1))] == [0, 0, 1]
    dependence = ub.independent([u, v, w]).dependence
    assert dependence is not None and any(dependence)
    assert ub.combine([u, v, w], dependence) == (0, 0, 0)
    assert ub.rank([u, v, w]) == sp.Matrix([u, v, w]).rank() == 2


def test_A09_closure() -> None:
    held("A09")
    found = ub.check_axioms(ub.spaces["quadrant"])["V2"].counterexample
    assert found is not None
    a, (x, y) = found.values["a"], found.values["u"]
    assert x >= 0 and y >= 0 and min(a * x, a * y) < 0


def test_A10_matrices_do_not_commute() -> None:
    held("A10")
    A, B = [[1, 2], [3, 4]], [[0, 1], [1, 0]]
    assert np.array_equal(np.array(product(A, B), int), np.array(A) @ B)
    assert product(A, B) != product(B, A)


def test_A11_subspaces() -> None:
    held("A11")
    line, shifted = ub.is_subspace("u2 == 3*u1", 2), ub.is_subspace("u2 == 3*u1 + 1", 2)
    assert line and line.verdict == "proved" and line.counterexample is None
    assert not shifted and shifted.counterexample is not None


def test_A12_ten_axioms() -> None:
    held("A12")
    answers = ub.check_axioms(ub.spaces["R3"])
    assert list(answers) == [f"V{i}" for i in range(1, 11)]
    assert {a.verdict for a in answers.values()} == {"proved"}


def test_A13_the_zero_is_one() -> None:
    row = held("A13")
    assert row.result.endswith("its zero is 1")
    space = ub.spaces["positive reals"]
    assert space.sum([Fraction(7, 3)], [1]) == (Fraction(7, 3),)
    assert space.multiple(0, [5]) == (1,)


def test_A14_row_times_column() -> None:
    held("A14")
    assert product([[1, 2, 3]], [[4], [5], [6]]) == [(32,)]
    with pytest.raises(ShapeError, match="A has 3 columns, B 1 row"):
        product([[1, 2, 3]], [[1, 2, 3]])


def test_A15_the_system() -> None:
    held("A15")
    data = {"x1": [1, 2], "x2": [3, 4], "x3": [5, 6], "y": [7, 8]}
    found = Formula("y = a*x1 + b*x2 + c*x3").system(data)
    assert np.array_equal(found.A, [[1, 3, 5], [2, 4, 6]]) and np.array_equal(found.y, [7, 8])
    assert r"\begin{pmatrix}" in found.tex()


def test_A16_regression() -> None:
    held("A16")
    x = np.array([0.0, 1, 2, 3, 5])
    y = np.array([1.0, 2.9, 5.2, 6.8, 11.1])
    fit = Formula("y = a*x + b").fit({"x": x, "y": y})
    (a, b), covariance = np.polyfit(x, y, 1, cov=True)
    assert np.allclose([fit.values["a"], fit.values["b"]], [a, b], rtol=1e-12)
    errors = [fit.standard_errors[n] for n in "ab"]
    assert np.allclose(errors, np.sqrt(np.diag(covariance)), rtol=1e-9)


def test_A17_what_linear_asks() -> None:
    held("A17")
    f = Formula("y = a*x**2 + b*x + c", variables=["x"])
    assert f.linearity.of("a", "b", "c").verdict == "linear"
    # alone, each of them stands beside the others: linear up to a constant
    assert {f.linearity.of(n).verdict for n in "abc"} == {"affine"}
    assert f.linearity.of("x").verdict == "nonlinear"


def test_A18_design_matrix() -> None:
    held("A18")
    x = np.array([-1.0, 0, 2, 3])
    found = Formula("y = a*x**2 + b*x + c", variables=["x"]).system({"x": x, "y": x})
    assert np.array_equal(found.A, np.vander(x, 3))


def test_A19_linear_network() -> None:
    held("A19")
    assert linearity(ub.Network([ub.Dense(3, 5), ub.Dense(5, 2)])).verdict == "linear"
    assert linearity(ub.Network([ub.Dense(3, 5, "relu"), ub.Dense(5, 2)])).verdict == "nonlinear"


def test_A20_basis_terms() -> None:
    held("A20")
    f = Formula("y = w1*x1**2 + w2*log(x2) + w3*sin(x3)")
    assert f.linearity.of("w1", "w2", "w3").verdict == "linear"
    assert f.linearity.of("x1").verdict == "nonlinear"


def test_A21_nonlinear_model() -> None:
    row = held("A21")
    assert "layer 1" in row.result and "sigmoid" in row.result
    found = Formula("z = 1/(1 + exp(-(w1*x1 + w2*x2)))").linearity.of("w1", "w2").counterexample
    assert found is not None and found.left != found.right


def test_A22_handed_on() -> None:
    held("A22")
    net = ub.Network([ub.Dense(2, 4, "relu"), ub.Dense(4, 3), ub.Dense(3, 1, "sigmoid")])
    assert net.bends == (0, 2) and [layer.bends for layer in net.layers] == [True, False, True]


def test_A23_step() -> None:
    held("A23")
    step = ub.activations["step"]
    assert step([-1.0, 0.0, 1e-300]).tolist() == [0, 0, 1] and float(step(2)) == 1.0


def test_A24_sigmoid() -> None:
    held("A24")
    x = np.array([-1000.0, -30.0, -1.0, 0.0, 1.0, 30.0, 1000.0])
    got = ub.activations["sigmoid"](x)
    with mpmath.workdps(50):
        for g, v in zip(got, x, strict=True):
            exact = 1 / (1 + mpmath.exp(-mpmath.mpf(float(v))))
            assert abs(mpmath.mpf(float(g)) - exact) <= 2 * np.spacing(float(exact))


def test_A25_logistic_regression() -> None:
    held("A25")
    p = ub.activations["sigmoid"](np.array([-5.0, -1.0, 0.0, 2.0]))
    assert np.all((p > 0) & (p < 1)) and np.all(np.diff(p) > 0)
    assert np.allclose(np.log(p / (1 - p)), [-5, -1, 0, 2], atol=1e-12)


def test_A26_relu() -> None:
    held("A26")
    relu = ub.activations["relu"]
    assert relu([-2.0, 0.0, 3.0]).tolist() == np.maximum(0, [-2.0, 0.0, 3.0]).tolist()
    assert float(relu.derivative(np.zeros(1))[0]) == 0.0


def test_A27_all_activations() -> None:
    assert held("A27").result.startswith(str(len(ub.activations)))


def test_A28_ones_own_project() -> None:
    held("A28")


def test_E01_np_int() -> None:
    held("E01")
    assert not hasattr(np, "int")


def test_E02_star_keyword() -> None:
    held("E02")
    with pytest.raises(SyntaxError):
        ast.parse("np.array(x > 0, *dtype*=int)")


def test_E03_relu_takes_x() -> None:
    held("E03")


def test_E04_sigmoid_is_not_step() -> None:
    row = held("E04")
    assert f"{1 / (1 + np.exp(-0.5)):.4f}" in row.result


def test_E05_a_range_was_meant() -> None:
    held("E05")
    assert np.arange(-5.0, 5.0, 0.1).size == 100


def test_E06_step_elementwise() -> None:
    held("E06")
    with pytest.raises(ValueError, match="ambiguous"):
        bool(np.array([-1.0, 2.0]) > 0)


def test_E07_indices() -> None:
    row = held("E07")
    assert row.result.startswith("h1 = x1*w11 + x2*w21 + b1")


def test_E08_the_seventh_axiom() -> None:
    held("E08")
    assert ub.check_axioms(ub.Space(1, scale="a*u/2"))["V7"].verdict == "refuted"


def test_E09_closed_but_not_commutative() -> None:
    held("E09")


def test_E10_closure_needs_two() -> None:
    held("E10")
    found = ub.is_subspace("u1*u2 == 0", 2).counterexample
    assert found is not None
    u, v = found.values["u"], found.values["v"]
    assert u != v and u[0] * u[1] == v[0] * v[1] == 0 and (u[0] + v[0]) * (u[1] + v[1]) != 0


def test_E11_indices_of_the_sum() -> None:
    held("E11")
    assert format_value(ub.combine([(1, 0), (0, 1)], [2, 3])) == "(2, 3)"


def test_E12_the_constant_stays() -> None:
    held("E12")


def test_E13_affine_is_not_linear() -> None:
    held("E13")
    assert Formula("y = a*x + b", variables=["x"]).linearity.of("x").verdict == "affine"
    assert Formula("y = a*x", variables=["x"]).linearity.of("x").verdict == "linear"


def test_E14_the_product_is_the_combination() -> None:
    held("E14")


def test_E15_one_of_ten() -> None:
    held("E15")
