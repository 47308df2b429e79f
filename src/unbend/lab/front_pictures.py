"""`picture`: a small drawing of each page for the front page, made of what the page computes."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from itertools import pairwise

import numpy as np

from ..figures.plane import Plane
from ..figures.shapes import Shape
from .charts import BLUE, INK, RED, SOFT

_FRAME = (6.0, 4.0, 248.0, 142.0)  # of the drawing: left, top, width, height


@cache
def picture(name: str) -> str:
    """SVG of a page, "" for one without a picture; hidden from screen readers: the text beside it says the same."""
    from ..figures.scene import Scene

    if name not in _DRAWN:
        return ""
    svg = Scene(260, 150, tuple(_DRAWN[name]()), "").svg()
    return f'<span class="picture" aria-hidden="true">{svg}</span>'


def _network() -> list[Shape]:
    plane = Plane((-0.4, 4.4), (-0.5, 3.5), _FRAME)
    layers = [[(x, (4 - n) / 2 + k) for k in range(n)] for x, n in ((0, 2), (2, 4), (4, 3))]
    lines = [
        line
        for left, right in pairwise(layers)
        for k, a in enumerate(left)
        for m, b in enumerate(right)
        for line in plane.curve(np.array([a[0], b[0]]), np.array([a[1], b[1]]), (BLUE, RED)[(k + m) % 2], 1.4)
    ]
    return lines + [plane.dot(x, y, INK, 9) for layer in layers for x, y in layer]  # fmt: skip


def _spaces() -> list[Shape]:
    plane = Plane((-0.5, 4.5), (-0.5, 3.2), _FRAME)
    u, v = np.array([2.0, 0.5]), np.array([1.0, 2.0])
    places = [(np.zeros(2), u, BLUE), (u, u + v, RED), (np.zeros(2), u + v, INK)]
    return [
        line
        for a, b, colour in places
        for line in plane.curve(np.array([a[0], b[0]]), np.array([a[1], b[1]]), colour, 3)
    ]


def _straight() -> list[Shape]:
    from ..figures.curves import regression_data

    x, y = regression_data()
    a, b = np.polyfit(x, y, 1)
    plane = Plane((x.min() - 0.5, x.max() + 0.5), (y.min() - 1, y.max() + 1), _FRAME)
    ends = np.array([x.min(), x.max()])
    return [
        *plane.curve(ends, a * ends + b, RED, 2.5),
        *(plane.dot(p, q, BLUE, 3.5) for p, q in zip(x, y, strict=True)),
    ]


def _bend() -> list[Shape]:
    from ..activations import activation

    x = np.linspace(-4, 4, 161)
    plane = Plane((-4, 4), (-1.3, 3), _FRAME)
    return [line for name, colour in (("relu", BLUE), ("tanh", RED), ("sigmoid", INK))
            for line in plane.curve(x, np.clip(activation(name)(x), -1.3, 3), colour, 2.5)]  # fmt: skip


def _playground() -> list[Shape]:
    from .toy_datasets import TOY_DATASETS

    x, y = TOY_DATASETS["spiral"](np.random.default_rng(0), 0.05)
    plane = Plane((-9, 9), (-5.2, 5.2), _FRAME)
    return [plane.dot(float(a), float(b), BLUE if kind else RED, 2.6) for (a, b), kind in zip(x, y, strict=True)]


def _verdict() -> list[Shape]:
    """A straight model and a curve through the same points, with their errors."""
    x = np.linspace(0, 10, 24)
    y = 6 * (1 - np.exp(-x / 2.5)) + 0.25 * np.sin(7 * x)
    a, b = np.polyfit(x, y, 1)
    plane = Plane((-0.4, 10.4), (-0.5, 7), _FRAME)
    shapes: list[Shape] = [*plane.curve(x, a * x + b, RED, 2.5), *plane.curve(x, 6 * (1 - np.exp(-x / 2.5)), BLUE, 2.5)]
    return shapes + [plane.dot(float(p), float(q), SOFT, 3) for p, q in zip(x, y, strict=True)]


def _words() -> list[Shape]:
    """Words as arrows from one point: two pairs with the same difference."""
    plane = Plane((-0.3, 5.3), (-0.3, 3.6), _FRAME)
    ends = np.array([[1.2, 2.6], [3.2, 3.2], [2.4, 0.7], [4.4, 1.3]])
    shapes = [line for x, y in ends for line in plane.curve(np.array([0.0, x]), np.array([0.0, y]), BLUE, 2)]
    for a, b in ((0, 1), (2, 3)):
        shapes += plane.curve(ends[[a, b], 0], ends[[a, b], 1], RED, 2, dash=True)
    return shapes + [plane.dot(float(x), float(y), INK, 4) for x, y in ends]


def _slips() -> list[Shape]:
    """a x + b three times is a³x + b(a² + a + 1), not a³x."""
    x = np.linspace(-2, 2, 3)
    plane = Plane((-2, 2), (-14, 18), _FRAME)
    return [*plane.curve(x, 8 * x, RED, 2, dash=True), *plane.curve(x, 8 * x + 7, BLUE, 2.5)]


_DRAWN: dict[str, Callable[[], list[Shape]]] = {
    "network": _network, "spaces": _spaces, "straight": _straight, "bend": _bend, "playground": _playground,
    "verdict": _verdict, "words": _words, "slips": _slips,
}  # fmt: skip
