"""The page *Bend*: one activation under the hand, layers that collapse to a line, and the pieces that bends make."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from itertools import pairwise
from threading import Lock
from typing import Any

import numpy as np

from ..activations import Activation, activation, activations
from ..figures.plane import Array, Plane, around
from ..figures.scene import Line as Stroke
from ..figures.scene import Scene, Shape, Text
from ..geometry import collapse, regions
from ..geometry.pictures import slope_colours
from ..geometry.pieces import curved_layers
from ..geometry.regions import Regions
from ..network import Network
from ..report.html import paragraph, table
from ..words import say
from .state import Choice, Field, Line, Number

OWN = "own"
_BLUE, _RED, _INK, _SOFT = "#1b6ca8", "#b5471b", "#222222", "#777777"
_BOX = (-3.0, 3.0)
_LAYERS = ("#c1432e", "#2f6db3", "#3c8d40", "#8d5fb0", "#b8860b")  # as in the pictures of pieces
_DRAWING = Lock()  # Matplotlib's settings are everybody's, and every reader has a thread
_MARKS = "●■▲◆★"  # a layer is told by its mark as well


def fields() -> list[Field]:
    """What the reader can set."""
    named = tuple((name, name) for name in activations)
    own = (OWN, say("lab_pages.own_activation"))
    inputs = tuple((n, say(f"lab_pages.inputs_{n}")) for n in ("1", "2"))
    return [
        Choice("h", "sigmoid", say("lab_pages.activation"), (*named, own)),
        Line("own", "max(x, 0.2*x)", say("lab_pages.own_formula_in_x"), 120, needs=(("h", OWN),)),
        Number("x", 1.0, say("lab_pages.at_x"), -5.0, 5.0, 0.1),
        Number("w", 1.0, say("lab_pages.weight"), -4.0, 4.0, 0.1),
        Number("b", 0.0, say("lab_pages.bias"), -4.0, 4.0, 0.1),
        Number("depth", 3, say("lab_pages.depth"), 1, 6, 1),
        Number("slope", 1.2, say("lab_pages.slope_a"), -2.0, 2.0, 0.1),
        Number("shift", 0.5, say("lab_pages.shift_b"), -2.0, 2.0, 0.1),
        Number("layers", 2, say("lab_pages.layers"), 1, 5, 1),
        Number("neurons", 6, say("lab_pages.width"), 1, 12, 1),
        Choice("bend", "identity", say("lab_pages.bend_in_layers"), named),
        Choice("inputs", "1", say("lab_pages.inputs"), inputs),
        Number("seed", 0, say("lab.seed"), 0, 99, 1),
    ]


def record(values: Mapping[str, Any]) -> Activation:
    """The activation picked or written. Raises ``FormulaError`` where the text is no formula in x."""
    return activation(values["own"] if values["h"] == OWN else values["h"])


def neuron(values: Mapping[str, Any]) -> tuple[str, str]:
    """(one sentence, picture and facts as HTML) of h(w x + b) at x."""
    h, w, b, x = record(values), float(values["w"]), float(values["b"]), float(values["x"])
    y = w * x + b
    z, slope = float(h(np.array([y]))[0]), float(h.derivative(np.array([y]))[0])
    said = say("lab_pages.neuron_says", y=_n(y), z=_n(z), slope=_n(slope))
    kinks = ", ".join(_n(k) for k in h.kinks) or say("figures.no_kinks")
    low, high = (("−∞" if v < 0 else "∞") if not np.isfinite(v) else _n(v) for v in h.range)
    rows = [
        ("h(x)", h.formula),
        (say("lab_pages.values_between"), f"{low} … {high}"),
        (say("lab_pages.kinks"), kinks),
        (say("lab_pages.bends"), say("lab_pages.bends_yes" if h.bends else "lab_pages.bends_no")),
        (say("lab_pages.hands_on"), f"x = {_n(x)} → y = w x + b = {_n(y)} → z = h(y) = {_n(z)}"),
    ]
    if h.name == "sigmoid":
        rows.append((say("lab_pages.back"), f"log(z/(1 − z)) = {_n(y)}"))
    facts = table((say("lab_pages.fact"), say("lab_pages.value")), rows)
    return said, f'<div class="lab-beside">{_neuron_picture(h, w, b, x)}{facts}</div>'


def _neuron_picture(h: Activation, w: float, b: float, x: float) -> str:
    grid = np.linspace(-5.0, 5.0, 401)
    with np.errstate(all="ignore"):
        value, slope = h(w * grid + b), h.derivative(w * grid + b)
    plane = Plane((-5.0, 5.0), _window(value))
    jumps = np.array([(k - b) / w for k in h.kinks]) if w else np.zeros(0)
    shapes: list[Shape] = plane.axes("x", "")
    shapes += plane.curve(*_gapped(grid, slope, jumps), _RED, 1.6, dash=True)
    shapes += plane.curve(*_gapped(grid, value, jumps), _BLUE, 2.6)
    at = float(h(np.array([w * x + b]))[0])
    low, high = plane.y
    shapes += plane.curve(np.array([x, x]), np.array([low, high]), _SOFT, 1.0, dash=True)
    if low <= at <= high:
        shapes.append(plane.dot(x, at, _BLUE, 6))
    shapes += _key([("z = h(w x + b)", _BLUE, False), (say("lab_pages.slope_of_h"), _RED, True)])
    return _figure(shapes, say("lab_pages.neuron_picture", name=h.name, x=_n(x), z=_n(at)))


def chain(values: Mapping[str, Any]) -> tuple[str, str]:
    """(one sentence, HTML) of h(x) = a x + b put through itself: the exact line it collapses to."""
    n, a, b = int(values["depth"]), float(values["slope"]), float(values["shift"])
    one = (np.array([[a]]), np.array([b]))
    merged = collapse(Network.from_arrays([one] * n, dtype="float64")).layers[0]
    A, c = float(merged.W[0, 0]), float(merged.b[0])
    said = say("lab_pages.chain_says", layers=n, a=_n(A), c=_n(c))
    powers = " + ".join("1" if k == 0 else "a" if k == 1 else f"a{_raised(k)}" for k in reversed(range(n)))
    grid = np.array(_BOX)
    plane = Plane(_BOX, (-6.0, 6.0))
    shapes: list[Shape] = plane.axes()
    y = grid
    for k in range(n):
        y = a * y + b
        last = k == n - 1
        shapes += plane.curve(grid, y, _BLUE if last else _SOFT, 3.0 if last else 1.2, dash=not last)
    shapes += _key([(say("lab_pages.all_layers"), _BLUE, False), (say("lab_pages.fewer_layers"), _SOFT, True)])
    formula = f"a{_raised(n) if n > 1 else ''}x + b({powers}) = {_n(A)} x {'−' if c < 0 else '+'} {_n(abs(c))}"
    return said, paragraph(formula) + _figure(shapes, said)


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


@cache
def all_activations(language: str) -> str:
    """All activations side by side, drawn once for each language."""
    from ..figures.curves import sigmoid_output
    from ..report.pictures import svg

    with _DRAWING:
        picture = svg(sigmoid_output(), say("figures.sigmoid_output_title"))
    return f'<figure class="wide" tabindex="0">{picture}</figure>'


def nonlinear_model() -> str:
    """The weighted sum handed on through the sigmoid."""
    from ..figures.models import dl_non_linear

    return f'<figure class="wide" tabindex="0">{dl_non_linear().svg()}</figure>'


def _segment(net: Network, found: Regions, title: str) -> str:
    """One input: pieces in two alternating colours, a mark on every bend by the layer that makes it."""
    ends = np.array(found.polygons)
    A, c = found.maps.A[:, 0, 0], found.maps.c[:, 0]
    heights = A[:, None] * ends + c[:, None]
    plane = Plane(_BOX, around(heights))
    shapes: list[Shape] = plane.axes()
    for k, (x, y) in enumerate(zip(ends, heights, strict=True)):
        shapes += plane.curve(x, y, _INK if k % 2 else _BLUE, 2.6)
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
    return _figure(shapes, title)


def _rectangle(net: Network, found: Regions, title: str) -> str:
    """Two inputs: every piece coloured by its slope, hue by direction and depth by size."""
    plane = Plane(_BOX, _BOX, (48.0, 16.0, 368.0, 336.0))
    colours = slope_colours(found.maps.A[:, 0])
    shapes: list[Shape] = [
        plane.area(polygon, _hex(colour), "#303030") for polygon, colour in zip(found.polygons, colours, strict=True)
    ]
    return _figure([*shapes, *_frame(plane)], title, 400) + paragraph(say("lab_pages.colours_by_slope"), "note")


def _curve(net: Network, title: str) -> str:
    x = np.linspace(*_BOX, 401)
    y = net(x[:, None])[:, 0]
    plane = Plane(_BOX, around(y))
    return _figure([*plane.axes(), *plane.curve(x, y, _BLUE, 2.6)], title)


def _heights(net: Network, title: str) -> str:
    """Two inputs without straight pieces, or with one: level lines of the output."""
    from contourpy import contour_generator

    plane = Plane(_BOX, _BOX, (48.0, 16.0, 368.0, 336.0))
    side = np.linspace(*_BOX, 61)
    X, Y = np.meshgrid(side, side)
    Z = net(np.column_stack([X.ravel(), Y.ravel()]))[:, 0].reshape(X.shape)
    lines = contour_generator(side, side, Z)
    shapes: list[Shape] = _frame(plane)
    for level in np.linspace(Z.min(), Z.max(), 12)[1:-1]:
        for line in map(np.asarray, lines.lines(float(level))):
            shapes += plane.curve(line[:, 0], line[:, 1], _BLUE, 1.4)
    return _figure(shapes, title, 400) + paragraph(say("lab_pages.level_lines"), "note")


def _frame(plane: Plane) -> list[Shape]:
    """The numbers and names of the axes, without a grid over the pieces."""
    return [s for s in plane.axes("x1", "x2") if isinstance(s, Text)]


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
        text += f"{sign}{_n(abs(float(slope)))} {name}"
    return f"{text} {'−' if constant < 0 else '+'} {_n(abs(constant))}"


def _gapped(x: Array, y: Array, jumps: Array) -> tuple[Array, Array]:
    """The curve with a gap where it jumps."""
    near = np.zeros(len(x) - 1, dtype=bool)
    for place in jumps:
        near |= (x[:-1] <= place) & (place <= x[1:])
    at = np.flatnonzero(near & (np.abs(np.diff(y)) > 0.05)) + 1
    return np.insert(x, at, x[at]), np.insert(y, at, np.nan)


def _window(y: Array) -> tuple[float, float]:
    """The curve's height, but no more of it than can be read."""
    low, high = around(np.clip(y, -6.0, 6.0), 2.4)
    return min(low, -0.3), max(high, 1.3)


def _key(entries: list[tuple[str, str, bool]]) -> list[Shape]:
    shapes: list[Shape] = []
    x = 60.0
    for text, colour, dash in entries:
        label = Text((x + 34, 366), text, 12, "start", "#555555")  # placed as if larger: it is on a narrow screen
        shapes += [Stroke(((x, 366), (x + 28, 366)), colour, 2.2, dash), label]
        x += 34 + 1.35 * (label.box[2] - label.box[0]) + 18
    return shapes


def _figure(shapes: list[Shape], title: str, width: float = 560) -> str:
    narrow = ' class="narrow"' if width < 500 else ""
    return f"<figure{narrow}>{Scene(width, 378, tuple(shapes), title).svg()}</figure>"


def _hex(colour: Array) -> str:
    return "#" + "".join(f"{round(255 * float(c)):02x}" for c in colour)


def _raised(power: int) -> str:
    return "".join("⁰¹²³⁴⁵⁶⁷⁸⁹"[int(d)] for d in str(power))


def _n(value: float) -> str:
    return f"{value:.4g}".replace("-", "−")
