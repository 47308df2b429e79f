"""Article figures of models: a network, and weighted sums with and without an activation after them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from ..activations import activations
from ..network import Network
from ..words import say
from .diagram import MINUS, PLUS, diagram, short
from .scene import Scene
from .shapes import Circle, Line, Point, Shape, Text

_RADIUS = 30.0


def article_network(seed: int = 0) -> Network:
    """The article's network: 2 inputs, 4 sigmoid neurons, 3 outputs; weights and biases are standard normal."""
    rng = np.random.default_rng(seed)
    pairs = [(rng.standard_normal(shape), rng.standard_normal(shape[1])) for shape in ((2, 4), (4, 3))]
    return Network.from_arrays(pairs, ["sigmoid", "identity"])


def network() -> Scene:
    """The article's network with its numbers."""
    return captioned(diagram(article_network(), say("figures.network_title")), say("figures.network_caption"))


def dl_linear() -> Scene:
    """Sums of inputs without and with weights: both linear."""
    left = _weighted_sum(["x1", "x2", "x3"], [1.0, 1.0, 1.0], 0.0, "y = x1 + x2 + x3", plain=True)
    right = _weighted_sum(["x1", "x2", "x3"], [0.5, -1.2, 0.8], 460.0, "y = w1 x1 + w2 x2 + w3 x3")
    scene = Scene(920, 330, (*left, *right), say("figures.dl_linear_title"))
    return captioned(_titled(scene), say("figures.dl_linear_caption"))


def dl_linear_eg1() -> Scene:
    """The weighted sum of a square, a logarithm and an input: linear in the weights."""
    shapes = _weighted_sum(["x1²", "log x2", "x3"], [0.5, -1.2, 0.8], 230.0, "y = w1 x1² + w2 log x2 + w3 x3")
    return captioned(_titled(Scene(920, 330, tuple(shapes), say("figures.dl_linear_eg1_title"))),
                     say("figures.dl_linear_eg1_caption"))  # fmt: skip


def dl_non_linear() -> Scene:
    """The weighted sum followed by the sigmoid: nonlinear, at one point."""
    shapes = _weighted_sum(["x1", "x2", "x3"], [0.5, -1.2, 0.8], 60.0, "y = w1 x1 + w2 x2 + w3 x3")
    start, end = (390.0, 175.0), (570.0, 175.0)
    curve = [(x, activations["sigmoid"](np.array([x]))[0]) for x in np.linspace(-4, 4, 61)]
    shapes += [
        Line(((start[0] + _RADIUS, start[1]), (end[0] - _RADIUS - 2, end[1])), "#222222", 2, arrow=True),
        Text((480, 158), "h", 14, halo=True),
        Circle(end, _RADIUS),
        Line(tuple((end[0] + 5 * float(x), end[1] - 36 * (float(y) - 0.5)) for x, y in curve), "#b5471b", 2.5),
        Text((end[0], end[1] - _RADIUS - 14), "z", 14, bold=True),
        Text((end[0] + 52, end[1] - 16), "z = 1/(1 + exp(−y))", 14, "start"),
        Text((end[0] + 52, end[1] + 12), say("figures.bends_here"), 12, "start", "#b5471b"),
    ]
    return captioned(_titled(Scene(920, 330, tuple(shapes), say("figures.dl_non_linear_title"))),
                     say("figures.dl_non_linear_caption"))  # fmt: skip


def captioned(scene: Scene, caption: str) -> Scene:
    """The scene with a caption below it, in as many lines as it needs."""
    lines = wrap_text(caption, int((scene.width - 30) / 7.6))
    texts = [Text((scene.width / 2, scene.height + 12 + 19 * i), line, 13) for i, line in enumerate(lines)]
    return replace(scene, height=scene.height + 14 + 19 * len(lines), shapes=(*scene.shapes, *texts))


def wrap_text(text: str, width: int) -> list[str]:
    """The text in lines of at most ``width`` letters; a Hangul letter counts as 1.75."""
    lines = [""]
    for word in text.split():
        candidate = f"{lines[-1]} {word}".strip()
        if sum(1.75 if ord(c) > 0x2E80 else 1 for c in candidate) > width and lines[-1]:
            lines.append(word)
        else:
            lines[-1] = candidate
    return lines


def _titled(scene: Scene) -> Scene:
    return replace(scene, shapes=(*scene.shapes, Text((scene.width / 2, 24), scene.title, 16, bold=True)))


def _weighted_sum(
    terms: Sequence[str], weights: Sequence[float], left: float, formula: str, plain: bool = False
) -> list[Shape]:
    """Input nodes with arrows to the node of their weighted sum, and its formula below."""
    sources = [(left + 60, 85.0 + 90 * i) for i in range(len(terms))]
    end: Point = (left + 330, 175.0)
    shapes: list[Shape] = []
    for at, weight in zip(sources, weights, strict=True):
        dx, dy = end[0] - at[0], end[1] - at[1]
        gap = _RADIUS / (dx * dx + dy * dy) ** 0.5
        line = ((at[0] + gap * dx, at[1] + gap * dy), (end[0] - 1.07 * gap * dx, end[1] - 1.07 * gap * dy))
        colour = "#222222" if plain else MINUS if weight < 0 else PLUS
        shapes.append(Line(line, colour, 1.5 if plain else 1 + 2.5 * abs(weight), dash=weight < 0, arrow=True))
        if not plain:
            name = f"w{len(shapes) // 2 + 1} = {short(weight)}"
            shapes.append(Text((at[0] + 0.42 * dx, at[1] + 0.42 * dy), name, 12, colour=colour, halo=True))
        else:
            shapes.append(Text((at[0] + 0.42 * dx, at[1] + 0.42 * dy), "1", 12, halo=True))
    shapes += [shape for at, term in zip(sources, terms, strict=True)
               for shape in (Circle(at, _RADIUS, "#eef2f5"), Text(at, term, 13, bold=True))]  # fmt: skip
    shapes += [Circle(end, _RADIUS), Text(end, "Σ", 20), Text((end[0], end[1] - _RADIUS - 14), "y", 14, bold=True)]
    shapes.append(Text((left + 195, 312), formula, 14))
    return shapes
