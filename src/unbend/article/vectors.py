"""A08 to A14: linear combinations, closure, matrices that do not commute, subspaces, the ten axioms."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import product as every
from typing import Any

from ..errors import ShapeError
from ..spaces import basis, check_axioms, combine, in_span, independent, is_subspace, product, rank, spaces
from ..spaces.result import format_value as plain
from .part import Outcome, part, show


@part("A08")
def combinations() -> Outcome:
    u, v, w = (1, 0, 2), (0, 1, 1), (2, -1, 3)
    made = combine([u, v], [2, -1])
    found, missing = in_span(w, [u, v]), in_span((0, 0, 1), [u, v])
    tied = independent([u, v, w])
    lines = [
        *show("u, v, w", f"{u}, {v}, {w}"),
        *show("ub.combine([u, v], [2, -1])", plain(made)),
        *show("ub.in_span(w, [u, v]).coefficients", plain(found.coefficients)),
        *show("ub.in_span((0, 0, 1), [u, v]).witness", f"{plain(missing.witness)}   # 0 on u and v, 1 on (0, 0, 1)"),
        *show("ub.independent([u, v, w]).dependence", plain(tied.dependence)),
        *show("ub.rank([u, v, w]), ub.basis([u, v, w])", f"{rank([u, v, w])}, {[plain(b) for b in basis([u, v, w])]}"),
    ]
    ok = made == tuple(w) and bool(found) and not missing and not tied and rank([u, v, w]) == 2
    return Outcome(ok, {"vector": plain(made)}, tuple(lines))


@part("A09")
def closure() -> Outcome:
    whole, quarter = check_axioms(spaces["R3"]), check_axioms(spaces["quadrant"])
    lines = [*show("[ub.check_axioms(ub.spaces['R3'])[v].verdict for v in ('V1', 'V2')]",
                   f"{whole['V1'].verdict}, {whole['V2'].verdict}"),
             *show("ub.check_axioms(ub.spaces['quadrant'])['V2']", quarter["V2"].counterexample)]  # fmt: skip
    ok = whole["V1"].verdict == whole["V2"].verdict == "proved" and quarter["V2"].verdict == "refuted"
    return Outcome(ok, {"where": str(quarter["V2"].counterexample)}, tuple(lines))


@part("A10")
def matrices_do_not_commute() -> Outcome:
    A, B = commuting_witness()
    one, other = product(A, B), product(B, A)
    gap = [[x - y for x, y in zip(r, s, strict=True)] for r, s in zip(one, other, strict=True)]
    lines = [*show("A", table(A)), *show("B", table(B)), *show("A B", table(one)), *show("B A", table(other)),
             *show("A B - B A", table(gap))]  # fmt: skip
    return Outcome(one != other, {"left": rows(one), "right": rows(other)}, tuple(lines))


@part("A11")
def subspaces() -> Outcome:
    asked = {text: is_subspace(text, 2) for text in ("u2 == 3*u1", "u2 == 3*u1 + 1", "u1*u2 == 0", "u1 + u2 >= -1000")}
    lines = [line for text, found in asked.items()
             for line in show(f"ub.is_subspace({text!r}, 2)", f"{found.verdict}: {found.reason}")]  # fmt: skip
    verdicts = [found.verdict for found in asked.values()]
    return Outcome(verdicts == ["proved", "refuted", "refuted", "refuted"],
                   {"where": str(asked["u1*u2 == 0"].counterexample)}, tuple(lines))  # fmt: skip


@part("A12")
def ten_axioms() -> Outcome:
    good, bad = check_axioms(spaces["R3"]), check_axioms(spaces["twisted plane"])
    lines = [*show("ub.check_axioms(ub.spaces['R3'])", good),
             *show("ub.check_axioms(ub.Space(2, scale='(a*u1, u2)'))", bad)]  # fmt: skip
    failing = ", ".join(a.axiom for a in bad.values() if a.verdict == "refuted")
    return Outcome(good.is_vector_space is True and failing == "V9", {"failing": failing}, tuple(lines))


@part("A13")
def zero_is_one() -> Outcome:
    space = spaces["positive reals"]
    answers = check_axioms(space)
    kept = space.sum([5], [1])
    lines = [*show("ub.Space(1, add='u*v', scale='u**a', member='u > 0')", answers),
             *show("5 + zero", plain(kept))]  # fmt: skip
    ok = answers.is_vector_space is True and kept == (Fraction(5),)
    return Outcome(ok, {"zero": answers["V5"].values["zero"]}, tuple(lines))


@part("A14")
def row_times_column() -> Outcome:
    row, column = [[1, 2, 3]], [[4], [5], [6]]
    made, parts = product(row, column), combine([[1], [2], [3]], [4, 5, 6])
    try:
        product(row, row)
        refused = ""
    except ShapeError as error:
        refused = str(error)
    lines = [*show("(x11, x12, x13) (a, b, c)ᵀ", "a x11 + b x12 + c x13"),
             *show("product([[1, 2, 3]], [[4], [5], [6]])", table(made)),
             *show("4*1 + 5*2 + 6*3", plain(parts)), *show("product([[1, 2, 3]], [[1, 2, 3]])", refused)]  # fmt: skip
    return Outcome(made == [parts] == [(32,)] and bool(refused), {"value": plain(parts)}, tuple(lines))


def commuting_witness() -> tuple[list[Any], list[Any]]:
    """The first pair of 2x2 matrices of zeros and ones whose products differ; sparse ones are tried first."""
    cells = sorted(every((0, 1), repeat=4), key=sum)
    for a in cells:
        for b in cells:
            A, B = [a[:2], a[2:]], [b[:2], b[2:]]
            if product(A, B) != product(B, A):
                return A, B
    raise AssertionError("2x2 matrices do not commute")


def table(matrix: Sequence[Sequence[Any]]) -> str:
    """A matrix, one row a line."""
    return "\n".join("[" + "  ".join(f"{v!s:>2}" for v in row) + "]" for row in matrix)


def rows(matrix: Sequence[Sequence[Any]]) -> str:
    """A matrix on one line."""
    return "[" + "; ".join(" ".join(str(v) for v in row) for row in matrix) + "]"
