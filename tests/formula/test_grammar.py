"""The grammar, as one table of texts and trees, and one of texts and errors with their places."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from unbend.errors import FormulaError
from unbend.formula.language.grammar import parse, parse_equation
from unbend.formula.language.tree import Binary, Call, Name, Negative, Node, Number
from unbend.formula.printing.text import to_text
from unbend.solve import Formula

x, y, a, b, c = (Name(n) for n in "xyabc")


def n(text: str) -> Number:
    return Number(text)


TREES: list[tuple[str, Node]] = [
    ("x", x),
    ("2", n("2")),
    (".5", n(".5")),
    ("2.", n("2.")),
    ("1e-3", n("1e-3")),
    ("a + b - c", Binary("-", Binary("+", a, b), c)),
    ("a - b + c", Binary("+", Binary("-", a, b), c)),
    ("a*b/c", Binary("/", Binary("*", a, b), c)),
    ("a/b*c", Binary("*", Binary("/", a, b), c)),
    ("a + b*c", Binary("+", a, Binary("*", b, c))),
    ("(a + b)*c", Binary("*", Binary("+", a, b), c)),
    ("a**b**c", Binary("**", a, Binary("**", b, c))),
    ("-x**2", Negative(Binary("**", x, n("2")))),
    ("(-x)**2", Binary("**", Negative(x), n("2"))),
    ("x**-2", Binary("**", x, Negative(n("2")))),
    ("-a*b", Binary("*", Negative(a), b)),
    ("a*-b", Binary("*", a, Negative(b))),
    ("+x", x),
    ("--x", Negative(Negative(x))),
    ("x > 0", Binary(">", x, n("0"))),
    ("(x <= y)*2", Binary("*", Binary("<=", x, y), n("2"))),
    ("a == b", Binary("==", a, b)),
    ("sin(x)", Call("sin", (x,))),
    ("atan2(y, x)", Call("atan2", (y, x))),
    ("where(x > 0, x, -x)", Call("where", (Binary(">", x, n("0")), x, Negative(x)))),
    ("ln(x)", Call("log", (x,))),
    ("arctan(x)", Call("atan", (x,))),
    ("maximum(x, 0)", Call("max", (x, n("0")))),
    ("나이 + β", Binary("+", Name("나이"), Name("β"))),
    ("lambda*x", Binary("*", Name("lambda"), x)),
    ("x_1", Name("x_1")),
    ("  a  *  b  ", Binary("*", a, b)),
    ("exp (x)", Call("exp", (x,))),
    # spellings of elsewhere
    ("x^2", Binary("**", x, n("2"))),
    ("-x^2", Negative(Binary("**", x, n("2")))),
    ("x²", Binary("**", x, n("2"))),
    ("a*x¹² + 1", Binary("+", Binary("*", a, Binary("**", x, n("12"))), n("1"))),
    ("x⁻¹", Binary("**", x, Negative(n("1")))),
    ("2x²y", Binary("*", Binary("*", n("2"), Binary("**", x, n("2"))), y)),
    ("a × b", Binary("*", a, b)),
    ("a·b", Binary("*", a, b)),
    ("a ÷ b", Binary("/", a, b)),
    ("a − b", Binary("-", a, b)),
    ("x ≤ 2", Binary("<=", x, n("2"))),
    ("2x", Binary("*", n("2"), x)),
    ("2 x", Binary("*", n("2"), x)),
    ("-2x", Binary("*", Negative(n("2")), x)),
    ("a/b*2x", Binary("*", Binary("*", Binary("/", a, b), n("2")), x)),
    ("2(x + 1)", Binary("*", n("2"), Binary("+", x, n("1")))),
    ("(a + b)(a - b)", Binary("*", Binary("+", a, b), Binary("-", a, b))),
    ("sin(x)cos(x)", Binary("*", Call("sin", (x,)), Call("cos", (x,)))),
    ("|x|", Call("abs", (x,))),
    ("2|x| + 1", Binary("+", Binary("*", n("2"), Call("abs", (x,))), n("1"))),
    ("||x| - a|", Call("abs", (Binary("-", Call("abs", (x,)), a),))),
    ("|a|b", Binary("*", Call("abs", (a,)), b)),
    ("|a*(|b|)|", Call("abs", (Binary("*", a, Call("abs", (b,))),))),
    ("max(|x|, a)", Call("max", (Call("abs", (x,)), a))),
]  # fmt: skip

# text, place, part of the message
ERRORS = [
    ("", 0, "empty"),
    ("a +", 3, "ends"),
    ("x₁", 1, "write 1"),
    ("a b", 2, "a*b"),
    ("x 2", 2, "x*2"),
    ("2 3", 2, "2*3"),
    ("1_000", 1, "1*_000"),
    ("1/2x", 3, "two ways"),
    ("2^3x", 3, "two ways"),
    ("1/(a)(b)", 5, "two ways"),
    ("|x", 0, "'|'"),
    ("|x + (2|", 8, "ends"),
    ("x|", 1, "missing"),
    ("|a|b|c|", 4, "missing"),
    ("x(x + 1)", 0, "x*(…)"),
    ("(a + b", 0, "never closed"),
    ("a + b)", 5, "closes nothing"),
    ("√x", 0, "sqrt"),
    ("a.b", 1, "cannot be part of a name"),
    ("x; y", 1, "no meaning"),
    ("x\0y", 1, "no meaning"),
    ("'x'", 0, "no meaning"),
    ("a, b", 1, "function"),
    ("1,5*x", 1, "point"),
    ("sin", 0, "sin(…)"),
    ("sin x", 0, "sin(…)"),
    ("sen(x)", 0, "sin"),
    ("expp(x)", 0, "exp"),
    ("f(x)", 0, "f*(…)"),
    ("exp(x, 2)", 0, "takes 1"),
    ("where(x)", 0, "takes 3"),
    ("exp()", 4, "value"),
    ("a*/b", 2, "value"),
    ("*a", 0, "value"),
    ("x == 1 == 2", 7, "comparison"),
    ("x and y", 2, "(…)*(…)"),
    ("y if x else z", 2, "where"),
    ("True", 0, "write 1"),
    ("__class__", 0, "underscores"),
    ("x + __import__", 4, "underscores"),
    ("x**1001", 3, "1000"),
    ("9**9**9", 3, "power"),
    ("x**2**10", 3, "1000"),
    ("1 + exp(1000)*x", 4, "exp(1000) at character 5 is greater than 1e308"),
    ("(9**999)**999", 1, "1e308"),
    ("exp(exp(exp(9)))", 4, "1e308"),
    ("1e999", 0, "308"),
    ("1e-999", 0, "308"),
    ("x = 1", 2, "without '='"),
]


@pytest.mark.parametrize(("text", "tree"), TREES, ids=[t for t, _ in TREES])
def test_text_to_tree(text: str, tree: Node) -> None:
    assert parse(text) == tree


@pytest.mark.parametrize(("text", "tree"), TREES, ids=[t for t, _ in TREES])
def test_tree_to_text_and_back(text: str, tree: Node) -> None:
    assert parse(to_text(tree)) == tree


@pytest.mark.parametrize(("text", "at", "part"), ERRORS, ids=[repr(t) for t, _, _ in ERRORS])
def test_error_points_at_the_place(text: str, at: int, part: str) -> None:
    with pytest.raises(FormulaError) as caught:
        parse(text)
    assert caught.value.values["at"] == at
    assert part in str(caught.value)
    assert "\n" not in str(caught.value)


def test_every_error_is_also_korean() -> None:
    import unbend

    unbend.set_language("ko")
    for text, _, _ in ERRORS:
        with pytest.raises(FormulaError) as caught:
            parse(text)
        assert any("가" <= letter <= "힣" for letter in str(caught.value))


@pytest.mark.parametrize(
    "text", ["1e200/1e200*x", "1e-200*1e-200*1e300", "exp(-1000)", "0.1**1000", "x*0.5**999", "1/0"]
)
def test_small_and_cancelling_constants_are_read(text: str) -> None:
    Formula(text)


def test_second_equals_and_missing_sides() -> None:
    for text, at in (("y = x = 2", 6), ("y =", 3), ("= x", 0)):
        with pytest.raises(FormulaError) as caught:
            parse_equation(text)
        assert caught.value.values["at"] == at


HOSTILE = [
    "(" * 10**5, "(" * 4_000, ")" * 10**5, "-" * 10**5, "-" * 4_000 + "x", "9**9**9**9", "9" * 10**6, "9" * 4_000,
    "0." + "9" * 4_990, "__import__('os').system('x')", "().__class__.__bases__", "x\0" * 1_000, "\0", "x" * 10**6,
    "x" * 4_999, "**".join(["x"] * 1_600), "*".join(["x"] * 2_400), "+".join(["x"] * 2_400),
    "exp(" * 120 + "x" + ")" * 120,
    "sin(" * 90 + "x" + ")" * 90, "(x+1)**1000*(x+2)**1000*(x+3)**1000", "((x+1)**1000)**1000", "x**" * 99 + "x",
    "where(" * 50, "softplus(" * 40 + "x" + ")" * 40, "mish(" * 40 + "x" + ")" * 40, "elu(" * 40 + "x" + ")" * 40,
    "\ud800", "a\n" * 2_000, "1e" + "9" * 4_000, "e**" * 60 + "x", "(9**99)**9*(9**99)**9",
    "\u202ex", "x" + "\u0301" * 3_000,
    "(" * 90 + "x" + "+1)" * 90, "floor(" * 90 + "1e300" + ")" * 90, "=", "==", "lambda: 0",
    "((0.1**1000)**1000)**1000*x", "(1 + 1e-300)**1000*x", "(x/7**300)**900",
    "x if x else x", "[x for x in x]",
]  # fmt: skip


@pytest.mark.timeout(30)  # each takes less than a second; unbounded work would take hours
@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_text_answers_or_fails_soon(text: str) -> None:
    try:
        formula = Formula(text)
        for judgement in formula.linearity:
            assert judgement.verdict in ("linear", "affine", "nonlinear", "undecided")
    except FormulaError as error:
        assert len(str(error)) < 300


@pytest.mark.parametrize("thing", [None, 3, b"x", ["x"]])
def test_only_text_is_read(thing: object) -> None:
    with pytest.raises(FormulaError):
        parse(thing)  # type: ignore[arg-type]


def test_long_sums_stay_shallow_and_keep_their_value() -> None:
    text = " - ".join(f"{i}*x" for i in range(1, 400))
    assert Formula(text)(x=1.0) == 1 - sum(range(2, 400))
    text = "/".join(["x", *["2"] * 300])
    assert Formula(text)(x=2.0**300) == 1.0


@settings(max_examples=300, deadline=None)
@given(st.text(alphabet="xyab012.+-*/()<>=,esin²⁻^|·×− ", max_size=30))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        tree = parse(text)
    except FormulaError as error:
        assert 0 <= error.values["at"] <= len(text)
    else:
        assert parse(to_text(tree)) == tree


def test_places_are_counted_from_one_in_words() -> None:
    with pytest.raises(FormulaError, match="character 7") as caught:
        parse("1 + 2*$")
    assert caught.value.values["at"] == 6
