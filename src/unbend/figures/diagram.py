"""`diagram`: a network's diagram as a `Scene`: neurons with activation curves, weights on arrows, biases below."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ..activations import Activation
from ..network import Network
from ..network.neuron_formula import value_names
from ..words import say
from .layout import RADIUS, TOP, arrange
from .scene import Scene
from .shapes import Circle, Line, Point, Shape, Text

PLUS, MINUS = "#1b6ca8", "#b5471b"  # of different lightness, and minus is dashed: readable in black and white
_INPUT, _NEURON = "#eef2f5", "#ffffff"
_THIN, _THICK = 0.8, 5.0


def diagram(net: Network, title: str = "") -> Scene:
    """Draw a network with its weights and biases.

    Colour and dash show a weight's sign, width its size. Of a layer with more than six neurons the first four and the
    last are drawn, with a gap for the others.

    Parameters
    ----------
    net : Network
        The network.
    title : str, optional
        Text above the drawing.

    Returns
    -------
    Scene
        The drawing: ``.save("net.svg")`` and ``.save("net.png")`` write it, ``.svg()`` is its text.

    Examples
    --------
    >>> import unbend as ub
    >>> drawing = ub.diagram(ub.Network([ub.Dense(2, 4, "sigmoid"), ub.Dense(4, 3)], seed=0))
    >>> drawing.svg()[:4]
    '<svg'
    """
    sizes = [net.inputs, *(layer.outputs for layer in net.layers)]
    layout = arrange(sizes)
    largest = max((float(np.abs(layer.W).max()) for layer in net.layers), default=0.0) or 1.0
    legend, legend_width = _legend(largest, layout.bottom)
    centres = layout.shifted(max(0.0, (legend_width - layout.right - 70) / 2)).centres
    neurons: list[Shape] = []
    for k, rows in enumerate(layout.shown):
        neurons += _layer(net, k, rows, centres[k])
    occupied = [t.box for t in neurons if isinstance(t, Text)]
    arrows: list[Shape] = []
    labels: list[Text] = []
    for k, i, j in layout.arrows:
        weight = float(net.layers[k].W[i, j])
        start, end = centres[k][layout.shown[k].index(i)], centres[k + 1][layout.shown[k + 1].index(j)]
        line = _arrow(start, end, weight, largest)
        arrows.append(line)
        labels.append(_label(line, weight, occupied, labels))
    shapes = [*arrows, *labels, *neurons]
    width = max(max(t.box[2] for t in shapes if isinstance(t, Text)) + 20, legend_width)
    if title:
        shapes.append(Text((width / 2, 22), title, 15, bold=True))
    return Scene(width, layout.bottom + 64, (*shapes, *legend), title or repr(net))


def _layer(net: Network, k: int, rows: Sequence[int | None], centres: Sequence[Point]) -> list[Shape]:
    """The neurons ``rows`` of column k with heading, names, activation curves and biases."""
    called = value_names(net.layers, k)
    shapes: list[Shape] = [Text((centres[0][0], TOP - 18), heading(net, k), 12, colour="#555555")]
    for index, (x, y) in zip(rows, centres, strict=True):
        if index is None:
            shapes.append(Text((x, y), "⋮", 26))
            continue
        shapes.append(Circle((x, y), RADIUS, _NEURON if k else _INPUT))
        if k == 0:
            shapes.append(Text((x, y), called[index], 13, bold=True))
            continue
        layer = net.layers[k - 1]
        shapes.append(_curve(layer.activation, (x, y)))
        shapes.append(Text((x, y - RADIUS - 10), called[index], 12, bold=True))
        shapes.append(
            Text((x, y + RADIUS + 11), f"b = {short(float(layer.b[index]))}", 11, colour="#555555", halo=True)
        )
    return shapes


def heading(net: Network, k: int) -> str:
    """The heading of column k (0: the inputs): its kind, the number of neurons, the activation."""
    if k == 0:
        return say("figures.input_layer", count=net.inputs)
    layer = net.layers[k - 1]
    key = "output_layer" if k == len(net.layers) else "hidden_layer"
    return say(f"figures.{key}", count=layer.outputs, activation=layer.activation.name)


def _curve(record: Activation, centre: Point) -> Line:
    """The activation's curve between -3 and 3, scaled into the neuron."""
    x = np.linspace(-3.0, 3.0, 61)
    y = record(x)
    low, high = float(y.min()), float(y.max())
    reach = 0.62 * RADIUS
    middle, half = (low + high) / 2, (high - low) / 2 or 1.0
    return Line(tuple((centre[0] + reach * a / 3, centre[1] - reach * (b - middle) / half)
                      for a, b in zip(x.tolist(), y.tolist(), strict=True)), width=2)  # fmt: skip


def _arrow(start: Point, end: Point, weight: float, largest: float) -> Line:
    dx, dy = end[0] - start[0], end[1] - start[1]
    gap = RADIUS / (dx * dx + dy * dy) ** 0.5
    points = ((start[0] + gap * dx, start[1] + gap * dy), (end[0] - 1.08 * gap * dx, end[1] - 1.08 * gap * dy))
    width = _THIN + (_THICK - _THIN) * abs(weight) / largest
    return Line(points, MINUS if weight < 0 else PLUS, width, dash=weight < 0, arrow=True)


def _label(line: Line, weight: float, occupied: Sequence[tuple[float, ...]], labels: Sequence[Text]) -> Text:
    """The weight on its arrow, at the position that overlaps the other texts least."""
    (x1, y1), (x2, y2) = line.points
    boxes = [*occupied, *(label.box for label in labels)]
    candidates = [Text((x1 + t * (x2 - x1), y1 + t * (y2 - y1)), short(weight), 10.5, colour=line.colour, halo=True)
               for t in (0.3, 0.36, 0.24, 0.42, 0.18, 0.48, 0.54, 0.6, 0.66, 0.72, 0.12, 0.78)]  # fmt: skip
    return min(candidates, key=lambda text: sum(_overlap(text.box, box) for box in boxes))


def _overlap(a: Sequence[float], b: Sequence[float]) -> float:
    """The area two boxes share, each with a small margin."""
    across = min(a[2], b[2]) - max(a[0], b[0]) + 3
    down = min(a[3], b[3]) - max(a[1], b[1]) + 2
    return across * down if across > 0 and down > 0 else 0.0


def _legend(largest: float, top: float) -> tuple[list[Shape], float]:
    """The legend below the drawing, and the width it needs."""
    shapes: list[Shape] = []
    x, y = 24.0, top + 20
    for key, colour, dash, width in (
        ("positive", PLUS, False, 3.0), ("negative", MINUS, True, 3.0),
        ("largest", "#222222", False, _THICK), ("smallest", "#222222", False, _THIN),
    ):  # fmt: skip
        label = Text((x + 46, y), say(f"figures.{key}", size=short(largest)), 11, "start")
        shapes += [Line(((x, y), (x + 38, y)), colour, width, dash), label]
        x = label.box[2] + 22
    note = Text((24.0, y + 24), say("figures.below"), 11, "start", "#555555")
    return [*shapes, note], max(x, note.box[2] + 24)


def short(value: float) -> str:
    """A number with three significant digits and the minus sign U+2212."""
    text = f"{value:.3g}" if 1e-3 <= abs(value) < 1e4 or value == 0 else f"{value:.1e}"
    return text.replace("-", "−")
