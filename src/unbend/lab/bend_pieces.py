"""The last part of the page *Bend*: `pieces` draws a network built with sliders and its linear pieces."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise
from typing import Any

import numpy as np

from ..arrays import Array
from ..figures.plane import Plane, padded_interval
from ..figures.regions import slope_colours
from ..figures.shapes import Shape, Text
from ..geometry import collapse, regions
from ..geometry.activation_pieces import curved_layers
from ..geometry.regions import Regions
from ..network import Network
from ..report.html import paragraph, table
from ..words import say
from .charts import BLUE, INK, axis_labels, figure, short

_BOX = (-3.0, 3.0)
_LAYER_COLOURS = ("#c1432e", "#2f6db3", "#3c8d40", "#8d5fb0", "#b8860b")  # as in the pictures of pieces
_MARKERS = "●■▲◆★"  # of the layers, beside their colours


def network(values: Mapping[str, Any]) -> Network:
    """The network that the sliders describe, in float64, with random weights from the seed."""
    rng = np.random.default_rng(int(values["seed"]))
    sizes = [int(values["inputs"]), *[int(values["neurons"])] * int(values["layers"]), 1]
    pairs = [(rng.normal(0, (2 / i) ** 0.5, (i, o)), rng.normal(0, 0.7, o)) for i, o in pairwise(sizes)]
    return Network.from_arrays(pairs, [values["bend"]] * int(values["layers"]) + ["identity"], "float64")


def pieces(values: Mapping[str, Any]) -> tuple[str, str, str]:
    """(one sentence, its style, HTML): the function drawn with its linear pieces, and a table of the layers."""
    net = network(values)
    if not net.bends:
        affine = collapse(net).layers[0]
        sentence = say("lab_pages.one_line", layers=len(net.layers), map=_affine(affine.W[:, 0], float(affine.b[0])))
        style = "good"
    elif curved_layers(net):
        sentence, style = say("lab_pages.curved", name=values["bend"]), "plain"
    else:
        result = regions(net, box=[list(_BOX)] * net.inputs)
        assert isinstance(result, Regions)
        sentence = say("lab_pages.pieces_are", count=result.count, layers=len(net.layers))
        draw = _plot_segments if net.inputs == 1 else _plot_polygons
        return sentence, "plain", _beside(draw(net, result, sentence), net)
    return sentence, style, _beside(_plot_curve(net, sentence) if net.inputs == 1 else _level_lines(net, sentence), net)


def python(values: Mapping[str, Any]) -> str:
    """Python code for the same network."""
    net = network(values)
    pairs = ",\n    ".join(f"({W.round(6).tolist()}, {b.round(6).tolist()})" for W, b in net.arrays)
    names = [layer.activation.name for layer in net.layers]
    code = f"import unbend as ub\n\nnet = ub.Network.from_arrays([\n    {pairs},\n], {names}, dtype='float64')\n"
    box = [list(_BOX)] * net.inputs
    expression = "net" if curved_layers(net) else f"ub.regions(net, box={box})"
    return f"{code}print(net.bends, ub.collapse(net))\nprint({expression})\n"


def _plot_segments(net: Network, result: Regions, title: str) -> str:
    """One input: pieces in two alternating colours, a marker on every kink for the layer that causes it."""
    ends = np.array(result.polygons)
    A, c = result.maps.A[:, 0, 0], result.maps.c[:, 0]
    heights = A[:, None] * ends + c[:, None]
    plane = Plane(_BOX, padded_interval(heights))
    shapes: list[Shape] = plane.axes()
    for k, (x, y) in enumerate(zip(ends, heights, strict=True)):
        shapes += plane.curve(x, y, INK if k % 2 else BLUE, 2.6)
    edges = result.edges
    inner = np.flatnonzero((edges.left >= 0) & (edges.right >= 0))
    x = result.vertices[edges.ends[inner, 0], 0]
    after = np.clip(np.searchsorted(ends[:, 0], x, side="left"), 0, len(ends) - 1)
    y = A[after] * x + c[after]
    for kink_x, kink_y, layer in zip(x, y, edges.layer[inner], strict=True):
        marker = int(layer) % len(_LAYER_COLOURS)
        shapes.append(Text(plane.at(float(kink_x), float(kink_y)), _MARKERS[marker], 13, colour=_LAYER_COLOURS[marker]))
    used = sorted({int(layer) % len(_LAYER_COLOURS) for layer in edges.layer[inner]})
    for i, marker in enumerate(used):
        label = f"{_MARKERS[marker]} {say('geometry.layer', number=marker + 1)}"
        shapes.append(Text((60 + 110 * i, 366), label, 12, "start", _LAYER_COLOURS[marker]))
    return figure(shapes, title)


def _plot_polygons(net: Network, result: Regions, title: str) -> str:
    """Two inputs: every piece coloured by its gradient, hue by direction and saturation by size."""
    plane = Plane(_BOX, _BOX, (48.0, 16.0, 368.0, 336.0))
    colours = slope_colours(result.maps.A[:, 0])
    shapes: list[Shape] = [
        plane.area(polygon, _hex(colour), "#303030") for polygon, colour in zip(result.polygons, colours, strict=True)
    ]
    return figure([*shapes, *axis_labels(plane)], title, 400) + paragraph(say("lab_pages.colours_by_slope"), "note")


def _plot_curve(net: Network, title: str) -> str:
    x = np.linspace(*_BOX, 401)
    y = net(x[:, None])[:, 0]
    plane = Plane(_BOX, padded_interval(y))
    return figure([*plane.axes(), *plane.curve(x, y, BLUE, 2.6)], title)


def _level_lines(net: Network, title: str) -> str:
    """Two inputs and a curved or an affine function: level lines of the output."""
    from contourpy import contour_generator

    plane = Plane(_BOX, _BOX, (48.0, 16.0, 368.0, 336.0))
    side = np.linspace(*_BOX, 61)
    X, Y = np.meshgrid(side, side)
    Z = net(np.column_stack([X.ravel(), Y.ravel()]))[:, 0].reshape(X.shape)
    lines = contour_generator(side, side, Z)
    shapes: list[Shape] = axis_labels(plane)
    for level in np.linspace(Z.min(), Z.max(), 12)[1:-1]:
        for line in map(np.asarray, lines.lines(float(level))):
            shapes += plane.curve(line[:, 0], line[:, 1], BLUE, 1.4)
    return figure(shapes, title, 400) + paragraph(say("lab_pages.level_lines"), "note")


def _beside(picture: str, net: Network) -> str:
    return f'<div class="lab-beside"><div>{picture}</div>{_layer_table(net)}</div>'


def _layer_table(net: Network) -> str:
    """Table of the layers: activation, size, whether it bends."""
    rows = [
        (str(i + 1), layer.activation.name, f"{layer.inputs} → {layer.outputs}",
         say("lab_pages.layer_bends" if layer.bends else "lab_pages.layer_straight"))
        for i, layer in enumerate(net.layers)
    ]  # fmt: skip
    head = (say("lab_pages.layer"), say("lab_pages.activation"), say("lab_pages.size"), say("lab_pages.does"))
    return table(head, rows)


def _affine(slopes: Array, constant: float) -> str:
    names = ["x"] if len(slopes) == 1 else [f"x{i + 1}" for i in range(len(slopes))]
    text = "y = "
    for i, (slope, name) in enumerate(zip(slopes, names, strict=True)):
        sign = "" if i == 0 and slope >= 0 else "−" if i == 0 else " − " if slope < 0 else " + "
        text += f"{sign}{short(abs(float(slope)))} {name}"
    return f"{text} {'−' if constant < 0 else '+'} {short(abs(constant))}"


def _hex(colour: Array) -> str:
    return "#" + "".join(f"{round(255 * float(c)):02x}" for c in colour)
