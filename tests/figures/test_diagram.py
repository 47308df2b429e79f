"""The network diagram: true numbers, all biases, nothing on top of anything, a valid SVG; a neuron's formula."""

from __future__ import annotations

from itertools import combinations, pairwise
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest

import unbend as ub
from unbend.errors import BadInput, ShapeError
from unbend.figures.diagram import short
from unbend.figures.scene import Scene
from unbend.figures.shapes import Circle, Line, Text

RNG = np.random.default_rng(5)
NETS = {
    "2-4-3": ub.Network.from_arrays(
        [(RNG.normal(size=(2, 4)), RNG.normal(size=4)), (RNG.normal(size=(4, 3)), RNG.normal(size=3))],
        ["sigmoid", "identity"]),
    "1-1": ub.Network([ub.Dense(1, 1)]),
    "wide": ub.Network([ub.Dense(9, 40, "relu"), ub.Dense(40, 7, "tanh"), ub.Dense(7, 2)], seed=2),
    "own": ub.Network([ub.Dense(3, 3, "max(x, 0.2*x)"), ub.Dense(3, 1)], seed=3),
    "zero": ub.Network.from_arrays([(np.zeros((2, 2)), np.zeros(2))]),
}  # fmt: skip


@pytest.mark.parametrize("name", NETS)
def test_numbers_match_network(name: str) -> None:
    net = NETS[name]
    scene = ub.diagram(net)
    texts = [s.text for s in scene.shapes if isinstance(s, Text)]
    arrows = [s for s in scene.shapes if isinstance(s, Line) and s.arrow]
    drawn = [min(n, 5) if n > 6 else n for n in [net.inputs, *(layer.outputs for layer in net.layers)]]
    assert len(arrows) == sum(a * b for a, b in pairwise(drawn))
    for layer in net.layers:
        shown = range(layer.outputs) if layer.outputs <= 6 else [0, 1, 2, 3, layer.outputs - 1]
        rows = range(layer.inputs) if layer.inputs <= 6 else [0, 1, 2, 3, layer.inputs - 1]
        assert all(f"b = {short(float(layer.b[j]))}" in texts for j in shown)
        assert all(short(float(layer.W[i, j])) in texts for i in rows for j in shown)
    assert texts.count("⋮") == sum(n > 6 for n in [net.inputs, *(layer.outputs for layer in net.layers)])
    below = [a for a in arrows if a.dash]
    assert len(below) == sum(1 for t in scene.shapes if isinstance(t, Text) and t.halo and t.text.startswith("−"))


@pytest.mark.parametrize("language", ["en", "ko"])
@pytest.mark.parametrize("name", NETS)
def test_no_overlap_and_no_clipping(name: str, language: str) -> None:
    ub.set_language(language)
    scene = ub.diagram(NETS[name], "A title")
    boxes = [s.box for s in scene.shapes if isinstance(s, Text)]
    for left, top, right, bottom in boxes:
        assert 0 <= left and right <= scene.width and 0 <= top and bottom <= scene.height
    for a, b in combinations(boxes, 2):
        across, down = min(a[2], b[2]) - max(a[0], b[0]), min(a[3], b[3]) - max(a[1], b[1])
        assert across <= 0 or down <= 0, "two texts lie on each other"
    for s in scene.shapes:
        if isinstance(s, Circle):
            assert s.radius <= s.centre[0] <= scene.width - s.radius


def test_svg_is_xml_and_png_is_a_picture(tmp_path: Path) -> None:
    scene = ub.diagram(NETS["2-4-3"], "a < b & c")
    root = ElementTree.fromstring(scene.save(tmp_path / "net.svg").read_text(encoding="utf-8"))
    assert root.tag.endswith("svg") and root.find("{*}title") is not None
    assert scene.save(tmp_path / "net.png").read_bytes()[:8] == b"\x89PNG\r\n\x1a\n"
    assert scene._repr_svg_() == scene.svg()
    with pytest.raises(BadInput, match=r"\.svg or \.png, got \.pdf"):
        scene.save(tmp_path / "net.pdf")


def test_sign_is_shown_without_colour() -> None:
    lines = [s for s in ub.diagram(NETS["2-4-3"]).shapes if isinstance(s, Line) and s.arrow]
    assert {line.colour for line in lines if line.dash} != {line.colour for line in lines if not line.dash}
    assert any(line.dash for line in lines) and not all(line.dash for line in lines)
    assert isinstance(ub.diagram(NETS["1-1"]), Scene)


def test_formulas_name_layers_and_neurons() -> None:
    net = NETS["wide"]
    assert net.formula(0, 39).startswith("h40 = relu(x1*w1_40 + ")
    assert net.formula(1, 6).startswith("h2_7 = tanh(h1*w2_1_7 + ")
    assert net.formula(2, 1).startswith("y2 = h2_1*w3_12 + ") and net.formula(2, 1).endswith(" + b3_2")
    own = NETS["own"].formula(0, 0)
    assert own == "h1 = max(x1*w11 + x2*w21 + x3*w31 + b1, 0.2*(x1*w11 + x2*w21 + x3*w31 + b1))"
    with pytest.raises(ShapeError, match="layer 0 to 2, got 3"):
        net.formula(3)
    with pytest.raises(ShapeError, match="neuron 0 to 1, got -1"):
        net.formula(2, -1)
    with pytest.raises(ShapeError, match="one row, got 2"):
        net.formula(x=np.ones((2, 9)))


def test_a_formula_with_a_row_ends_in_the_value() -> None:
    net = NETS["2-4-3"]
    text = net.formula(1, 2, numbers=True, x=[1.0, -2.0])
    assert float(text.rpartition("=")[2]) == net([[1.0, -2.0]])[0, 2]
