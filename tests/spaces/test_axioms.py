"""Ten axioms on many spaces, against verdicts worked out by hand.

One letter per axiom V1 … V10: p proved, r refuted, s senseless, t tested only (neither is known to the program). The
reason names what fails; what is not named holds because it is inherited or a short calculation.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest

from unbend.spaces import AxiomResults, Space, check_axioms, spaces

ALL = "pppppppppp"

CATALOGUE = {
    "R3": (ALL, "componentwise"),
    "2x2 matrices": (ALL, "componentwise, as R4"),
    "polynomials up to degree 2": (ALL, "componentwise in the coefficients"),
    "functions on five points": (ALL, "componentwise in the values"),
    "line through the origin": (ALL, "one homogeneous equation"),
    "plane through the origin": (ALL, "one homogeneous equation"),
    "solutions of Ax = 0": (ALL, "two homogeneous equations"),
    "positive reals": (ALL, "the logarithm carries it to R; zero 1, inverse 1/u"),
    "reals with zero 1": (ALL, "u - 1 carries it to R; zero 1, inverse 2 - u"),
    "shifted line": ("rrpprspppp", "2u1 + 1 + 2v1 + 1 is 1 too much; (0, 0) is not on it"),
    "quadrant": ("prppprpppp", "-1 times (0, 1), and its inverse, leave it"),
    "unit circle": ("rrpprspppp", "(0, 1) + (0, 1) has length 2; the centre is not on it"),
    "integers over R": ("prpppppppp", "half of 1 is no integer"),
    "twisted plane": ("pppppppprp", "(a + b) u keeps u2, a u + b u doubles it"),
    "solutions of Ax = b": ("rrpprspppp", "sums solve Ax = 2b; 0 does not solve Ax = b"),
    "polynomials of degree 2": ("rrpprspppp", "x² + (-x²) has no degree 2"),
    "two crossing lines": ("rppppppppp", "(0, 1) + (1, 0) is on neither; -u is on u's line"),
    "max-plus line": ("pppprsrprr", "u + z = max(u, z) is above u = z - 1; a (b u) adds b + a, 1 u adds 1"),
}

SQUARE = "(u1*v1 + u2*v3, u1*v2 + u2*v4, u3*v1 + u4*v3, u3*v2 + u4*v4)"
# name: (space, verdicts, reason)
OTHERS: dict[str, tuple[Space, str, str]] = {
    "second component dropped": (Space(dimension=2, scale="(a*u1, 0)"), "pppppppppr", "1 (0, 1) = (0, 0)"),
    "shifted sum, usual multiples": (
        Space(dimension=2, add="(u1 + v1 + 1, u2 + v2 + 1)"), "pppppppr" "rp", "the 1 is multiplied on one side only"),
    "shifted sum, shifted multiples": (
        Space(dimension=2, add="(u1 + v1 + 1, u2 + v2 + 1)", scale="(a*u1 + a - 1, a*u2 + a - 1)"), ALL,
        "u + 1 carries it to R2; zero (-1, -1)"),
    "squared scalar": (Space(dimension=1, scale="a**2*u"), "pppppppprp", "(1 + 1)² is not 1 + 1"),
    "absolute scalar": (Space(dimension=2, scale="(abs(a)*u1, abs(a)*u2)"), "pppppppprp", "|1 - 1| is not 1 + 1"),
    "scalars ignored": (Space(dimension=1, scale="u"), "pppppppprp", "u is not u + u"),
    "all multiples 0": (Space(dimension=1, scale="0*u"), "pppppppppr", "1 u = 0"),
    "half plane": (Space(dimension=2, member="u2 >= 0"), "prppprpppp", "-1 times (0, 1), and its inverse, leave it"),
    "open half plane": (Space(dimension=2, member="u2 > 0"), "prpprspppp", "the zero is not in it"),
    "two quadrants": (Space(dimension=2, member="u1*u2 >= 0"), "rppppppppp", "(1, 2) + (-2, -1); a² u1 u2 >= 0"),
    "integers over integers": (Space(dimension=2, member="integer(u1) and integer(u2)", field="integer"), ALL, "Z²"),
    "rationals over rationals": (Space(dimension=1, member="rational(u)", field="rational"), ALL, "Q over Q"),
    "rationals over reals": (Space(dimension=1, member="rational(u)"), "prpppppppp", "sqrt(2) times 1"),
    "integers over rationals": (Space(dimension=1, member="u == floor(u)", field="rational"), "prpppppppp", "1/2 of 1"),
    "reals over rationals": (Space(dimension=1, field="rational"), ALL, "R is a vector space over every subfield"),
    "u + v + uv on R": (
        Space(dimension=1, add="u + v + u*v"), "ppppprprrp", "(1+u)(1+v) - 1: u = -1 has no inverse; a is not a power"),
    "u + v + uv without -1": (
        Space(dimension=1, add="u + v + u*v", member="u != -1"), "prppppprrp", "-1 times 1; inverse -u/(1 + u)"),
    "u + v + uv above -1": (
        Space(dimension=1, add="u + v + u*v", scale="(1 + u)**a - 1", member="u > -1"),
        ALL, "log(1 + u) carries it to R"),
    "minimum on [0, 1]": (
        Space(dimension=1, add="min(u, v)", member="0 <= u <= 1"), "prppprprrp", "zero 1; nothing lifts 0 to 1"),
    "maximum from 0": (
        Space(dimension=1, add="max(u, v)", scale="abs(a)*u", member="u >= 0"),
        "ppppprpprp", "zero 0; nothing lowers 1"),
    "maximum of positive numbers": (
        Space(dimension=1, add="max(u, v)", scale="u**a", member="u > 0"), "pppprsprrp", "z/2 lies below every z"),
    "parallel resistors": (
        Space(dimension=1, add="u*v/(u + v)", member="u > 0"), "prpprspsrp",
        "u z = u² + u z has no solution; 0 (u + v) is 0, 0 u + 0 v is 0/0"),
    "length of two sides": (
        Space(dimension=1, add="sqrt(u**2 + v**2)", scale="abs(a)*u", member="u >= 0"), "ppppprpprp",
        "sums grow; 1 + 1 gives sqrt(2)"),
    "geometric mean": (
        Space(dimension=1, add="sqrt(u*v)", scale="u**a", member="u > 0"), "ppprrspprp", "sqrt(u z) = u asks z = u"),
    "mean": (Space(dimension=1, add="(u + v)/2"), "ppprrspprp", "(u + z)/2 = u asks z = u"),
    "doubled sum": (Space(dimension=1, add="2*u + 2*v"), "ppprrspprp", "2u + 2z = u asks z = -u/2"),
    "open disc": (Space(dimension=2, member="u1**2 + u2**2 < 1"), "rrpppppppp", "(3/4, 0) twice; -u stays"),
    "outside the disc": (Space(dimension=2, member="u1**2 + u2**2 >= 1"), "rrpprspppp", "(1, 0) + (-1, 0)"),
    "trace 0": (Space(dimension=4, member="u1 + u4 == 0"), ALL, "one homogeneous equation"),
    "symmetric matrices": (Space(dimension=4, member="u2 == u3"), ALL, "one homogeneous equation"),
    "determinant 1": (Space(dimension=4, member="u1*u4 - u2*u3 == 1"), "rrpprspppp", "the determinant of 2E is 4"),
    "singular matrices": (Space(dimension=4, member="u1*u4 - u2*u3 == 0"), "rppppppppp", "diag(0, 1) + diag(1, 0)"),
    "invertible matrices, product as sum": (
        Space(dimension=4, add=SQUARE, member="u1*u4 - u2*u3 != 0"), "prrppppr" "rp",
        "AB is not BA; zero E; a (UV) is not (aU)(aV)"),
    "polynomials with p(1) = 0": (Space(dimension=3, member="u1 + u2 + u3 == 0"), ALL, "one homogeneous equation"),
    "polynomials with p(0) = 1": (Space(dimension=3, member="u1 == 1"), "rrpprspppp", "1 + 1 is not 1"),
    "arithmetic sequences": (
        Space(dimension=4, member="u1 - 2*u2 + u3 == 0 and u2 - 2*u3 + u4 == 0"), ALL, "homogeneous equations"),
    "saddle": (Space(dimension=3, member="u3 == u1*u2"), "rrppprpppp", "-(1, 1, 1) has product 1, not -1"),
    "parabola carried": (
        Space(dimension=2, add="(u1 + v1, (u1 + v1)**2)", scale="(a*u1, (a*u1)**2)", member="u2 == u1**2"), ALL,
        "the first component carries it to R"),
    "parabola as it is": (Space(dimension=2, member="u2 == u1**2"), "rrppprpppp", "(1, 1) + (1, 1); -(1, 1)"),
    "zero and one": (
        Space(dimension=1, add="abs(u - v)", member="u == 0 or u == 1", field="integer"), "prppppprrp",
        "exclusive or: every u is its own inverse; 2 times 1 leaves it"),
    "mirrored multiples": (Space(dimension=2, scale="(a*u1, -a*u2)"),
        "pppppprppr", "mirrored twice is not mirrored once"),
    "swapped multiples": (Space(dimension=2, scale="(a*u2, a*u1)"), "pppppprppr", "swapped twice is not swapped once"),
    "cubed scalar": (Space(dimension=2, scale="(a*u1, a**3*u2)"), "pppppppprp", "(1 + 1)³ is not 1 + 1"),
    "cube root of the scalar": (Space(dimension=1, scale="cbrt(a)*u"), "pppppppprp", "roots do not add"),
    "square root of the scalar": (Space(dimension=1, scale="sqrt(a)*u"), "prppppssrp", "negative scalars have none"),
    "reciprocal scalar": (Space(dimension=1, scale="u/a"), "prppppssrp", "0 has no reciprocal"),
    "roots add": (
        Space(dimension=1, add="(sqrt(u) + sqrt(v))**2", scale="a**2*u", member="u >= 0"), "ppppprpprp",
        "(1 + sqrt(x))² is at least 1; (1 - 1)² is not (1 + 1)²"),
    "cubes add": (Space(dimension=1, add="(u**3 + v**3)**(1/3)", scale="a**(1/3)*u"), ALL, "u³ carries it to R"),
    "velocities": (
        Space(dimension=1, add="(u + v)/(1 + u*v)", scale="tanh(a*atanh(u))", member="-1 < u < 1"), ALL,
        "atanh carries it to R"),
    "odds": (
        Space(dimension=1, add="u*v/(u*v + (1 - u)*(1 - v))", scale="u**a/(u**a + (1 - u)**a)", member="0 < u < 1"),
        ALL, "the logit carries it to R; zero 1/2, inverse 1 - u"),
    "hyperbolic sines add": (
        Space(dimension=1, add="asinh(sinh(u) + sinh(v))", scale="asinh(a*sinh(u))"), ALL, "sinh carries it to R"),
    "exponentials add": (
        Space(dimension=1, add="log(exp(u) + exp(v))", scale="u + log(abs(a))"), "prpprsssrp",
        "exp(u) + exp(z) > exp(u); 0 has no logarithm, so that 0 u is nothing"),
    "sum and product": (
        Space(dimension=2, add="(u1 + v1, u2*v2)", scale="(a*u1, u2**a)", member="u2 > 0"), ALL, "(u1, log u2)"),
    "products of components": (
        Space(dimension=2, add="(u1*v1, u2*v2)"), "ppppprprrp", "zero (1, 1); (0, 0) has no inverse"),
    "even sums": (
        Space(dimension=2, member="integer(u1) and integer((u1 + u2)/2)"), "prpppppppp", "half of (1, 1)"),
    "whole difference": (Space(dimension=2, member="integer(u1 - u2)"), "prpppppppp", "half of (1, 0)"),
    "clock": (
        Space(dimension=1, add="u + v - floor(u + v)", scale="a*u - floor(a*u)", member="0 <= u < 1"), "pppppprrpp",
        "half of (1/2 + 1/2) is 0, half of each adds to 1/2; -1 then 1/2"),
    "clock, whole multiples": (
        Space(dimension=1, add="u + v - floor(u + v)", scale="a*u - floor(a*u)", member="0 <= u < 1", field="integer"),
        ALL, "angles over the integers: a floor(b u) is whole"),
    "rotations": (
        Space(dimension=2, add="(u1*v1 - u2*v2, u1*v2 + u2*v1)", member="u1**2 + u2**2 == 1"), "prpppppr" "rp",
        "angles add; zero (1, 0); 2 u is too long"),
    "bent carried": (
        Space(dimension=2, add="(u1 + v1, u2 + v2 + u1*v1)", scale="(a*u1, a*u2 + (a**2 - a)/2*u1**2)"), ALL,
        "(u1, u2 - u1²/2) carries it to R2"),
    "bent, usual multiples": (
        Space(dimension=2, add="(u1 + v1, u2 + v2 + u1*v1)"), "pppppppr" "rp", "a u1 v1 against a² u1 v1"),
    "Heisenberg": (
        Space(dimension=3, add="(u1 + v1, u2 + v2, u3 + v3 + u1*v2)"), "pprppppr" "rp", "u1 v2 is not v1 u2"),
    "positive rationals": (
        Space(dimension=1, add="u*v", scale="u**a", member="u > 0 and rational(u)", field="integer"),
        ALL, "primes are a basis"),
    "left one wins": (
        Space(dimension=1, add="u"), "pprp" "prpp" "rp", "every z is a zero; then u = z + 1 has no inverse"),
    "difference": (
        Space(dimension=1, add="u - v"), "pprrppp" "prp", "u - 0 = u and u - u = 0, as the axioms are written"),
    "sizes add": (Space(dimension=1, add="abs(u) + abs(v)"), "pppprsprrp", "never -1"),
    "one point": (Space(dimension=2, member="u1 == 0 and u2 == 0"), ALL, "{0}"),
    "one other point": (Space(dimension=2, member="u1 == 1 and u2 == 0"), "rrpprspppp", "{(1, 0)}"),
    "far half plane": (Space(dimension=2, member="u1 + u2 >= -1000"), "rrppprpppp", "its edge is far out"),
    "cone": (
        Space(dimension=3, member="u1**2 + u2**2 <= u3**2 and u3 >= 0"), "trppprpppp", "closed by Cauchy's inequality"),
    "exponential curve": (Space(dimension=2, member="u2 == exp(u1)"),
        "rrpprspppp", "(0, 1) twice; (0, 0) is not on it"),
    "three roots of three": (Space(dimension=2, member="u1**2 + u2**2 == 3"),
        "rrpprspppp", "a circle without rational points"),
    "compositions": (
        Space(
            dimension=3, add=[f"u{i}*v{i}/(u1*v1 + u2*v2 + u3*v3)" for i in (1, 2, 3)],
            scale=[f"u{i}**a/(u1**a + u2**a + u3**a)" for i in (1, 2, 3)],
            member="u1 > 0 and u2 > 0 and u3 > 0 and u1 + u2 + u3 == 1"),
        ALL, "Aitchison: centred logarithms carry it to a plane"),
    "odds by logarithms": (
        Space(dimension=1, add="1/(1 + exp(-(log(u/(1 - u)) + log(v/(1 - v)))))",
              scale="1/(1 + exp(-a*log(u/(1 - u))))", member="0 < u < 1"), ALL, "the logit carries it to R"),
    "circle modulo 2": (
        Space(dimension=1, add="u + v - 2*floor((u + v)/2)", scale="a*u - 2*floor(a*u/2)", member="0 <= u < 2"),
        "pppppprrpp", "half of (1 + 1) is 0, half of each adds to 1"),
    "circle modulo 2, whole multiples": (
        Space(dimension=1, add="u + v - 2*floor((u + v)/2)", scale="a*u - 2*floor(a*u/2)", member="0 <= u < 2",
              field="integer"), ALL, "R modulo 2Z over the integers"),
    "circle modulo 3, whole multiples": (
        Space(dimension=1, add="u + v - 3*floor((u + v)/3)", scale="a*u - 3*floor(a*u/3)", member="0 <= u < 3",
              field="integer"), ALL, "R modulo 3Z over the integers"),
    "velocities below 3": (
        Space(dimension=1, add="(u + v)/(1 + u*v/9)", scale="3*tanh(a*atanh(u/3))", member="-3 < u < 3"), ALL,
        "atanh(u/3) carries it to R"),
    "velocities below 3, by their rapidities": (
        Space(dimension=1, add="3*tanh(atanh(u/3) + atanh(v/3))", scale="3*tanh(a*atanh(u/3))", member="-3 < u < 3"),
        ALL, "atanh(u/3) carries it to R"),
    "hyperbolic sines add up to 5": (
        Space(dimension=1, add="asinh(sinh(u) + sinh(v))", scale="asinh(a*sinh(u))", member="u <= 5", field="integer"),
        "rrppprpppp", "5 + 5 and 2 times 5 leave it; -(-6) is 6"),
    "sine curve": (Space(dimension=2, member="u2 == sin(u1)"), "rrpppppppp", "(1, sin 1) twice; sin is odd"),
    "tangent curve": (Space(dimension=2, member="u2 == tan(u1)"), "rrpppppppp", "(1, tan 1) twice; tan is odd"),
    "Kepler's equation": (Space(dimension=2, member="u2 - sin(u2)/2 == u1"), "rrpppppppp", "no line; odd"),
    "quintic curve": (Space(dimension=2, member="u2**5 + u2 == u1"), "rrpppppppp", "(2, 1) twice; odd"),
    "equal cubes": (Space(dimension=2, member="u1**3 == 8*u2**3"), ALL, "u1 = 2 u2"),
    "equal exponentials": (Space(dimension=2, member="exp(u1) == exp(3*u2)"), ALL, "u1 = 3 u2"),
    "far step of the scalar": (
        Space(dimension=1, scale="where(a > 1000000, 2*a*u, a*u)"), "pppppprprp", "(1001 1001) u; (10⁶ + 1) u"),
    "far shift of the scalar": (
        Space(dimension=1, scale="where(a > 123456789, a*u + 1, a*u)"), "pppppprrrp", "1 more beyond 123456789"),
    "scalars cut off": (
        Space(dimension=1, scale="where(abs(a) > 10000000, u, a*u)"), "pppppprprp", "(10⁴ 10⁴) u; (10⁷ + 1) u"),
    "far step of the sum": (
        Space(dimension=1, add="where(u > 5000000, u - v, u + v)"), "pprrptprrp", "5000001 + 1; not found: V6"),
    "far edge": (Space(dimension=2, member="u1 <= 10000000"), "rrppprpppp", "(10⁷, 0) + (1, 0)"),
}  # fmt: skip


def verdicts(results: AxiomResults) -> str:
    return "".join(result.verdict[0] for result in results.values())


def test_the_catalogue_is_complete() -> None:
    assert set(CATALOGUE) == set(spaces)
    assert len(spaces) >= 14
    failing = [name for name, (letters, _) in CATALOGUE.items() if letters != ALL]
    assert len(failing) * 2 >= len(spaces)


@pytest.mark.parametrize("name", CATALOGUE)
def test_catalogue(name: str, catalogue_results: Callable[[str], AxiomResults]) -> None:
    assert verdicts(catalogue_results(name)) == CATALOGUE[name][0], CATALOGUE[name][1]


@pytest.mark.parametrize("name", OTHERS)
def test_space(name: str) -> None:
    given, letters, reason = OTHERS[name]
    assert verdicts(check_axioms(given)) == letters, reason


def test_the_only_inverse_outside_of_the_set() -> None:
    """-u inverts the first vectors that are tried, all from -5 to 5."""
    space = Space(1, "asinh(sinh(u1) + sinh(v1))", "asinh(a*sinh(u1))", "u1 <= 5", "integer")
    found = check_axioms(space)["V6"]
    assert (found.verdict, found.why) == ("refuted", "inverse_outside")
    assert found.counterexample is not None and found.counterexample.values["u"][0] < -5
