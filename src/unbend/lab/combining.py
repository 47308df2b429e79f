"""Combinations of vectors and products of matrices that the reader types, worked out exactly (on the page *Spaces*)."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise
from typing import Any

from ..article.vectors import commuting_witness
from ..figures.plane import Plane
from ..figures.scene import Scene
from ..figures.shapes import Shape, Text
from ..report.html import paragraph, table
from ..spaces import basis, combine, in_span, independent, product, rank
from ..words import say
from .numbers import Rows, math, matrix, read_rows, shown, write_rows
from .state import Field, Line

_INK, _MADE, _WANTED = "#333333", "#b5471b", "#1b6ca8"


def combination_fields() -> list[Field]:
    """The reader's vectors, coefficients and matrices."""
    A, B = commuting_witness()
    return [
        Line("vectors", "2 1; -1 2", say("lab_pages.vectors"), 200),
        Line("coefficients", "1 2", say("lab_pages.coefficients"), 100),
        Line("wanted", "3 4", say("lab_pages.wanted"), 100),
        Line("A", write_rows(A), "A", 200),
        Line("B", write_rows(B), "B", 200),
    ]


def combination(values: Mapping[str, Any]) -> tuple[str, str]:
    """(the answer in one line, all of it as HTML). Raises ``BadInput`` where the numbers do not fit."""
    vectors, coefficients, wanted = _vectors(values)
    made, reached, tied = combine(vectors, coefficients), in_span(wanted, vectors), independent(vectors)
    said = say("lab_pages.reached", vector=shown(wanted), coefficients=shown(reached.coefficients)) \
        if reached.coefficients is not None \
        else say("lab_pages.not_reached", vector=shown(wanted), witness=shown(reached.witness or ()))  # fmt: skip
    dependence = say("lab_pages.independent") if tied else say(
        "lab_pages.dependent", coefficients=shown(tied.dependence or ()))  # fmt: skip
    rows = [
        (say("lab_pages.combination"), shown(made)),
        (say("lab_pages.span"), said),
        (say("lab_pages.independence"), dependence),
        (say("lab_pages.rank"), str(rank(vectors))),
        (say("lab_pages.basis"), ", ".join(shown(v) for v in basis(vectors)) or "–"),
    ]
    picture = _drawn(vectors, coefficients, made, wanted) if len(made) == 2 and len(vectors) <= 3 else ""
    head = (say("lab_pages.asked"), say("lab_pages.answer"))
    return say("lab_pages.makes", vector=shown(made)), f'<div class="lab-beside">{table(head, rows)}{picture}</div>'


def products(values: Mapping[str, Any]) -> tuple[str, str, str]:
    """(answer, kind, HTML): A B beside B A and their difference. Raises ``BadInput`` where the shapes do not fit."""
    A, B = read_rows(values["A"], "A"), read_rows(values["B"], "B")
    one = product(A, B)
    parts = [math(matrix(A), matrix(B), "<mo>=</mo>", matrix(one))]
    if len(B[0]) != len(A):
        return say("lab_pages.one_way_only"), "plain", "".join(parts)
    other = product(B, A)
    parts.append(math(matrix(B), matrix(A), "<mo>=</mo>", matrix(other)))
    if len(one) == len(other):
        gap = [[x - y for x, y in zip(r, s, strict=True)] for r, s in zip(one, other, strict=True)]
        names = "<mi>A</mi><mi>B</mi><mo>−</mo><mi>B</mi><mi>A</mi><mo>=</mo>"
        parts.append(math(names, matrix(gap)))
    parts.append(paragraph(say("lab_pages.row_by_column"), "note"))
    same = one == other
    return say("lab_pages.commute" if same else "lab_pages.do_not_commute"), "good" if same else "bad", "".join(parts)


def combination_python(values: Mapping[str, Any]) -> str:
    """The same in Python."""
    vectors, coefficients, wanted = _vectors(values)
    v, c, w = (_code(rows) for rows in (vectors, [coefficients], [wanted]))
    return (
        f"from fractions import Fraction\n\nimport unbend as ub\n\nvectors = {v}\n"
        f"print(ub.combine(vectors, {c[1:-1]}))\n"
        f"print(ub.in_span({w[1:-1]}, vectors))\nprint(ub.independent(vectors), ub.rank(vectors), ub.basis(vectors))\n"
    )


def _vectors(values: Mapping[str, Any]) -> tuple[Rows, list[Any], list[Any]]:
    vectors = read_rows(values["vectors"], say("lab_pages.vectors"))
    coefficients = read_rows(values["coefficients"], say("lab_pages.coefficients"))
    wanted = read_rows(values["wanted"], say("lab_pages.wanted"))
    return vectors, [x for row in coefficients for x in row], [x for row in wanted for x in row]


def _code(rows: Rows) -> str:
    cells = ([str(x) if x.denominator == 1 else f"Fraction({x.numerator}, {x.denominator})" for x in r] for r in rows)
    return "[" + ", ".join(f"[{', '.join(row)}]" for row in cells) + "]"


def _drawn(vectors: Rows, coefficients: list[Any], made: tuple[Any, ...], wanted: list[Any]) -> str:
    """Head to tail: every vector times its coefficient, and their sum."""
    steps: list[tuple[float, float]] = [(0.0, 0.0)]
    for vector, c in zip(vectors, coefficients, strict=True):
        steps.append((steps[-1][0] + float(c * vector[0]), steps[-1][1] + float(c * vector[1])))
    ends = [*steps, *((float(v[0]), float(v[1])) for v in vectors), (float(wanted[0]), float(wanted[1]))]
    half = max(3.0, 1.2 * max(abs(y) for _, y in ends), 1.2 / 1.55 * max(abs(x) for x, _ in ends))
    plane = Plane((-1.55 * half, 1.55 * half), (-half, half))
    shapes: list[Shape] = plane.axes("", "")
    for a, b in pairwise(steps):
        shapes += plane.arrow(a, b, _INK, 1.6, dash=True)
    for i, vector in enumerate(vectors):
        end = (float(vector[0]), float(vector[1]))
        shapes += [*plane.arrow((0, 0), end, _INK), _label(plane, end, f"v{i + 1}", _INK)]
    total = (float(made[0]), float(made[1]))
    shapes += [*plane.arrow((0, 0), total, _MADE, 2.8), _label(plane, total, say("lab_pages.sum_of"), _MADE)]
    goal = (float(wanted[0]), float(wanted[1]))
    if goal != total:
        shapes += [plane.dot(*goal, _WANTED, 5, filled=False), _label(plane, goal, say("lab_pages.goal"), _WANTED)]
    scene = Scene(560, 376, tuple(shapes), say("lab_pages.combination_picture", vector=shown(made)))
    return f"<figure>{scene.svg()}</figure>"


def _label(plane: Plane, at: tuple[float, float], text: str, colour: str) -> Text:
    x, y = plane.at(*at)
    return Text((x + 8, y - 12 if at[1] >= 0 else y + 14), text, 13, "start", colour, halo=True, bold=True)
