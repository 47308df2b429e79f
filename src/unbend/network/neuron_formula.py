"""`neuron_formula`: the formula of one neuron, in symbols or with its weights; `evaluation_steps` for one row."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from ..activations import activations
from ..errors import ShapeError
from ..formula.language.grammar import parse
from ..formula.language.tree import substitute
from ..formula.printing.text import to_text
from .layers import Layer
from .trace import Trace


def neuron_formula(
    layers: Sequence[Layer], layer: int, neuron: int, *, numbers: bool, digits: int | None = None
) -> str:
    """Such as ``h1 = sigmoid(x1*w11 + x2*w21 + b1)``; ``numbers`` puts the weights and the bias in, those rounded to
    so many significant ``digits`` and without weights of 0.

    Raises ``ShapeError`` where there is no such layer or neuron.
    """
    _check_indices(layers, layer, neuron)
    this = layers[layer]
    inputs, own = value_names(layers, layer), value_names(layers, layer + 1)[neuron]
    if numbers:
        weights, bias = [_number(w, digits) for w in this.W[:, neuron]], _number(this.b[neuron], digits)
    else:
        weights = [weight_name(layers, layer, i, neuron) for i in range(this.inputs)]
        bias = bias_name(layer, neuron)
    return f"{own} = {_activated(this.activation.name, _weighted_sum(inputs, weights, bias, digits))}"


def evaluation_steps(layers: Sequence[Layer], layer: int, neuron: int, trace: Trace, digits: int | None = None) -> str:
    """The neuron's formula evaluated for the one row of ``trace``: numbers put in, the sum, the value, joined by =."""
    this = layers[layer]
    inputs = trace.h[layer - 1] if layer else trace.x
    weights = [_number(w, digits) for w in this.W[:, neuron]]
    values = [_bracketed(_number(v, digits)) for v in inputs[0]]
    weighted_sum = _weighted_sum(values, weights, _number(this.b[neuron], digits), digits)
    name = this.activation.name
    steps = [_activated(name, weighted_sum)]
    if name != "identity":
        steps.append(_activated(name, _number(trace.z[layer][0, neuron], digits)))
    return " = ".join([*steps, _number(trace.h[layer][0, neuron], digits)])


def value_names(layers: Sequence[Layer], layer: int) -> list[str]:
    """The names of the values that enter layer ``layer``; those of the outputs where it is the number of layers.

    x1, x2, … at 0; h1, … inside (h2_1, … from the second hidden layer on); y1, … after the last.
    """
    if layer == 0:
        return [f"x{i + 1}" for i in range(layers[0].inputs)]
    stem = "y" if layer == len(layers) else "h" if layer == 1 else f"h{layer}_"
    return [f"{stem}{i + 1}" for i in range(layers[layer - 1].outputs)]


def weight_name(layers: Sequence[Layer], layer: int, i: int, j: int) -> str:
    """The weight from value i to neuron j (from 0): w11, with the layer in front from the second on: w2_11."""
    separator = "_" if max(layers[layer].inputs, layers[layer].outputs) > 9 else ""
    return f"w{_layer_prefix(layer)}{i + 1}{separator}{j + 1}"


def bias_name(layer: int, j: int) -> str:
    """The bias of neuron j (from 0): b1, with the layer in front from the second on: b2_1."""
    return f"b{_layer_prefix(layer)}{j + 1}"


def _layer_prefix(layer: int) -> str:
    return f"{layer + 1}_" if layer else ""


def _check_indices(layers: Sequence[Layer], layer: int, neuron: int) -> None:
    if not 0 <= layer < len(layers):
        raise ShapeError("network.no_such_part", what="layer", got=layer, last=len(layers) - 1)
    if not 0 <= neuron < layers[layer].outputs:
        raise ShapeError("network.no_such_part", what="neuron", got=neuron, last=layers[layer].outputs - 1)


def _activated(name: str, argument: str) -> str:
    """The activation applied to an expression; a user's formula has the expression substituted for x."""
    if name == "identity":
        return argument
    if name in activations:
        return f"{name}({argument})"
    return to_text(substitute(parse(name), {"x": parse(argument)}))


def _weighted_sum(values: list[str], weights: list[str], bias: str, digits: int | None) -> str:
    """v1*w1 + v2*w2 + b, a weight's minus sign at the front of its term; without terms of 0 where rounded."""
    terms = [
        f"-{v}*{w[1:]}" if w.startswith("-") else f"{v}*{w}"
        for v, w in zip(values, weights, strict=True)
        if digits is None or w != "0"
    ]
    first, *others = [*terms, bias] if digits is None or bias != "0" else [*terms, *([] if terms else ["0"])]
    text = first
    for term in others:
        text += f" - {term[1:]}" if term.startswith("-") else f" + {term}"
    return text


def _bracketed(number: str) -> str:
    return f"({number})" if number.startswith("-") else number


def _number(value: Any, digits: int | None = None) -> str:
    """The shortest decimal that reads back as the same number of its dtype, or rounded to so many digits."""
    if digits is not None:
        value = float(f"{value:.{digits}g}") + 0.0  # no minus before a zero
    text = np.format_float_positional(value, trim="0") if 1e-4 <= abs(value) < 1e7 or value == 0 else str(value)
    return text.removesuffix(".0") if "e" not in text else text
