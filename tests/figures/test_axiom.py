"""Drawings of a space and of an axiom that fails."""

from __future__ import annotations

from collections.abc import Callable
from xml.etree import ElementTree

import numpy as np
import pytest

import unbend as ub
from unbend.figures.axiom import counterexample_vectors, draw_axiom
from unbend.figures.plane import Plane
from unbend.figures.shapes import Area, Circle, Line, Text


def parse_svg(html: str) -> ElementTree.Element:
    """The first drawing in a text; it must be sound XML and have a title."""
    svg = ElementTree.fromstring(html[html.index("<svg") : html.index("</svg>") + 6])
    assert svg.find("{http://www.w3.org/2000/svg}title") is not None
    return svg


def test_failing_axiom_is_drawn_with_both_sides() -> None:
    space = ub.spaces["two crossing lines"]
    answer = ub.check_axioms(space)["V1"]
    found = counterexample_vectors(space, answer)
    assert set(found) == {"u", "v", "u + v"}
    np.testing.assert_array_equal(np.add(found["u"], found["v"]), found["u + v"])
    assert not space.contains(found["u + v"])
    svg = parse_svg(draw_axiom(space, answer).svg())
    assert "u + v" in [text.text for text in svg.iter("{http://www.w3.org/2000/svg}text")]


SHEET = Plane((-4.65, 4.65), (-3.0, 3.0))  # what is drawn of a plane without a counterexample


def drawn_members(space: ub.Space) -> np.ndarray:
    """(points, 2) coordinates of the dots and curves that are drawn for a set in the plane."""
    shapes = draw_axiom(space).shapes
    dots = [shape.centre for shape in shapes if isinstance(shape, Circle)]
    curves = [point for shape in shapes if isinstance(shape, Line) and shape.width == 3 for point in shape.points]
    origin, unit = np.array(SHEET.at(0, 0)), np.array(SHEET.at(1, 1))
    return (np.array([*dots, *curves]).reshape(-1, 2) - origin) / (unit - origin)


@pytest.mark.parametrize(
    ("member", "gap", "extent"),
    [
        ("u1 >= 0 and u2 == 0", lambda x, y: np.abs(y) + np.maximum(-x, 0), (0.0, 4.65, 0.0, 0.0)),
        ("u1 == floor(u1) and u2 == floor(u2)", lambda x, y: np.abs(x - x.round()) + np.abs(y - y.round()),
         (-4.0, 4.0, -3.0, 2.0)),
        ("u1**2 + u2**2 == 1 or u1 == 5", lambda x, y: np.abs(x**2 + y**2 - 1), (-1.0, 1.0, -1.0, 1.0)),
    ],
)  # fmt: skip
def test_thin_set_is_drawn_at_its_members(
    member: str, gap: Callable[[np.ndarray, np.ndarray], np.ndarray], extent: tuple[float, float, float, float]
) -> None:
    x, y = drawn_members(ub.Space(2, member=member)).T
    assert len(x) and gap(x, y).max() < 0.02
    assert (x.min(), x.max(), y.min(), y.max()) == pytest.approx(extent, abs=0.1)


def test_full_plane_has_no_mark_and_three_components_are_bars() -> None:
    assert len(drawn_members(ub.Space(2))) == 0
    bars = [shape for shape in draw_axiom(ub.Space(3, member="u1 > 0")).shapes if isinstance(shape, Area)]
    assert len(bars) == 3


def test_members_of_a_number_line_are_dots_or_a_band() -> None:
    dots = [shape.centre[0] for shape in draw_axiom(ub.Space(1, member="u == floor(u)")).shapes
            if isinstance(shape, Circle)]  # fmt: skip
    assert len(dots) == 7 and np.diff(dots) == pytest.approx(dots[1] - dots[0])
    bands = [shape for shape in draw_axiom(ub.Space(1, member="u > 0")).shapes
             if isinstance(shape, Line) and shape.width == 14]  # fmt: skip
    (left, right) = bands[0].points
    assert len(bands) == 1 and left[0] == pytest.approx(dots[3], abs=5) and right[0] >= dots[-1]


@pytest.mark.parametrize(
    ("n", "member"), [(1, "u == floor(u)"), (2, "u1 >= 0 and u2 == 0"), (2, "u1 == floor(u1) and u2 == floor(u2)"),
                      (2, None), (3, "u1 > 0"), (2, "u1**2 + u2**2 == 1 or u1 == 5"), (1, "u > 0")]
)  # fmt: skip
def test_drawing_is_well_formed_and_contains_every_shape(n: int, member: str | None) -> None:
    scene = draw_axiom(ub.Space(n, member=member))
    svg = parse_svg(scene.svg())
    texts = [element.text for element in svg.iter("{http://www.w3.org/2000/svg}text")]
    assert [shape.text for shape in scene.shapes if isinstance(shape, Text)] == texts
    circles = sum(isinstance(shape, Circle) for shape in scene.shapes)
    assert circles == len(list(svg.iter("{http://www.w3.org/2000/svg}circle")))


def test_ray_is_drawn_up_to_its_endpoint() -> None:
    svg = parse_svg(draw_axiom(ub.Space(2, member="u2 == 0 and u1 >= 1")).svg())
    thick = [line for line in svg.iter("{http://www.w3.org/2000/svg}polyline") if line.get("stroke-width") == "3"]
    first = min(float(line.get("points", "").split(",")[0]) for line in thick)
    plane = Plane((-4.65, 4.65), (-3.0, 3.0))
    assert abs(first - plane.at(1, 0)[0]) < 8
