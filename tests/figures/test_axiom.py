"""Drawings of a space and of an axiom that fails."""

from __future__ import annotations

from xml.etree import ElementTree

import numpy as np
import pytest

import unbend as ub
from unbend.figures.axiom import counterexample_vectors, draw_axiom
from unbend.figures.plane import Plane


def parse_svg(html: str) -> ElementTree.Element:
    """The first drawing in a text; it must be sound XML and have a title."""
    svg = ElementTree.fromstring(html[html.index("<svg") : html.index("</svg>") + 6])
    assert svg.find("{http://www.w3.org/2000/svg}title") is not None
    return svg


def test_an_axiom_that_fails_is_drawn_with_its_sides() -> None:
    space = ub.spaces["two crossing lines"]
    answer = ub.check_axioms(space)["V1"]
    found = counterexample_vectors(space, answer)
    assert set(found) == {"u", "v", "u + v"}
    np.testing.assert_array_equal(np.add(found["u"], found["v"]), found["u + v"])
    assert not space.contains(found["u + v"])
    svg = parse_svg(draw_axiom(space, answer).svg())
    assert "u + v" in [text.text for text in svg.iter("{http://www.w3.org/2000/svg}text")]


@pytest.mark.parametrize(
    ("n", "member"), [(1, "u == floor(u)"), (2, "u1 >= 0 and u2 == 0"), (2, "u1 == floor(u1) and u2 == floor(u2)"),
                      (2, None), (3, "u1 > 0"), (2, "u1**2 + u2**2 == 1 or u1 == 5"), (1, "u > 0")]
)  # fmt: skip
def test_sets_are_drawn(n: int, member: str | None) -> None:
    parse_svg(draw_axiom(ub.Space(n, member=member)).svg())


def test_the_picture_of_a_ray_ends_at_its_end() -> None:
    svg = parse_svg(draw_axiom(ub.Space(2, member="u2 == 0 and u1 >= 1")).svg())
    thick = [line for line in svg.iter("{http://www.w3.org/2000/svg}polyline") if line.get("stroke-width") == "3"]
    first = min(float(line.get("points", "").split(",")[0]) for line in thick)
    plane = Plane((-4.65, 4.65), (-3.0, 3.0))
    assert abs(first - plane.at(1, 0)[0]) < 8
