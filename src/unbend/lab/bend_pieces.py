"""The page *Bend*, its last part: a network that is stacked by sliders, drawn with its straight pieces."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise
from typing import Any

import numpy as np

from ..arrays import Array
from ..figures.plane import Plane, around
from ..figures.regions import slope_colours
from ..figures.shapes import Shape, Text
from ..geometry import collapse, regions
from ..geometry.pieces import curved_layers
from ..geometry.regions import Regions
from ..network import Network
from ..report.html import paragraph, table
from ..words import say
from .drawing import BLUE, INK, figure, frame, short

_BOX = (-3.0, 3.0)
_LAYERS = ("#c1432e", "#2f6db3", "#3c8d40", "#8d5fb0", "#b8860b")  # as in the pictures of pieces
_MARKS = "●■▲◆★"  # a layer is told by its mark as well


def network(values: Mapping[str, Any]) -> Network:
    """The network that the sliders describe, in float64, its numbers drawn with the seed."""
    rng = np.random.default_rng(int(values["seed"]))
    sizes = [int(values["inputs"]), *[int(values["neurons"])] * int(values["layers"]), 1]
    pairs = [(rng.normal(0, (2 / i) ** 0.5, (i, o)), rng.normal(0, 0.7, o)) for i, o in pairwise(sizes)]
    return Network.from_arrays(pairs, [values["bend"]] * int(values["layers"]) + ["identity"], "float64")


def pieces(values: Mapping[str, Any]) -> tuple[str, str, str]:
    """(one sentence, its kind, HTML): the network drawn with its straight pieces, and what each layer does."""
    net = network(values)
    if not net.bends:
        flat = collapse(net).layers[0]
        said = say("lab_pages.one_line", layers=len(net.layers), map=_affine(flat.W[:, 0], float(flat.b[0])))
        kind = "good"
    elif curved_layers(net):
        said, kind = say("lab_pages.curved", name=values["bend"]), "plain"
    else:
        found = regions(net, box=[list(_BOX)] * net.inputs)
        assert isinstance(found, Regions)
        said = say("lab_pages.pieces_are", count=found.count, layers=len(net.layers))
        draw = _segment if net.inputs == 1 else _rectangle
        return said, "plain", _beside(draw(net, found, said), net)
    return said, kind, _beside(_curve(net, said) if net.inputs == 1 else _heights(net, said), net)


def python(values: Mapping[str, Any]) -> str:
    """The same network in Python, with its numbers."""
    net = network(values)
    pairs = ",\n    ".join(f"({W.round(6).tolist()}, {b.round(6).tolist()})" for W, b in net.arrays)
    names = [layer.activation.name for layer in net.layers]
    made = f"import unbend as ub\n\nnet = ub.Network.from_arrays([\n    {pairs},\n], {names}, dtype='float64')\n"
    box = [list(_BOX)] * net.inputs
    asked = "net" if curved_layers(net) else f"ub.regions(net, box={box})"
    return f"{made}print(net.bends, ub.collapse(net))\nprint({asked})\n"


def _segment(net: Network, found: Regions, title: str) -> str:
    """One input: pieces in two alternating colours, a mark on every bend by the layer that makes it."""
    ends = np.array(found.polygons)
    A, c = found.maps.A[:, 0, 0], found.maps.c[:, 0]
    heights = A[:, None] * ends + c[:, None]
    plane = Plane(_BOX, around(heights))
    shapes: list[Shape] = plane.axes()
    for k, (x, y) in enumerate(zip(ends, heights, strict=True)):
        shapes += plane.curve(x, y, INK if k % 2 else BLUE, 2.6)
    edges = found.edges
    inner = np.flatnonzero((edges.left >= 0) & (edges.right >= 0))
    x = found.vertices[edges.ends[inner, 0], 0]
    after = np.clip(np.searchsorted(ends[:, 0], x, side="left"), 0, len(ends) - 1)
    y = A[after] * x + c[after]
    for place, height, layer in zip(x, y, edges.layer[inner], strict=True):
        mark = int(layer) % len(_LAYERS)
        shapes.append(Text(plane.at(float(place), float(height)), _MARKS[mark], 13, colour=_LAYERS[mark]))
    used = sorted({int(layer) % len(_LAYERS) for layer in edges.layer[inner]})
    for i, mark in enumerate(used):
        label = f"{_MARKS[mark]} {say('geometry.layer', number=mark + 1)}"
        shapes.append(Text((60 + 110 * i, 366), label, 12, "start", _LAYERS[mark]))
    return figure(shapes, title)


def _rectangle(net: Network, found: Regions, title: str) -> str:
    """Two inputs: every piece coloured by its slope, hue by direction and depth by size."""
    plane = Plane(_BOX, _BOX, (48.0, 16.0, 368.0, 336.0))
    colours = slope_colours(found.maps.A[:, 0])
    shapes: list[Shape] = [
        plane.area(polygon, _hex(colour), "#303030") for polygon, colour in zip(found.polygons, colours, strict=True)
    ]
    return figure([*shapes, *frame(plane)], title, 400) + paragraph(say("lab_pages.colours_by_slope"), "note")


def _curve(net: Network, title: str) -> str:
    x = np.linspace(*_BOX, 401)
    y = net(x[:, None])[:, 0]
    plane = Plane(_BOX, around(y))
    return figure([*plane.axes(), *plane.curve(x, y, BLUE, 2.6)], title)


def _heights(net: Network, title: str) -> str:
    """Two inputs without straight pieces, or with one: level lines of the output."""
    from contourpy import contour_generator

    plane = Plane(_BOX, _BOX, (48.0, 16.0, 368.0, 336.0))
    side = np.linspace(*_BOX, 61)
    X, Y = np.meshgrid(side, side)
    Z = net(np.column_stack([X.ravel(), Y.ravel()]))[:, 0].reshape(X.shape)
    lines = contour_generator(side, side, Z)
    shapes: list[Shape] = frame(plane)
    for level in np.linspace(Z.min(), Z.max(), 12)[1:-1]:
        for line in map(np.asarray, lines.lines(float(level))):
            shapes += plane.curve(line[:, 0], line[:, 1], BLUE, 1.4)
    return figure(shapes, title, 400) + paragraph(say("lab_pages.level_lines"), "note")


def _beside(picture: str, net: Network) -> str:
    return f'<div class="lab-beside"><div>{picture}</div>{_layers(net)}</div>'


def _layers(net: Network) -> str:
    """What every layer does with its values."""
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
