"""E01 to E15: slips of the article, each computed beside its correction."""

from __future__ import annotations

import ast
from typing import Any

import numpy as np

from ..activations import activations as records
from ..spaces import Space, check_axioms, combine, is_subspace, product, spaces
from ..spaces.result import format_value
from .linear_models import verdict_text
from .part import Outcome, part, show
from .vectors import matrix_text, noncommuting_matrices


@part("E01")
def np_int() -> Outcome:
    gone = not hasattr(np, "int")
    result = np.array([1.5, -2.0]).astype(int)
    lines = [*show("hasattr(np, 'int')", not gone), *show("np.array([1.5, -2.0]).astype(int)", result)]
    return Outcome(gone and result.dtype.kind == "i", {"version": np.__version__}, tuple(lines))


@part("E02")
def star_keyword() -> Outcome:
    wrong, right = "np.array(x > 0, *dtype*=int)", "np.array(x > 0, dtype=int)"
    try:
        ast.parse(wrong)
        refused = ""
    except SyntaxError as error:
        refused = f"SyntaxError: {error.msg}"
    ast.parse(right)
    values = np.array(np.array([-1.0, 2.0]) > 0, dtype=int)
    return Outcome(bool(refused), {"error": refused}, (*show(wrong, refused), *show(right, values)))


@part("E03")
def relu_without_argument() -> Outcome:
    def relu() -> Any:
        return None

    try:
        relu(np.array([-1.0, 2.0]))  # type: ignore[call-arg]
        refused = ""
    except TypeError as error:
        refused = f"TypeError: {str(error).rpartition('.')[2]}"
    values = records["relu"](np.array([-1.0, 2.0]))
    lines = [
        *show("relu(np.array([-1.0, 2.0]))   # def relu():", refused),
        *show("ub.activations['relu'](np.array([-1.0, 2.0]))", values),
    ]
    return Outcome(bool(refused) and list(values) == [0.0, 2.0], {}, tuple(lines))


@part("E04")
def step_for_sigmoid() -> Outcome:
    x = np.array([-1.0, 0.5, 1.0])
    step, sigmoid = records["step"](x), records["sigmoid"](x)
    lines = [
        *show("ub.activations['step'](x)", step),
        *show("ub.activations['sigmoid'](x)", np.round(sigmoid, 4)),
        ">>> plt.plot(x, ub.activations['sigmoid'](x))",
    ]
    return Outcome(
        not np.allclose(step, sigmoid), {"step": f"{step[1]:g}", "sigmoid": f"{sigmoid[1]:.4f}"}, tuple(lines)
    )


@part("E05")
def three_points() -> Outcome:
    written, meant = np.array([-5.0, 5.0, 0.1]), np.arange(-5.0, 5.0, 0.1)
    lines = [
        *show("np.array([-5.0, 5.0, 0.1]).size", written.size),
        *show("np.arange(-5.0, 5.0, 0.1).size", meant.size),
    ]
    return Outcome(written.size == 3 and meant.size == 100, {"count": meant.size}, tuple(lines))


@part("E06")
def step_on_arrays() -> Outcome:
    x = np.array([-1.0, 2.0])
    try:
        refused = str(1 if x > 0 else 0)
    except ValueError as error:
        refused = f"ValueError: {error}"
    values = records["step"](x)
    lines = [
        *show("1 if x > 0 else 0   # x = np.array([-1.0, 2.0])", refused),
        *show("ub.activations['step'](x)", values),
    ]
    return Outcome(refused.startswith("ValueError") and list(values) == [0.0, 1.0], {}, tuple(lines))


@part("E07")
def indices() -> Outcome:
    from ..network import Dense, Network

    net = Network([Dense(2, 6), Dense(6, 1)], seed=0)
    first, last = net.formula(0, 0), net.formula(0, 5)
    lines = [
        *show("net.formula(0, 0)", first),
        *show("net.formula(0, 5)", last),
        *show("net.layers[0].b.shape", net.layers[0].b.shape),
    ]
    ok = first == "h1 = x1*w11 + x2*w21 + b1" and last.startswith("h6") and net.layers[0].b.shape == (6,)
    return Outcome(ok, {"formula": first}, tuple(lines))


@part("E08")
def seventh_axiom() -> Outcome:
    space = Space(1, scale="a*u/2")
    answer = check_axioms(space)["V7"]
    one, other = space.multiple(2, space.multiple(3, [1])), space.multiple(3, space.multiple(2, [1]))
    lines = [
        ">>> space = ub.Space(1, scale='a*u/2')",
        *show("2 (3 u), 3 (2 u) at u = 1", f"{format_value(one)}, {format_value(other)}"),
        *show("ub.check_axioms(space)['V7'].counterexample", answer.counterexample),
    ]
    return Outcome(one == other and answer.verdict == "refuted", {"where": str(answer.counterexample)}, tuple(lines))


@part("E09")
def closed_but_not_commutative() -> Outcome:
    A, B = noncommuting_matrices()
    AB, BA = product(A, B), product(B, A)
    closed = all(len(r) == 2 for r in (*AB, *BA)) and len(AB) == len(BA) == 2
    lines = [
        *show("A, B", f"{matrix_text(A)}, {matrix_text(B)}"),
        *show("A B, B A", f"{matrix_text(AB)}, {matrix_text(BA)}"),
    ]
    return Outcome(closed and AB != BA, {"left": matrix_text(AB), "right": matrix_text(BA)}, tuple(lines))


@part("E10")
def closure_needs_two() -> Outcome:
    lines_cross = spaces["two crossing lines"]
    doubled = all(lines_cross.contains(lines_cross.sum(u, u)) for u in ([1, 0], [0, -2], [0, 0]))
    subspace = is_subspace(lines_cross)
    lines = [
        *show("u + u of (1, 0), (0, -2), (0, 0) in S", doubled),
        *show("ub.is_subspace('u1*u2 == 0', 2).counterexample", subspace.counterexample),
    ]
    return Outcome(doubled and subspace.verdict == "refuted", {"where": str(subspace.counterexample)}, tuple(lines))


@part("E11")
def indices_of_the_sum() -> Outcome:
    v1, v2, c1, c2 = (1, 0), (0, 1), 2, 3
    written, meant = combine([v1, v1], [c1, c1]), combine([v1, v2], [c1, c2])
    lines = [
        *show("c1 v1 + c1 v1", format_value(written)),
        *show("ub.combine([v1, v2], [c1, c2])", format_value(meant)),
    ]
    return Outcome(written != meant, {"written": format_value(written), "meant": format_value(meant)}, tuple(lines))


@part("E12")
def the_constant_stays() -> Outcome:
    from ..geometry.collapse import collapse
    from ..network import Network

    one = (np.array([[1.0]]), np.array([0.0]))
    merged = collapse(Network.from_arrays([one] * 3, activations=["2*x + 3"] * 3))
    at = [float(v) for v in merged([[0.0], [1.0]])[:, 0]]
    lines = [
        *show("h(x) = 2*x + 3: h(h(h(x))) at 0 and 1", at),
        *show("2**3*x at 0 and 1", [0.0, 8.0]),
        *show("2**3*x + 3*(2**2 + 2 + 1) at 0 and 1", [21.0, 29.0]),
    ]
    return Outcome(at == [21.0, 29.0], {"constant": f"{at[0]:g}"}, tuple(lines))


@part("E13")
def affine_is_not_linear() -> Outcome:
    from ..solve import Formula

    f = Formula("y = a*x + b", variables=["x"])
    by_x, by_both = f.linearity.of("x"), f.linearity.of("a", "b")
    lines = [
        *show("ub.Formula('y = a*x + b').linearity.of('x')", by_x),
        *show("ub.Formula('y = a*x + b').linearity.of('a', 'b')", by_both),
    ]
    ok = by_x.verdict == "affine" and by_both.verdict == "linear"
    return Outcome(ok, {"x": verdict_text(by_x), "both": verdict_text(by_both)}, tuple(lines))


@part("E14")
def the_product_is_the_combination() -> Outcome:
    A, B = [[1, 2, 3]], [[4], [5], [6]]
    result = product(A, B)
    lines = [*show("A", matrix_text(A)), *show("A B = 4*1 + 5*2 + 6*3", matrix_text(result))]
    return Outcome(result == [(32,)], {"row": matrix_text(A), "value": matrix_text(result)}, tuple(lines))


@part("E15")
def one_of_ten() -> Outcome:
    quadrant, polynomials = check_axioms(spaces["quadrant"]), check_axioms(spaces["polynomials up to degree 2"])
    lines = [
        *show("ub.check_axioms(ub.spaces['quadrant'])", f"V3 {quadrant['V3'].verdict}; {quadrant.summary}"),
        *show("ub.check_axioms(ub.spaces['polynomials up to degree 2'])", polynomials.summary),
    ]
    ok = quadrant["V3"].verdict == "proved" and not quadrant.is_vector_space and polynomials.is_vector_space is True
    return Outcome(ok, {}, tuple(lines))
