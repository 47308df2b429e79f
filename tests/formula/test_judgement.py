"""Formulas with known verdicts, and the article's claims on linearity (A17, A20, A21, E13)."""

from fractions import Fraction

import pytest

import unbend
from unbend.errors import BadInput
from unbend.formula.evaluate.interval_arithmetic import UNDEFINED, Intervals
from unbend.formula.evaluate.tape import run
from unbend.formula.proof.judgement import Judgement
from unbend.solve import Formula

L, A, N = "linear", "affine", "nonlinear"
# formula, names judged together, verdict
VERDICTS = [
    # polynomials, and what stands beside them
    ("a*x**2 + b*x + c", "x", N), ("a*x**2 + b*x + c", "a", A), ("a*x**2 + b*x + c", "b", A),
    ("a*x**2 + b*x + c", "c", A), ("a*x**2 + b*x + c", "a b c", L), ("a*x**2 + b*x + c", "a x", N),
    ("a*x + b", "x", A), ("a*x + b", "a b", L), ("a*x + b", "a x", N), ("a*x", "x", L), ("a*x", "a", L),
    ("a*x", "a x", N), ("3*x + 2*y", "x y", L), ("3*x + 2*y", "x", A), ("3*x + 2*y + 1", "x y", A), ("0*x", "x", L),
    ("5", "", A), ("x - x", "x", L), ("x", "x", L), ("-x", "x", L), ("--x/2", "x", L), ("x**1", "x", L),
    ("x**2/x", "x", L), ("x*x", "x", N), ("x*y", "x", L), ("x*y", "x y", N), ("x/y", "x", L), ("x/y", "y", N),
    ("1/x", "x", N), ("(x + 1)*2", "x", A), ("((((x))))", "x", L),
    # float coefficients are exact decimals
    ("0.1*x + 0.2*x - 0.3*x", "x", L), ("0.1*x + 0.2*x - 0.3*x + 1e-20", "x", A), ("1.1*x - x - 0.1*x", "x", L),
    ("x + 1e-20*x**2", "x", N), ("1e-300*x", "x", L), ("x + 1e-30", "x", A), ("(0.1 + 0.2 - 0.3)*x**2 + x", "x", L),
    # terms that go away
    ("x*(y + 1) - x*y", "x", L), ("x*(y + 1) - x*y", "x y", L), ("x*(y - y)", "x", L), ("x**2 - x**2 + x", "x", L),
    ("(x + 1)**2 - (x - 1)**2", "x", L), ("(x + y)*(x - y) - x**2 + y**2", "x y", L), ("(x + 1)**3 - x**3", "x", N),
    ("(x + 1)**2 - x**2", "x", A), ("x*y*z - y*x*z + x", "x y z", L), ("x**3/x**2", "x", L), ("x/x", "x", A),
    ("(x**2 - 1)/(x - 1)", "x", A), ("(x**3 - x)/(x**2 - 1)", "x", L), ("(x**2 + x*y)/(x + y)", "x y", L),
    ("(a*x + b*x)/(a + b)", "x", L), ("1/(1/x)", "x", L), ("1/(1/x + 1/x)", "x", L), ("1/(1/x + 1/y)", "x y", N),
    ("x**0.5*x**0.5", "x", L), ("x**0.3*x**0.7", "x", L), ("(1 + x)**1000/(1 + x)**999", "x", A),
    # functions and their inverses
    ("exp(log(x))", "x", L), ("log(exp(x))", "x", L), ("exp(2*log(x))", "x", N), ("exp(log(x)/2)**2", "x", L),
    ("sqrt(x)**2", "x", L), ("sqrt(x**2)", "x", N), ("cbrt(x)**3", "x", L), ("cbrt(x**3)", "x", L),
    ("log10(10**x)", "x", L), ("log2(8**x)", "x", L), ("expm1(log1p(x))", "x", L), ("sinh(asinh(x))", "x", L),
    ("asinh(sinh(x))", "x", L), ("tan(atan(x))", "x", L), ("sin(asin(x))", "x", L), ("asin(sin(x))", "x", N),
    ("cos(acos(x))", "x", L), ("log(x*y) - log(x) - log(y)", "x y", L), ("log(x) + log(2/x)", "x", A),
    ("x*log(e)", "x", L), ("x*e**0", "x", L), ("exp(x)*exp(-x)*x", "x", L), ("exp(x)/exp(x - 1)", "x", A),
    # trigonometry
    ("sin(x)**2 + cos(x)**2", "x", A), ("x*(sin(y)**2 + cos(y)**2)", "x y", L), ("sin(2*x) - 2*sin(x)*cos(x)", "x", L),
    ("sin(x + y) - sin(x)*cos(y) - cos(x)*sin(y)", "x y", L), ("tan(x)*cos(x) - sin(x) + x", "x", L),
    ("cosh(x)**2 - sinh(x)**2", "x", A), ("x + sin(pi*x)", "x", N), ("x*sin(pi/2)", "x", L), ("x*cos(pi)", "x", L),
    ("sin(x)", "x", N), ("sin(1)*x + cos(1)", "x", A), ("sin(1)**2 + cos(1)**2 - 1 + x", "x", L),
    # pieces
    ("abs(x)", "x", N), ("max(x, 0)", "x", N), ("max(x, 0) + min(x, 0)", "x", L), ("max(x, y) + min(x, y)", "x y", L),
    ("abs(x)*sign(x)", "x", L), ("abs(x)*abs(x)", "x", N), ("abs(x - 1) - abs(1 - x) + x", "x", L),
    ("where(x > 0, x, x)", "x", L), ("where(x > 0, 2*x, x + x)", "x", L), ("where(x > 0, x, -x)", "x", N),
    ("where(x == 0.5, 5, x)", "x", N), ("where(x == 1, 1, x)", "x", L), ("where(x == 12345.678, 0, x)", "x", N),
    ("where(y > 0, x, 2*x)", "x", L), ("where(y > 0, x, 2*x + 1)", "x", A),
    ("where(x > 1, where(x < 0, x**2, x), x)", "x", L),
    ("max(x, x - 1)", "x", L), ("max(x, 10**6)", "x", N), ("min(max(x, -1), 1) - max(min(x, 1), -1)", "x", L),
    ("(x > 0)*0 + x", "x", L), ("x > 0", "x", N), ("floor(x)", "x", N), ("floor(x) + ceil(-x) + x", "x", L),
    ("floor(1000*x)/1000", "x", N), ("sign(x)", "x", N), ("sqrt(x**2)*sign(x)", "x", L), ("x*abs(y)", "x", L),
    ("where(y == 12345.678, x**2, x)", "x", N), ("where(y == 12345.678, x + 1, x)", "x", A),
    ("where(y == 12345.678, 2*x, x)", "x", L), ("where(y == 0, x*y, 0)", "x", L), ("where(x == y, x, y)", "x y", L),
    ("where(x*y == 7, x + y, x + y)", "x y", L), ("max(y, 0)*x", "x", L), ("max(y, 0)*x + min(y, 0)*x - x*y", "x", L),
    ("x*y - where(y <= 0.5, x, 4)", "x", A), ("x/where(y == -1, 2, x)", "x", A),
    ("x*y - where(y <= 0.5, x, 4)", "y", N),
    # activations
    ("relu(x)", "x", N), ("relu(x) - relu(-x)", "x", L), ("identity(x)", "x", L), ("sigmoid(x)", "x", N),
    ("sigmoid(x) + sigmoid(-x)", "x", A), ("softplus(x) - softplus(-x)", "x", L), ("a*tanh(w*x)", "a", L),
    ("a*tanh(w*x)", "w", N), ("leaky_relu(x) + leaky_relu(-x)", "x", N), ("logit(sigmoid(x))", "x", L),
    ("silu(x) - silu(-x)", "x", L),
    # models
    ("b1*(1 - exp(-b2*x))", "b1", L), ("b1*(1 - exp(-b2*x))", "b2", N), ("b1*(1 - exp(-b2*x))", "b1 b2", N),
    ("b1*x**b2", "b1", L), ("b1*x**b2", "b2", N), ("exp(a + b*x)", "a b", N), ("a*log(x) + b*sqrt(x) + c", "a b c", L),
    ("a*sin(x) + b*exp(x) + c*x**2", "a b c", L), ("a*sin(x) + b*exp(x)", "x", N),
    ("(b1 + b2*x)/(1 + b3*x)", "b1 b2", L), ("(b1 + b2*x)/(1 + b3*x)", "b3", N), ("b1/(1 + exp(b2 - b3*x))", "b1", L),
    ("a*cos(2*pi*x/12) + b*sin(2*pi*x/12)", "a b", L), ("b1*exp(-(x - b2)**2/b3**2)", "b1", L),
    ("2**x", "x", N), ("x**y/x**(y - 1)", "x", L), ("erf(x) + erfc(x)", "x", A), ("atan2(0, 1)*x", "x", L),
    ("exp(pi*sqrt(163)) - 262537412640768744 + x", "x", A), ("log(x - 1000000)", "x", N),
    ("x/1e9 + sin(x/1e9)", "x", N),
    ("log((x + 1)**2) - 2*log(x + 1) + x", "x", L), ("sqrt(2)*sqrt(8)*x - 4*x + y", "x y", L),
    # integers inside floor and ceil
    ("floor(x + 1) - floor(x)", "x", A), ("ceil(x - 2) - ceil(x) + x", "x", A), ("floor(floor(x)) - floor(x)", "x", L),
    ("floor(x + 1/2) - floor(x - 1/2) + 2*x", "x", A), ("floor(-floor(x)) + floor(x) + y", "x y", L),
    # roots and powers of any order
    ("(x**3)**(1/3)", "x", L), ("(x**5)**(1/5)", "x", L), ("((x + 1)**3)**(1/3)", "x", A), ("(x**4)**(1/4)", "x", N),
    ("cbrt(x**3 + 3*x**2 + 3*x + 1)", "x", A), ("cbrt((x + y)**3)", "x y", L),
    ("cbrt(x**3 - 3*x**2*y + 3*x*y**2 - y**3)", "x y", L), ("cbrt(x**3 + x)", "x", N), ("log(x**3) - 3*log(x)", "x", L),
    ("x**a*x**(1 - a)", "x", L), ("x**a*x**(1 - a)", "a", A), ("x**a*x**(2 - a)", "x", N),
    ("x**a*x**b/x**(a + b)", "x", A),
    ("x**a*x**(-a) + x", "x", A), ("log(a**x)/log(a)", "x", L), ("log(a**x)/log(a)", "a", A), ("log(a**x)", "x", L),
    ("x**2**0.5", "x", N), ("x**0.5**2", "x", N), ("x**2**(-1)*x**2**(-1)", "x", L),
    ("where(x**(-a) == 0, 5, x)", "x", N),
    ("abs(x**(2*a)) - x**(2*a) + x", "x", N),
    # fractions of pi, and angles that are multiples of the same part
    ("(cos(pi/3) - 0.5)*x**2 + x", "x", L), ("(sin(pi/12) - (sqrt(6) - sqrt(2))/4)*x**2 + x", "x", L),
    ("cos(pi/5)*4 - 1 - sqrt(5) + x", "x", L), ("sin(pi/10) - (sqrt(5) - 1)/4 + x", "x", L),
    ("cos(5*pi/6)*x**2", "x", N),
    ("sin(3*pi/10)**2 + cos(3*pi/10)**2 - 1 + x", "x", L), ("tan(-pi/4)*x + x", "x", L),
    ("tan(x/2) - sin(x)/(1 + cos(x))", "x", L), ("sin(x/2)*cos(x/2)*2 - sin(x) + y", "x y", L),
    ("4*cos(x/3)**3 - 3*cos(x/3) - cos(x)", "x", L), ("2*sin(x/2)**2 + cos(x) + x", "x", A),
    ("sin(x/2) + sin(x)", "x", N),
    # signs: orders of several names, polynomials by their factors and roots, definite quadratics, numbers
    ("max(x, max(y, z)) - max(max(x, y), z) + x", "x", L), ("max(x, max(y, z)) - max(max(x, y), z) + x", "x y z", L),
    ("min(max(x, y), z) - max(min(x, z), min(y, z))", "x y z", L), ("max(x, max(y, z)) - max(x, y)", "x", N),
    ("where(x < y, where(y < z, where(z < x, x**2, x), x), x)", "x", L),
    ("(x**2 > 4) - (x > 2) - (x < -2)", "x", L), ("(x**2 - 5*x + 6 < 0) - (x > 2)*(x < 3) + x", "x", L),
    ("(x**4 < 16) - (x > -2)*(x < 2) + x", "x", L), ("(x**2 >= 4) - (x > 2) - (x < -2)", "x", N),
    ("abs(x**3 - x) - abs(x)*abs(x - 1)*abs(x + 1)", "x", L), ("abs(x**2 - 1) - x**2", "x", N),
    ("where(x**2 - 2*x + 1 < 0, x**2, x - 1)", "x", A), ("where(x**2 - 2*x + 1 <= 0, x**2, x - 1)", "x", N),
    ("where(x**2 - 2*x + 2 > 0, x, x**2)", "x", L), ("abs(x**2 + x + 1) - x**2", "x", A),
    ("where(x**4 - x + 1 > 0, x, 5)", "x", L), ("where(x**4 - 2*x + 1 > 0, x, 5)", "x", N),
    ("where(exp(x)**2 - 2*exp(x) + 2 > 0, x, 1)", "x", L), ("where(x**2 + x*y + y**2 >= 0, x, x**2)", "x", L),
    ("where(x**2 - 2*x*y + 2*y**2 + 1 > 0, y, x)", "x y", L), ("where(x**2 + y**2 > 0, x, 5)", "x", N),
    ("max(pi, 3)*x", "x", L), ("abs(sqrt(2) - 2)*x", "x", L), ("where(sqrt(3) > 5/3, x, x**2)", "x", L),
    # the rational roots of conditions
    ("where(x**2 == 0.0001, 7, x)", "x", N), ("where(x**3 == 8e-9, 1, x)", "x", N),
    ("where(x**2 - x == 12, 7, x)", "x", N),
    ("where(3*x**2 - 10*x + 3 == 0, 7, x)", "x", N), ("where((y - 0.3)**2 == 1e-6, x**2, x)", "x", N),
]  # fmt: skip


def judge(text: str, names: str) -> Judgement:
    subject = names.split()
    formula = Formula(text, variables=sorted({*Formula(text).variables, *subject}))
    return formula.linearity.of(*subject)


@pytest.mark.parametrize(("text", "names", "verdict"), VERDICTS, ids=[f"{t} in {n}" for t, n, _ in VERDICTS])
def test_known_verdict(text: str, names: str, verdict: str) -> None:
    judgement = judge(text, names)
    assert judgement.verdict == verdict, judgement.reason
    assert judgement.evidence == ("refuted" if verdict == N else "proved")
    assert judgement.reason
    check_counterexample(text, judgement)


def check_counterexample(text: str, judgement: Judgement) -> None:
    """The two sides, worked out again from u and v, are what was said, and differ."""
    found = judgement.counterexample
    if judgement.verdict == "linear":
        assert found is None
        return
    assert found is not None
    if judgement.verdict == "nonlinear":
        assert found.alpha + found.beta == 1  # it refutes affine as well
    tree = Formula(text).tree
    sides = [run(tree, {**found.others, **point}, Intervals()) for point in (found.between, found.u, found.v)]
    assert UNDEFINED not in sides
    left, one, two = (s if isinstance(s, Fraction) else float(s.mid.a) for s in sides)
    right = (
        found.alpha * one + found.beta * two
        if isinstance(one, Fraction) and isinstance(two, Fraction)
        else float(found.alpha) * float(one) + float(found.beta) * float(two)
    )
    assert float(left) == pytest.approx(float(found.left), rel=1e-12)
    assert float(right) == pytest.approx(float(found.right), rel=1e-9, abs=1e-12)
    assert left != right


def test_at_least_a_hundred_verdicts() -> None:
    assert len(VERDICTS) >= 100


def test_a17_a_curve_in_x_is_linear_in_its_coefficients() -> None:
    linearity = Formula("y = a*x**2 + b*x + c").linearity
    assert linearity.of("x").verdict == "nonlinear"
    assert "x**2" in linearity.of("x").reason
    together = linearity.parameters
    assert together is not None and together.verdict == "linear"
    assert together.coefficients == {"a": "x**2", "b": "x", "c": "1"}
    alone = linearity.of("a")
    assert (alone.verdict, alone.coefficient, alone.constant) == ("affine", "x**2", "b*x + c")


@pytest.mark.parametrize("basis", ["x**2", "log(x)", "sin(x)", "x1*x2", "exp(-x)"])
def test_a20_squares_and_logarithms_weighted_and_summed_are_linear_in_the_weights(basis: str) -> None:
    together = Formula(f"y = w0 + w1*{basis}", parameters=["w0", "w1"]).linearity.parameters
    assert together is not None and together.verdict == "linear"
    assert together.coefficients["w1"] == basis


def test_a21_the_logistic_neuron_bends_and_the_place_is_named() -> None:
    together = Formula("z = 1/(1 + exp(-(w1*x1 + w2*x2)))").linearity.variables
    assert together is not None and together.verdict == "nonlinear"
    assert "exp(-(w1*x1 + w2*x2))" in together.reason
    assert together.after == "log(y/(1 - y))"


def test_e13_a_line_with_an_intercept_is_affine() -> None:
    assert Formula("y = a*x + b").linearity.of("x").verdict == "affine"
    assert Formula("y = a*x").linearity.of("x").verdict == "linear"
    parameters = Formula("y = a*x + b").linearity.parameters
    assert parameters is not None and parameters.verdict == "linear"


@pytest.mark.parametrize(
    ("text", "step"),
    [("exp(a + b*x)", "log(y)"), ("b1*exp(b2*x)", "log(y)"), ("b1*x**b2", "log(y)"), ("1/(a + b*x)", "1/y"),
     ("sqrt(a + b*x)", "y**2"), ("sigmoid(a + b*x)", "log(y/(1 - y))"), ("a + exp(b*x)", None)],
)  # fmt: skip
def test_what_makes_it_straight_is_told(text: str, step: str | None) -> None:
    judgement = Formula(text).linearity.parameters
    assert judgement is not None and judgement.verdict == "nonlinear" and judgement.after == step
    assert step is None or step in judgement.reason


def test_parts_of_a_nonlinear_formula() -> None:
    judgement = Formula("3*x + x**2 + y", variables=["x", "y"]).linearity.of("x")
    assert (judgement.coefficient, judgement.constant, judgement.remainder) == ("3", "y", "x**2")


@pytest.mark.parametrize("text", ["acosh(cosh(x)) - abs(x)", "log(-1 - x**2)", "sqrt(-1 - x**2)*x", "1/(x - x)"])
def test_undecided_is_said_where_nothing_is_known(text: str) -> None:
    judgement = Formula(text).linearity.of("x")
    assert (judgement.verdict, judgement.evidence) == ("undecided", "open")


@pytest.mark.parametrize(
    "text",
    ["sqrt(x**2*(x - 1))*0 + where(x > 0.5, x, 5)", "max(x, 0)*0 + sqrt(-x**2)*0 + where(x == 0, 3, x)",
     "sqrt(x)*0 + sqrt(-x)*0 + where(x == 0, 5, x)", "where(x**2 == 2, 7, x)"],
)  # fmt: skip
def test_nothing_is_proved_from_part_of_the_domain(text: str) -> None:
    """A single point of the domain, or an irrational one, differs from the affine form of the others."""
    assert Formula(text).linearity.of("x").verdict in ("nonlinear", "undecided")


def test_unknown_name() -> None:
    with pytest.raises(BadInput, match="b1"):
        Formula("y = b1*x").linearity.of("b7")


def test_every_reason_in_korean() -> None:
    unbend.set_language("ko")
    for text, names, _ in VERDICTS[::7]:
        if names:
            assert any("가" <= letter <= "힣" for letter in judge(text, names).reason)


def test_linearity_prints_one_line_per_name() -> None:
    linearity = Formula("y = a*x + b").linearity
    assert str(linearity) == repr(linearity)
    assert str(linearity).splitlines() == [str(linearity.of(name)) for name in ("x", "a", "b")]
    assert str(linearity).startswith("x: affine. ")


def test_a_wide_linearity_prints_twenty_lines() -> None:
    lines = str(Formula("+".join(f"w{i}*x{i}" for i in range(30))).linearity).splitlines()
    assert len(lines) == 21 and lines[-1] == "…"
