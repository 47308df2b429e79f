"""A08 to A14: linear combinations, closure, matrices that do not commute, subspaces, the ten axioms."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import product as cartesian_product
from typing import Any

from ..errors import ShapeError
from ..spaces import basis, check_axioms, combine, in_span, independent, is_subspace, product, rank, spaces
from ..spaces.result import format_value
from .part import Outcome, part, show


@part("A08")
def combinations() -> Outcome:
    u, v, w = (1, 0, 2), (0, 1, 1), (2, -1, 3)
    result = combine([u, v], [2, -1])
    inside, outside = in_span(w, [u, v]), in_span((0, 0, 1), [u, v])
    tied = independent([u, v, w])
    lines = [
        *show("u, v, w", f"{u}, {v}, {w}"),
        *show("ub.combine([u, v], [2, -1])", format_value(result)),
        *show("ub.in_span(w, [u, v]).coefficients", format_value(inside.coefficients)),
        *show(
            "ub.in_span((0, 0, 1), [u, v]).witness", f"{format_value(outside.witness)}   # 0 on u and v, 1 on (0, 0, 1)"
        ),
        *show("ub.independent([u, v, w]).dependence", format_value(tied.dependence)),
        *show(
            "ub.rank([u, v, w]), ub.basis([u, v, w])",
            f"{rank([u, v, w])}, {[format_value(b) for b in basis([u, v, w])]}",
        ),
    ]
    ok = result == tuple(w) and bool(inside) and not outside and not tied and rank([u, v, w]) == 2
    return Outcome(ok, {"vector": format_value(result)}, tuple(lines))


@part("A09")
def closure() -> Outcome:
    R3, quadrant = check_axioms(spaces["R3"]), check_axioms(spaces["quadrant"])
    lines = [
        *show(
            "[ub.check_axioms(ub.spaces['R3'])[v].verdict for v in ('V1', 'V2')]",
            f"{R3['V1'].verdict}, {R3['V2'].verdict}",
        ),
        *show("ub.check_axioms(ub.spaces['quadrant'])['V2']", quadrant["V2"].counterexample),
    ]
    ok = R3["V1"].verdict == R3["V2"].verdict == "proved" and quadrant["V2"].verdict == "refuted"
    return Outcome(ok, {"where": str(quadrant["V2"].counterexample)}, tuple(lines))


@part("A10")
def matrices_do_not_commute() -> Outcome:
    A, B = noncommuting_matrices()
    AB, BA = product(A, B), product(B, A)
    gap = [[x - y for x, y in zip(r, s, strict=True)] for r, s in zip(AB, BA, strict=True)]
    lines = [
        *show("A", matrix_table(A)),
        *show("B", matrix_table(B)),
        *show("A B", matrix_table(AB)),
        *show("B A", matrix_table(BA)),
        *show("A B - B A", matrix_table(gap)),
    ]
    return Outcome(AB != BA, {"left": matrix_text(AB), "right": matrix_text(BA)}, tuple(lines))


@part("A11")
def subspaces() -> Outcome:
    results = {
        text: is_subspace(text, 2) for text in ("u2 == 3*u1", "u2 == 3*u1 + 1", "u1*u2 == 0", "u1 + u2 >= -1000")
    }
    lines = [
        line
        for text, subspace in results.items()
        for line in show(f"ub.is_subspace({text!r}, 2)", f"{subspace.verdict}: {subspace.reason}")
    ]
    verdicts = [subspace.verdict for subspace in results.values()]
    return Outcome(
        verdicts == ["proved", "refuted", "refuted", "refuted"],
        {"where": str(results["u1*u2 == 0"].counterexample)},
        tuple(lines),
    )


@part("A12")
def ten_axioms() -> Outcome:
    good, bad = check_axioms(spaces["R3"]), check_axioms(spaces["twisted plane"])
    lines = [
        *show("ub.check_axioms(ub.spaces['R3'])", good),
        *show("ub.check_axioms(ub.Space(2, scale='(a*u1, u2)'))", bad),
    ]
    failing = ", ".join(a.axiom for a in bad.values() if a.verdict == "refuted")
    return Outcome(good.is_vector_space is True and failing == "V9", {"failing": failing}, tuple(lines))


@part("A13")
def zero_is_one() -> Outcome:
    space = spaces["positive reals"]
    answers = check_axioms(space)
    sum_with_zero = space.sum([5], [1])
    lines = [
        *show("ub.Space(1, add='u*v', scale='u**a', member='u > 0')", answers),
        *show("5 + zero", format_value(sum_with_zero)),
    ]
    ok = answers.is_vector_space is True and sum_with_zero == (Fraction(5),)
    return Outcome(ok, {"zero": answers["V5"].values["zero"]}, tuple(lines))


@part("A14")
def row_times_column() -> Outcome:
    row, column = [[1, 2, 3]], [[4], [5], [6]]
    result, parts = product(row, column), combine([[1], [2], [3]], [4, 5, 6])
    try:
        product(row, row)
        refused = ""
    except ShapeError as error:
        refused = str(error)
    lines = [
        *show("(x11, x12, x13) (a, b, c)ᵀ", "a x11 + b x12 + c x13"),
        *show("product([[1, 2, 3]], [[4], [5], [6]])", matrix_table(result)),
        *show("4*1 + 5*2 + 6*3", format_value(parts)),
        *show("product([[1, 2, 3]], [[1, 2, 3]])", refused),
    ]
    return Outcome(result == [parts] == [(32,)] and bool(refused), {"value": format_value(parts)}, tuple(lines))


def noncommuting_matrices() -> tuple[list[Any], list[Any]]:
    """The first pair of 2x2 matrices of zeros and ones that do not commute; sparse ones are tried first."""
    cells = sorted(cartesian_product((0, 1), repeat=4), key=sum)
    for a in cells:
        for b in cells:
            A, B = [a[:2], a[2:]], [b[:2], b[2:]]
            if product(A, B) != product(B, A):
                return A, B
    raise AssertionError("2x2 matrices do not commute")


def matrix_table(matrix: Sequence[Sequence[Any]]) -> str:
    """A matrix as text, one row per line."""
    return "\n".join("[" + "  ".join(f"{v!s:>2}" for v in row) + "]" for row in matrix)


def matrix_text(matrix: Sequence[Sequence[Any]]) -> str:
    """A matrix as text on one line."""
    return "[" + "; ".join(" ".join(str(v) for v in row) for row in matrix) + "]"
