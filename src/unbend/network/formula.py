"""Any neuron's own formula: in symbols, in numbers, and worked out for one row."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from ..activations import activations
from ..errors import ShapeError

if TYPE_CHECKING:
    from .network import Network


def neuron_formula(net: Network, layer: int, neuron: int, numbers: bool, x: Any) -> str:
    """See ``Network.formula``."""
    _check(net, layer, neuron)
    here = net.layers[layer]
    inputs, own = names(net, layer), names(net, layer + 1)[neuron]
    weights = [_number(w) if numbers else weight_name(net, layer, i, neuron) for i, w in enumerate(here.W[:, neuron])]
    bias = _number(here.b[neuron]) if numbers else bias_name(net, layer, neuron)
    text = f"{own} = {_activated(here.activation.name, _sum(inputs, weights, bias))}"
    if x is None:
        return text
    rows = net.rows(x)
    if len(rows) != 1:
        raise ShapeError("network.one_row", got=len(rows))
    trace = net.trace(rows)
    before = trace.h[layer - 1] if layer else trace.x
    numbers_in = [_number(w) for w in here.W[:, neuron]]
    put_in = _sum([_bracketed(_number(v)) for v in before[0]], numbers_in, _number(here.b[neuron]))
    name, answer = here.activation.name, _number(trace.h[layer][0, neuron])
    steps = [text, _activated(name, put_in)]
    if name != "identity":
        steps.append(_activated(name, _number(trace.z[layer][0, neuron])))
    return " = ".join([*steps, answer])


def names(net: Network, layer: int) -> list[str]:
    """The names of the values before layer ``layer``: x1, x2, … at 0; h1, … inside (h2_1, … from the second hidden
    layer on); y1, … after the last."""  # fmt: skip
    if layer == 0:
        return [f"x{i + 1}" for i in range(net.inputs)]
    count = net.layers[layer - 1].outputs
    stem = "y" if layer == len(net.layers) else "h" if layer == 1 else f"h{layer}_"
    return [f"{stem}{i + 1}" for i in range(count)]


def weight_name(net: Network, layer: int, i: int, j: int) -> str:
    """The weight from value i to neuron j (from 0): w11, with the layer in front from the second on: w2_11."""
    here = net.layers[layer]
    between = "_" if max(here.inputs, here.outputs) > 9 else ""
    return f"w{_prefix(layer)}{i + 1}{between}{j + 1}"


def bias_name(net: Network, layer: int, j: int) -> str:
    """The bias of neuron j (from 0): b1, with the layer in front from the second on: b2_1."""
    return f"b{_prefix(layer)}{j + 1}"


def _prefix(layer: int) -> str:
    return f"{layer + 1}_" if layer else ""


def _check(net: Network, layer: int, neuron: int) -> None:
    if not 0 <= layer < len(net.layers):
        raise ShapeError("network.no_such_part", what="layer", got=layer, last=len(net.layers) - 1)
    if not 0 <= neuron < net.layers[layer].outputs:
        raise ShapeError("network.no_such_part", what="neuron", got=neuron, last=net.layers[layer].outputs - 1)


def _activated(name: str, inside: str) -> str:
    if name == "identity":
        return inside
    if name in activations:
        return f"{name}({inside})"
    from ..formula.language.grammar import parse  # a formula of the user's own, with the sum put in for x
    from ..formula.language.tree import substitute
    from ..formula.text import to_text

    return to_text(substitute(parse(name), {"x": parse(inside)}))


def _sum(values: list[str], weights: list[str], bias: str) -> str:
    """v1*w1 + v2*w2 + b, a minus drawn to the front of its term."""
    terms = [f"-{v}*{w[1:]}" if w.startswith("-") else f"{v}*{w}" for v, w in zip(values, weights, strict=True)]
    text = terms[0]
    for term in [*terms[1:], bias]:
        text += f" - {term[1:]}" if term.startswith("-") else f" + {term}"
    return text


def _bracketed(number: str) -> str:
    return f"({number})" if number.startswith("-") else number


def _number(value: Any) -> str:
    """The shortest decimal that reads back as the same number of its dtype."""
    text = np.format_float_positional(value, trim="0") if 1e-4 <= abs(value) < 1e7 or value == 0 else str(value)
    return text.removesuffix(".0") if "e" not in text else text
