"""The page *Bend*: its fields, one neuron with its activation, and affine layers that collapse to one line."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from threading import Lock
from typing import Any

import numpy as np

from ..activations import Activation, activation, activations
from ..arrays import Array
from ..figures.plane import Plane, padded_interval
from ..figures.shapes import Shape
from ..geometry import collapse
from ..network import Network
from ..report.html import paragraph, table
from ..widgets.fields import Choice, Field, Number, TextLine
from ..words import say
from .charts import BLUE, RED, SOFT, break_at_jumps, figure, legend, short

OWN = "own"  # the activation given by a formula of the reader's own
_BOX = (-3.0, 3.0)
_MATPLOTLIB = Lock()  # its settings are global, and every reader has a thread


def fields() -> list[Field]:
    """What the reader can set."""
    named = tuple((name, name) for name in activations)
    own = (OWN, say("lab_pages.own_activation"))
    inputs = tuple((n, say(f"lab_pages.inputs_{n}")) for n in ("1", "2"))
    return [
        Choice("h", "sigmoid", say("lab_pages.activation"), (*named, own)),
        TextLine("own", "max(x, 0.2*x)", say("lab_pages.own_formula_in_x"), 120, needs=(("h", OWN),)),
        Number("x", 1.0, say("lab_pages.at_x"), low=-5.0, high=5.0, step=0.1),
        Number("w", 1.0, say("lab_pages.weight"), low=-4.0, high=4.0, step=0.1),
        Number("b", 0.0, say("lab_pages.bias"), low=-4.0, high=4.0, step=0.1),
        Number("depth", 3, say("lab_pages.depth"), low=1, high=6, step=1),
        Number("slope", 1.2, say("lab_pages.slope_a"), low=-2.0, high=2.0, step=0.1),
        Number("shift", 0.5, say("lab_pages.shift_b"), low=-2.0, high=2.0, step=0.1),
        Number("layers", 2, say("lab_pages.layers"), low=1, high=5, step=1),
        Number("neurons", 6, say("lab_pages.width"), low=1, high=12, step=1),
        Choice("bend", "identity", say("lab_pages.bend_in_layers"), named),
        Choice("inputs", "1", say("lab_pages.inputs"), inputs),
        Number("seed", 0, say("lab.seed"), low=0, high=99, step=1),
    ]


def selected_activation(values: Mapping[str, Any]) -> Activation:
    """The activation selected or written. Raises ``FormulaError`` where the text is no formula in x."""
    return activation(values["own"] if values["h"] == OWN else values["h"])


def neuron(values: Mapping[str, Any]) -> tuple[str, str]:
    """(one sentence, picture and table of facts as HTML) for the neuron h(w x + b) at x."""
    h, w, b, x = selected_activation(values), float(values["w"]), float(values["b"]), float(values["x"])
    y = w * x + b
    z, slope = float(h(np.array([y]))[0]), float(h.derivative(np.array([y]))[0])
    sentence = say("lab_pages.neuron_summary", y=short(y), z=short(z), slope=short(slope))
    kinks = ", ".join(short(k) for k in h.kinks) or say("figures.no_kinks")
    low, high = (("−∞" if v < 0 else "∞") if not np.isfinite(v) else short(v) for v in h.range)
    rows = [
        ("h(x)", h.formula),
        (say("lab_pages.values_between"), f"{low} … {high}"),
        (say("lab_pages.kinks"), kinks),
        (say("lab_pages.bends"), say("lab_pages.bends_yes" if h.bends else "lab_pages.bends_no")),
        (say("lab_pages.forward"), f"x = {short(x)} → y = w x + b = {short(y)} → z = h(y) = {short(z)}"),
    ]
    if h.name == "sigmoid":
        rows.append((say("lab_pages.backward"), f"log(z/(1 − z)) = {short(y)}"))
    facts = table((say("lab_pages.fact"), say("lab_pages.value")), rows)
    return sentence, f'<div class="lab-beside">{_neuron_picture(h, w, b, x)}{facts}</div>'


def _neuron_picture(h: Activation, w: float, b: float, x: float) -> str:
    grid = np.linspace(-5.0, 5.0, 401)
    with np.errstate(all="ignore"):
        value, slope = h(w * grid + b), h.derivative(w * grid + b)
    plane = Plane((-5.0, 5.0), _window(value))
    jumps = np.array([(k - b) / w for k in h.kinks]) if w else np.zeros(0)
    shapes: list[Shape] = plane.axes("x", "")
    shapes += plane.curve(*break_at_jumps(grid, slope, jumps), RED, 1.6, dash=True)
    shapes += plane.curve(*break_at_jumps(grid, value, jumps), BLUE, 2.6)
    at = float(h(np.array([w * x + b]))[0])
    low, high = plane.y
    shapes += plane.curve(np.array([x, x]), np.array([low, high]), SOFT, 1.0, dash=True)
    if low <= at <= high:
        shapes.append(plane.dot(x, at, BLUE, 6))
    shapes += legend([("z = h(w x + b)", BLUE, False), (say("lab_pages.slope_of_h"), RED, True)])
    return figure(shapes, say("lab_pages.neuron_picture", name=h.name, x=short(x), z=short(at)))


def _window(y: Array) -> tuple[float, float]:
    """The y range of the curve, clipped to a readable height."""
    low, high = padded_interval(np.clip(y, -6.0, 6.0), 2.4)
    return min(low, -0.3), max(high, 1.3)


def chain(values: Mapping[str, Any]) -> tuple[str, str]:
    """(one sentence, HTML) for h(x) = a x + b composed with itself: the exact line it collapses to."""
    n, a, b = int(values["depth"]), float(values["slope"]), float(values["shift"])
    layer = (np.array([[a]]), np.array([b]))
    merged = collapse(Network.from_arrays([layer] * n, dtype="float64")).layers[0]
    A, c = float(merged.W[0, 0]), float(merged.b[0])
    sentence = say("lab_pages.chain_summary", layers=n, a=short(A), c=short(c))
    powers = " + ".join("1" if k == 0 else "a" if k == 1 else f"a{_superscript(k)}" for k in reversed(range(n)))
    grid = np.array(_BOX)
    plane = Plane(_BOX, (-6.0, 6.0))
    shapes: list[Shape] = plane.axes()
    y = grid
    for k in range(n):
        y = a * y + b
        last = k == n - 1
        shapes += plane.curve(grid, y, BLUE if last else SOFT, 3.0 if last else 1.2, dash=not last)
    shapes += legend([(say("lab_pages.all_layers"), BLUE, False), (say("lab_pages.fewer_layers"), SOFT, True)])
    formula = (
        f"a{_superscript(n) if n > 1 else ''}x + b({powers}) = {short(A)} x {'−' if c < 0 else '+'} {short(abs(c))}"
    )
    return sentence, paragraph(formula) + figure(shapes, sentence)


def _superscript(power: int) -> str:
    return "".join("⁰¹²³⁴⁵⁶⁷⁸⁹"[int(d)] for d in str(power))


@cache
def all_activations(language: str) -> str:
    """Plots of all activations, drawn once for each language."""
    from ..figures.curves import sigmoid_output
    from ..report.pictures import svg

    with _MATPLOTLIB:
        picture = svg(sigmoid_output(), say("figures.sigmoid_output_title"))
    return f'<figure class="wide" tabindex="0">{picture}</figure>'


def nonlinear_model() -> str:
    """Diagram of a nonlinear model: a weighted sum passed through the sigmoid."""
    from ..figures.model_diagrams import dl_non_linear

    return f'<figure class="wide" tabindex="0">{dl_non_linear().svg()}</figure>'
