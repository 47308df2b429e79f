"""`draw_axiom`: the picture of a space: its set, its zero, and a counterexample with both sides of the axiom."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

import numpy as np

from ..arrays import Array
from ..spaces import AxiomResult, Space
from ..spaces.axiom_laws import LAWS
from ..spaces.evaluate.exact_values import Undecided, Undefined, ends
from ..spaces.evaluate.float_values import truth_of, value_of
from ..spaces.language.conditions import TRUE, AllOf, AnyOf, Comparison, Condition, literals
from ..spaces.operations import ExactOperations
from ..spaces.space import component_names
from ..words import say
from .diagram import short
from .plane import Plane, padded_interval, ticks
from .scene import Scene
from .shapes import Area, Circle, Line, Shape, Text

_SET_COLOUR, _EDGE_COLOUR = "#dbe9f4", "#1b6ca8"
_GIVEN_COLOUR, _LEFT_COLOUR, _RIGHT_COLOUR = "#333333", "#b5471b", "#3c7d2e"
_MIN_WIDTH = 6.0  # units across, so that a small counterexample does not fill the sheet
_GRID = 96  # cells per axis of the grid on which conditions are evaluated
_MIN_AREA = 0.05  # fraction of the grid from which on a set counts as having an interior

Vector = tuple[float, ...]


def counterexample_vectors(space: Space, answer: AxiomResult) -> dict[str, Vector]:
    """The vectors of a counterexample by name: the given ones first, then both sides of the axiom.

    Empty where the counterexample has no numbers (such as a rule for every zero); a side without a value is omitted.
    """
    counterexample = answer.counterexample
    if counterexample is None:
        return {}
    vectors = {n: _floats(v) for n, v in counterexample.values.items() if isinstance(v, tuple | list)}
    law = LAWS.get(answer.axiom)
    if law is None or not all(isinstance(v, tuple | list | Fraction) for v in counterexample.values.values()):
        return vectors
    for text, side in ((law.left_text, law.left), (law.right_text, law.right)):
        if side is None or text in vectors:
            continue
        try:
            arguments = [counterexample.values[letter] for letter in law.letters]
            vectors[text] = _floats(side(ExactOperations(space), *arguments))
        except (Undefined, Undecided):
            continue
    return vectors


def draw_axiom(space: Space, answer: AxiomResult | None = None) -> Scene:
    """Draw the set of a space of one or two components, with the counterexample where ``answer`` has one.

    Vectors of more components are drawn as bars, one per component.
    """
    vectors = counterexample_vectors(space, answer) if answer is not None else {}
    title = say("figures.space_title", name=space.name or say("figures.space_own"))
    if answer is not None and answer.counterexample is not None:
        title = f"{answer.axiom}: {answer.counterexample}"
    if space.dimension == 1:
        return _number_line(space, vectors, title)
    if space.dimension == 2:
        return _coordinate_plane(space, vectors, title)
    return _bars(vectors or {"0": (0.0,) * space.dimension}, title)


def _colour(name: str, vectors: Mapping[str, Vector]) -> str:
    """Given vectors (of one letter) are dark; the axiom's left and right side have a colour each."""
    sides = [n for n in vectors if len(n) > 1]
    return _GIVEN_COLOUR if name not in sides else (_LEFT_COLOUR, _RIGHT_COLOUR)[sides.index(name) % 2]


def _coordinate_plane(space: Space, vectors: Mapping[str, Vector], title: str) -> Scene:
    reach = max([abs(c) for v in vectors.values() for c in v], default=0.0)
    half = max(_MIN_WIDTH / 2, 1.25 * reach)
    plane = Plane((-half * 1.55, half * 1.55), (-half, half))
    grid = np.array([np.linspace(*side, _GRID + 1) for side in (plane.x, plane.y)])
    interior, curves = _interior(space, plane, grid), _equations(space, plane, grid)
    isolated = [] if interior or curves or space.member is None else _integer_members(space, plane)
    shapes: list[Shape] = [*interior, *plane.axes("u1", "u2"), *curves, *isolated]
    for name, vector in vectors.items():
        colour = _colour(name, vectors)
        shapes += plane.arrow((0.0, 0.0), (vector[0], vector[1]), colour, 2.6, dash=colour == _RIGHT_COLOUR)
    return Scene(560, 376, (*shapes, *_vector_labels(plane, vectors), *_legend(space, 12, 366)), title)


def _vector_labels(plane: Plane, vectors: Mapping[str, Vector]) -> list[Shape]:
    """The vectors' names beyond their heads; equal vectors share one label."""
    names_at: dict[tuple[float, ...], list[str]] = {}
    for name, vector in vectors.items():
        names_at.setdefault(vector, []).append(name)
    texts: list[Shape] = []
    for vector, names in names_at.items():
        x, y = plane.at(vector[0], vector[1])
        up = -16 if vector[1] >= 0 else 16
        anchor = "start" if vector[0] >= 0 else "end"
        texts.append(Text((x + (6 if vector[0] >= 0 else -6), y + up), " = ".join(names), 14, anchor,
                          _colour(names[-1], vectors), halo=True, bold=True))  # fmt: skip
    return texts


def _interior(space: Space, plane: Plane, grid: Array) -> list[Shape]:
    """The interior of a set in the plane; nothing for the full plane, and for sets without interior."""
    assert space.condition is not None
    xs, ys = grid
    X, Y = np.meshgrid(xs, ys)
    inside = _truth(space.condition, X, Y)
    if space.member is None or inside.mean() < _MIN_AREA:
        return []
    from contourpy import FillType, contour_generator

    contours = contour_generator(xs, ys, inside.astype(float), fill_type=FillType.OuterCode)
    return [plane.area(points, _SET_COLOUR) for points in contours.filled(0.5, 2.0)[0]]


def _equations(space: Space, plane: Plane, grid: Array) -> list[Shape]:
    """The curves where an equation of the condition holds, as far as its other parts hold as well."""
    from contourpy import contour_generator

    assert space.condition is not None
    X, Y = np.meshgrid(*grid)
    values = dict(zip(component_names("u", 2), (X.ravel(), Y.ravel()), strict=True))
    shapes: list[Shape] = []
    for part in literals(space.condition):
        if not isinstance(part, Comparison) or part.relation != "==":
            continue
        others = _without(space.condition, part)
        gap = (value_of(part.left, values) - value_of(part.right, values)).reshape(X.shape)
        # a level slightly above 0, so that a curve along the grid's own lines is crossed and not missed
        for line in contour_generator(grid[0], grid[1], np.ma.masked_invalid(gap)).lines(1e-9):
            curve = np.asarray(line)
            y = np.where(_truth(others, curve[:, 0], curve[:, 1]), curve[:, 1], np.nan)
            shapes += plane.curve(curve[:, 0], y, _EDGE_COLOUR, 3)
    return shapes


def _integer_members(space: Space, plane: Plane) -> list[Shape]:
    """The members with integer components."""
    assert space.condition is not None
    (x0, x1), (y0, y1) = plane.x, plane.y
    X, Y = np.meshgrid(np.arange(np.ceil(x0), x1), np.arange(np.ceil(y0), y1))
    member = _truth(space.condition, X, Y)
    return [plane.dot(float(a), float(b), _EDGE_COLOUR, 3) for a, b in zip(X[member], Y[member], strict=True)]


def _without(condition: Condition, part: Condition) -> Condition:
    """The condition with one part replaced by true."""
    if condition == part:
        return TRUE
    if isinstance(condition, AllOf | AnyOf):
        return type(condition)(tuple(_without(p, part) for p in condition.parts))
    return condition


def _truth(condition: Condition, X: Array, Y: Array) -> Array:
    values = dict(zip(component_names("u", 2), (X.ravel(), Y.ravel()), strict=True))
    return truth_of(condition, values).reshape(X.shape)


def _number_line(space: Space, vectors: Mapping[str, Vector], title: str) -> Scene:
    """A number line: the set as a band or as dots, vectors as marks above it."""
    assert space.condition is not None
    low, high = padded_interval([0.0, *(v[0] for v in vectors.values())], _MIN_WIDTH, 0.2)
    plane = Plane((low, high), (0.0, 1.0), (30, 20, 530, 150))
    fine = np.linspace(np.floor(low), np.ceil(high), int(np.ceil(high) - np.floor(low)) * 24 + 1)
    fine = fine[(fine >= low) & (fine <= high)]
    inside = truth_of(space.condition, {"u1": fine})
    y = plane.at(0, 0)[1]
    shapes: list[Shape] = []
    for run in np.split(np.flatnonzero(inside), np.flatnonzero(np.diff(np.flatnonzero(inside)) > 1) + 1):
        if len(run) == 1:
            shapes.append(Circle((plane.at(float(fine[run[0]]), 0)[0], y), 5, _EDGE_COLOUR, _EDGE_COLOUR))
        elif len(run):
            # a run that continues beyond the sheet is drawn to its edge
            a = low if run[0] == 0 else float(fine[run[0]])
            b = high if run[-1] == len(fine) - 1 else float(fine[run[-1]])
            shapes.append(Line((plane.at(a, 0), plane.at(b, 0)), _SET_COLOUR, 14))
    shapes.append(Line((plane.at(low, 0), plane.at(high, 0)), "#8a8a8a", 1.5))
    for value in ticks((low, high)):
        x = plane.at(value, 0)[0]
        shapes += [Line(((x, y - 5), (x, y + 5)), "#8a8a8a"), Text((x, y + 20), f"{value:g}", 12, colour="#555555")]
    for level, (name, vector) in enumerate(vectors.items()):
        x, colour, top = plane.at(vector[0], 0)[0], _colour(name, vectors), y - 24 - 24 * (level % 5)
        shapes += [Line(((x, top + 8), (x, y - 6)), colour, 2, dash=colour == _RIGHT_COLOUR, arrow=True),
                   Text((x, top), name, 14, colour=colour, halo=True, bold=True)]  # fmt: skip
    return Scene(560, 220, (*shapes, *_legend(space, 12, 206)), title)


def _bars(vectors: Mapping[str, Vector], title: str) -> Scene:
    """Vectors of many components: a row of bars per vector."""
    largest = max((abs(c) for v in vectors.values() for c in v), default=0.0) or 1.0
    shapes: list[Shape] = []
    for row, (name, vector) in enumerate(vectors.items()):
        middle, colour = 62.0 + 92 * row, _colour(name, vectors)
        shapes += [Text((14, middle), name, 14, "start", colour, bold=True),
                   Line(((150, middle), (540, middle)), "#8a8a8a", 1)]  # fmt: skip
        width = 380 / len(vector)
        for k, c in enumerate(vector):
            x, top, half = 155 + width * (k + 0.5), middle - 32 * c / largest, min(14.0, 0.3 * width)
            shapes += [Area(((x - half, middle), (x - half, top), (x + half, top), (x + half, middle)), colour),
                       Text((x, top + (-9 if c >= 0 else 10)), short(c), 11)]  # fmt: skip
    return Scene(560, 92.0 * len(vectors) + 26, tuple(shapes), title)


def _legend(space: Space, x: float, y: float) -> list[Shape]:
    if space.member is None:
        return []
    label = Text((x + 24, y), say("figures.space_set"), 12, "start", "#555555")
    return [Line(((x, y), (x + 18, y)), _SET_COLOUR, 12), Line(((x, y), (x + 18, y)), _EDGE_COLOUR, 2), label]


def _floats(vector: Sequence[Any]) -> Vector:
    return tuple(float(x) if isinstance(x, Fraction | int) else float(ends(x)[0]) for x in vector)
