"""Exact linear combinations of typed vectors and products of typed matrices, for the page *Spaces*."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise
from typing import Any

from ..article.vectors import noncommuting_matrices
from ..figures.plane import Plane
from ..figures.scene import Scene
from ..figures.shapes import Shape, Text
from ..report.html import paragraph, table
from ..spaces import basis, combine, in_span, independent, product, rank
from ..widgets.fields import Field, TextLine
from ..words import say
from .matrix_input import Matrix, display_math, format_matrix, format_vector, matrix_element, parse_matrix

_INK, _SUM_COLOUR, _GOAL_COLOUR = "#333333", "#b5471b", "#1b6ca8"


def combination_fields() -> list[Field]:
    """The fields for vectors, coefficients and matrices."""
    A, B = noncommuting_matrices()
    return [
        TextLine("vectors", "2 1; -1 2", say("lab_pages.vectors"), 200),
        TextLine("coefficients", "1 2", say("lab_pages.coefficients"), 100),
        TextLine("wanted", "3 4", say("lab_pages.wanted"), 100),
        TextLine("A", format_matrix(A), "A", 200),
        TextLine("B", format_matrix(B), "B", 200),
    ]


def combination(values: Mapping[str, Any]) -> tuple[str, str]:
    """(result in one sentence, table and picture as HTML). Raises ``BadInput`` where the shapes do not fit."""
    vectors, coefficients, goal = _parse(values)
    total, span, independence = combine(vectors, coefficients), in_span(goal, vectors), independent(vectors)
    if span.coefficients is not None:
        membership = say("lab_pages.reached", vector=format_vector(goal), coefficients=format_vector(span.coefficients))
    else:
        membership = say("lab_pages.not_reached", vector=format_vector(goal), witness=format_vector(span.witness or ()))
    if independence:
        dependence = say("lab_pages.independent")
    else:
        dependence = say("lab_pages.dependent", coefficients=format_vector(independence.dependence or ()))
    rows = [
        (say("lab_pages.combination"), format_vector(total)),
        (say("lab_pages.span"), membership),
        (say("lab_pages.independence"), dependence),
        (say("lab_pages.rank"), str(rank(vectors))),
        (say("lab_pages.basis"), ", ".join(format_vector(v) for v in basis(vectors)) or "–"),
    ]
    picture = _picture(vectors, coefficients, total, goal) if len(total) == 2 and len(vectors) <= 3 else ""
    head = (say("lab_pages.question"), say("lab_pages.answer"))
    return say(
        "lab_pages.combination_result", vector=format_vector(total)
    ), f'<div class="lab-beside">{table(head, rows)}{picture}</div>'


def products(values: Mapping[str, Any]) -> tuple[str, str, str]:
    """(sentence, its style, HTML): A B, B A and their difference. Raises ``BadInput`` where the shapes do not fit."""
    A, B = parse_matrix(values["A"], "A"), parse_matrix(values["B"], "B")
    AB = product(A, B)
    parts = [display_math(matrix_element(A), matrix_element(B), "<mo>=</mo>", matrix_element(AB))]
    if len(B[0]) != len(A):
        return say("lab_pages.one_way_only"), "plain", "".join(parts)
    BA = product(B, A)
    parts.append(display_math(matrix_element(B), matrix_element(A), "<mo>=</mo>", matrix_element(BA)))
    if len(AB) == len(BA):
        difference = [[x - y for x, y in zip(r, s, strict=True)] for r, s in zip(AB, BA, strict=True)]
        names = "<mi>A</mi><mi>B</mi><mo>−</mo><mi>B</mi><mi>A</mi><mo>=</mo>"
        parts.append(display_math(names, matrix_element(difference)))
    parts.append(paragraph(say("lab_pages.row_by_column"), "note"))
    same = AB == BA
    return say("lab_pages.commute" if same else "lab_pages.do_not_commute"), "good" if same else "bad", "".join(parts)


def combination_python(values: Mapping[str, Any]) -> str:
    """Python code for the combination."""
    vectors, coefficients, goal = _parse(values)
    v, c, w = (_code(rows) for rows in (vectors, [coefficients], [goal]))
    return (
        f"from fractions import Fraction\n\nimport unbend as ub\n\nvectors = {v}\n"
        f"print(ub.combine(vectors, {c[1:-1]}))\n"
        f"print(ub.in_span({w[1:-1]}, vectors))\nprint(ub.independent(vectors), ub.rank(vectors), ub.basis(vectors))\n"
    )


def _parse(values: Mapping[str, Any]) -> tuple[Matrix, list[Any], list[Any]]:
    vectors = parse_matrix(values["vectors"], say("lab_pages.vectors"))
    coefficients = parse_matrix(values["coefficients"], say("lab_pages.coefficients"))
    goal = parse_matrix(values["wanted"], say("lab_pages.wanted"))
    return vectors, [x for row in coefficients for x in row], [x for row in goal for x in row]


def _code(rows: Matrix) -> str:
    cells = ([str(x) if x.denominator == 1 else f"Fraction({x.numerator}, {x.denominator})" for x in r] for r in rows)
    return "[" + ", ".join(f"[{', '.join(row)}]" for row in cells) + "]"


def _picture(vectors: Matrix, coefficients: list[Any], total: tuple[Any, ...], goal: list[Any]) -> str:
    """Head to tail: every vector times its coefficient, and their sum."""
    steps: list[tuple[float, float]] = [(0.0, 0.0)]
    for vector, c in zip(vectors, coefficients, strict=True):
        steps.append((steps[-1][0] + float(c * vector[0]), steps[-1][1] + float(c * vector[1])))
    ends = [*steps, *((float(v[0]), float(v[1])) for v in vectors), (float(goal[0]), float(goal[1]))]
    half = max(3.0, 1.2 * max(abs(y) for _, y in ends), 1.2 / 1.55 * max(abs(x) for x, _ in ends))
    plane = Plane((-1.55 * half, 1.55 * half), (-half, half))
    shapes: list[Shape] = plane.axes("", "")
    for a, b in pairwise(steps):
        shapes += plane.arrow(a, b, _INK, 1.6, dash=True)
    for i, vector in enumerate(vectors):
        end = (float(vector[0]), float(vector[1]))
        shapes += [*plane.arrow((0, 0), end, _INK), _label(plane, end, f"v{i + 1}", _INK)]
    sum_end = (float(total[0]), float(total[1]))
    shapes += [
        *plane.arrow((0, 0), sum_end, _SUM_COLOUR, 2.8),
        _label(plane, sum_end, say("lab_pages.sum_of"), _SUM_COLOUR),
    ]
    goal_end = (float(goal[0]), float(goal[1]))
    if goal_end != sum_end:
        shapes += [
            plane.dot(*goal_end, _GOAL_COLOUR, 5, filled=False),
            _label(plane, goal_end, say("lab_pages.goal"), _GOAL_COLOUR),
        ]
    scene = Scene(560, 376, tuple(shapes), say("lab_pages.combination_picture", vector=format_vector(total)))
    return f"<figure>{scene.svg()}</figure>"


def _label(plane: Plane, at: tuple[float, float], text: str, colour: str) -> Text:
    x, y = plane.at(*at)
    return Text((x + 8, y - 12 if at[1] >= 0 else y + 14), text, 13, "start", colour, halo=True, bold=True)
