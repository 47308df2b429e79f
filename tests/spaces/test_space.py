"""Spaces as users write them: texts, conditions, functions; errors; counterexamples; JSON; the command."""

from __future__ import annotations

import json
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

import unbend as ub
from unbend.cli.axioms import axioms
from unbend.errors import BadInput, FormulaError, ShapeError
from unbend.spaces import AxiomResults, Space, check_axioms, is_subspace
from unbend.spaces.evaluate.exact_values import ends
from unbend.spaces.proof import space_prover
from unbend.spaces.search.curve_members import enclosed_roots

F = Fraction


@pytest.mark.parametrize(
    ("member", "inside", "outside"),
    [("u1 >= 0", (0, 5), (-1, 5)), ("0 <= u1 < 1", (F(1, 2), 0), (1, 0)), ("u1 + u2 = 1", (1, 0), (1, 1)),
     ("u1 > 0 and u2 > 0", (1, 1), (1, 0)), ("u1 > 0, u2 > 0", (1, 1), (1, 0)), ("u1 > 0 & u2 > 0", (1, 1), (0, 1)),
     ("u1 == 0 or u2 == 0", (0, 3), (1, 1)), ("(u1 > 0) * (u2 > 0)", (1, 1), (0, 1)), ("not u1 == u2", (0, 1), (1, 1)),
     ("not (u1 > 0 and u2 > 0)", (0, 1), (1, 1)), ("u1 ≥ 0", (0, 0), (-1, 0)),
     ("u1 == floor(u1)", (2, 0), (F(1, 2), 0)),
     ("integer(u1 + u2)", (F(1, 2), F(1, 2)), (F(1, 2), 0)), ("max(u1 > 0, u2 > 0)", (1, 0), (0, 0)),
     ("log(u1) >= 0", (1, 0), (-1, 0)), ("1 - (u1 > 0)", (0, 0), (1, 0)),
     ("(u1 > 0 or u2 > 0) and u1 < 5", (0, 1), (6, 1))],
)  # fmt: skip
def test_conditions(member: str, inside: Any, outside: Any) -> None:
    space = Space(2, member=member)
    assert space.contains(inside) is True and space.contains(outside) is False


def test_operations_are_exact() -> None:
    space = Space(2, "(u1 + v1, u2*v2)", "(a*u1, u2**a)", "u2 > 0")
    assert space.sum((0.1, 2), ("0.2", F(1, 3))) == (F(3, 10), F(2, 3))
    assert space.multiple(F(1, 2), (1, 4)) == (F(1, 2), 2)
    assert space.multiple(2, [1, 3]) == (2, 9)
    low, high = ends(space.multiple(F(1, 2), (0, 2))[1])
    assert low**2 < 2 < high**2 and high - low < F(1, 10**40)


@pytest.mark.parametrize(
    ("given", "at", "match"),
    [({"add": "(u1 + v1, u2 + + )"}, 16, "ends"), ({"add": "(u1 + z1, u2)"}, 0, "'z1' is not known"),
     ({"member": "u1 >= 0 and u3 > 0"}, 11, "'u3' is not known"), ({"scale": "(a*u1, u2 & 2)"}, 10, "write \\*")],
)  # fmt: skip
def test_errors_name_the_place(given: dict[str, str], at: int, match: str) -> None:
    with pytest.raises(FormulaError, match=match) as caught:
        Space(2, **given)
    assert at <= caught.value.values["at"] + 2 and caught.value.values["at"] <= at + 12


def test_shapes_and_choices_are_checked() -> None:
    with pytest.raises(ShapeError, match="expected 2, got 1"):
        Space(2, add="u1 + v1")
    with pytest.raises(ShapeError, match="dimension is a whole number"):
        Space(0)
    with pytest.raises(ShapeError, match="expected 2, got 3"):
        Space(2).contains((1, 2, 3))
    with pytest.raises(BadInput, match="real, rational, integer, got 'complex'"):
        Space(1, field="complex")
    with pytest.raises(BadInput, match="at least one vector"):
        check_axioms(Space(1, member="u > 0 and u < 0"))


def test_functions_are_read_as_formulas() -> None:
    space = Space(2, lambda u, v: u + v + 1, lambda a, u: np.array([a * u[0], np.exp(u[1] * 0) * a * u[1]]))
    answers = check_axioms(space)
    assert space.is_formula and answers["V3"].verdict == "proved" and answers["V8"].verdict == "refuted"
    positive = Space(1, lambda u, v: u * v, lambda a, u: u**a, lambda u: u[0] > 0)
    assert check_axioms(positive).is_vector_space is True


def test_functions_that_branch_are_tested_only() -> None:
    space = Space(1, lambda u, v: u + v if u[0] < 10**20 else u, lambda a, u: a * u)
    answers = check_axioms(space)
    assert not space.is_formula
    assert {a.verdict for a in answers.values()} == {"tested"}
    assert answers["V3"].trials > 100 and answers.is_vector_space is None


def test_functions_that_branch_are_refuted_by_numbers() -> None:
    far = Space(1, lambda u, v: u + v if u[0] < 1000 else u, lambda a, u: a * u)
    assert check_axioms(far)["V3"].verdict == "refuted"
    space = Space(1, lambda u, v: u - v if u[0] > v[0] else v - u, lambda a, u: a * u)
    assert check_axioms(space)["V4"].verdict == "refuted"
    with pytest.raises(ShapeError, match="add has one component"):
        Space(3, lambda u, v: (u[0] + v[0], 1))


def test_a_function_may_return_floats() -> None:
    import math

    space = Space(1, lambda u, v: math.sqrt(float(u[0]) ** 2 + float(v[0]) ** 2), lambda a, u: a * u)
    answers = check_axioms(space)
    assert answers["V3"].verdict == "tested" and answers["V9"].verdict == "refuted"


@pytest.mark.parametrize("name", ub.spaces)
def test_every_counterexample_is_one(name: str, catalogue_results: Callable[[str], AxiomResults]) -> None:
    """The numbers shown are put into plain Python functions again."""
    space = ub.spaces[name]
    for axiom, answer in catalogue_results(name).items():
        if answer.verdict != "refuted" or axiom in ("V5", "V6"):
            assert answer.counterexample is None or axiom in ("V5", "V6")
            continue
        found = answer.counterexample
        assert found is not None and found.left
        values = dict(found.values)
        if axiom in ("V1", "V2"):
            made = space.sum(values["u"], values["v"]) if axiom == "V1" else space.multiple(values["a"], values["u"])
            assert space.contains(made) is False and all(space.contains(values[k]) for k in "uv" if k in values)
        else:
            left, right = found.left.rpartition("= ")[2], found.right.partition(" =")[0]
            assert left != right


def test_counterexamples_are_small_and_round() -> None:
    found = check_axioms(Space(2, "(u1 + v1, u2 + 2*v2)"))["V3"].counterexample
    assert found is not None and dict(found.values) == {"u": (0, 0), "v": (0, 1)}
    assert str(found) == "u = (0, 0), v = (0, 1): u + v = (0, 2) ≠ (0, 1) = v + u"


@pytest.mark.parametrize(
    ("member", "dimension", "verdict"),
    [("u1 + u2 == 0", 2, "proved"), ("u1 >= 0 and u1 <= 0", 2, "proved"), ("abs(u1) <= 0", 2, "proved"),
     ("u1**2 + u2**2 == 0", 2, "proved"), ("u1 + u2 >= -1000", 2, "refuted"), ("u1 <= 1000", 2, "refuted"),
     ("u1 + 2*u2 - 7*u3 == 1000", 3, "refuted"), ("u1 == u2 or u1 == -u2", 2, "refuted"),
     ("3*u1 - u2 == u3 and u1 == 4*u4", 4, "proved"), ("u1 == 1/3*u2", 2, "proved"),
     ("u1**3 == 8*u2**3", 2, "proved"), ("u1**3 == 2*u2**3", 2, "proved"), ("u1**5 + u2**5 == 0", 2, "proved"),
     ("(u1 + u2)**3 == (u1 - u3)**3", 3, "proved"), ("exp(u1) == exp(u2)", 2, "proved"),
     ("sinh(u1) == sinh(3*u2)", 2, "proved"), ("atan(u1) == atan(u2 + u3)", 3, "proved"),
     ("u1**2 == u2**2", 2, "refuted"), ("u1**3 <= u2**3", 2, "refuted"), ("u1**3 == u2**3 + 1", 2, "refuted"),
     ("u1**3*u2**3 == 1", 2, "refuted"), ("log(u1) == log(u2)", 2, "refuted"), ("u1**3 == u2", 2, "refuted"),
     ("exp(u1) == exp(u2) + 1", 2, "refuted"), ("cos(u1) == cos(u2)", 2, "refuted")],
)  # fmt: skip
def test_subspaces(member: str, dimension: int, verdict: str) -> None:
    found = is_subspace(member, dimension)
    assert found.verdict == verdict and bool(found) == (verdict == "proved")
    assert (found.counterexample is not None) == (verdict == "refuted")


def test_proofs_are_bounded_in_work_and_the_same_again(monkeypatch: pytest.MonkeyPatch) -> None:
    space = Space(2, "(u1*v1, u2*v2)", "(u1**a, u2**a)", "u1 > 0 and u2 > 0")
    assert check_axioms(space).is_vector_space is True
    monkeypatch.setattr(space_prover, "LAW_WORK", 100)
    monkeypatch.setattr(space_prover.SpaceProver.renew_limit, "__defaults__", (100,))
    once, again = (str(check_axioms(space)) for _ in range(2))
    assert once == again and "tested" in once
    assert not any(a.verdict == "refuted" for a in check_axioms(space).values())


def test_progress_names_each_axiom() -> None:
    seen: list[str] = []
    check_axioms(ub.spaces["R3"], seen.append)
    assert sorted(seen) == sorted(f"V{i}" for i in range(1, 11))


def kepler(u1: Any, u2: Any) -> Any:
    """u2 - sin(u2)/2 - u1 with 40 digits."""
    import mpmath

    with mpmath.workdps(40):
        x, y = (mpmath.mpf(f.numerator) / f.denominator for f in (u1, u2))
        return y - mpmath.sin(y) / 2 - x


def test_a_zero_of_a_continuous_function_is_enclosed() -> None:
    """The sign changes within each interval; none is found where it changes at a jump or a pole."""
    found = list(enclosed_roots(Space(2, member="u2 - sin(u2)/2 == u1")))
    assert len(found) >= 5
    for u1, u2 in found:
        low, high = (kepler(ends(u1)[k], ends(u2)[k]) for k in (0, 1))
        assert low * high < 0
    for member in ("floor(u) == 1/2", "sign(u) == u*0 + 1/2", "1/u == 0", "tan(u)/tan(u)**2 == 0"):
        assert not list(enclosed_roots(Space(1, member=member)))


def test_subspaces_of_other_spaces() -> None:
    positive = ub.spaces["positive reals"]
    assert is_subspace("u == 1", positive)
    assert is_subspace("u >= 1", positive).verdict == "refuted"
    assert is_subspace(ub.spaces["line through the origin"])
    with pytest.raises(BadInput, match="give the n"):
        is_subspace("u1 == 0")


def test_json_has_both_sides(catalogue_results: Callable[[str], AxiomResults]) -> None:
    answers = json.loads(json.dumps(catalogue_results("twisted plane").to_dict()))
    assert answers["is_vector_space"] is False
    ninth = answers["axioms"][8]
    assert (ninth["axiom"], ninth["verdict"]) == ("V9", "refuted")
    assert ninth["counterexample"]["left"].startswith("(a + b) u = ")
    assert ninth["counterexample"]["right"].endswith(" = a u + b u")


def test_the_command(capsys: pytest.CaptureFixture[str]) -> None:
    def run(*words: Any, **more: Any) -> int:
        given = {
            "space": None,
            "dimension": None,
            "add": None,
            "scale": None,
            "member": None,
            "field": None,
            "json": False,
        }
        return axioms(**{**given, **more, **({"space": words[0]} if words else {})})

    assert run("Positive Reals") == 0
    assert run("quadrant") == 1
    assert run(add="max(u, v)", json=True) == 1
    shown = capsys.readouterr().out
    assert "V10" in shown and "proved" in shown and '"verdict": "refuted"' in shown
    assert run() == 0
    shown = capsys.readouterr().out.splitlines()
    assert all(line.startswith(name) for line, name in zip(shown, ub.spaces, strict=True))
    assert run(member="u1 + u2 + u3 == 0") == 0
    with pytest.raises(BadInput, match="did you mean 'quadrant'"):
        run("quadrantt")


def test_both_languages(catalogue_results: Callable[[str], AxiomResults]) -> None:
    answers = catalogue_results("quadrant")
    english = [(a.statement, a.reason) for a in answers.values()]
    ub.set_language("ko")
    korean = [(a.statement, a.reason) for a in answers.values()]
    assert not {x for pair in english for x in pair} & {x for pair in korean for x in pair}
    assert answers.summary == "벡터 공간이 아닙니다. 성립하지 않는 공리: V2, V6"
