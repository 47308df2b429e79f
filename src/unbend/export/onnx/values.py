"""`Value`: a value in an ONNX graph as a formula of one layer's z; `network_layers` turns the last into layers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import numpy as np

from ...activations import activation
from ...arrays import Array
from ...errors import ModelError
from ...formula.language.tree import Name, Node
from .elementwise import GRID, recognize_activation

X: Node = Name("x")
_WIDEST = 4096  # columns; a scale on its own needs a square matrix


@dataclass(frozen=True, eq=False)
class Layer:
    """z = value W + b, before any activation; ``value`` None is the graph's input."""

    value: Value
    W: Array
    b: Array
    has_bias: bool


@dataclass(frozen=True, eq=False)
class Value:
    """scale * tree(z) + shift, column by column: ``layer`` None has the graph's input for z.

    ``curve`` is the formula over ``GRID`` and ``size`` counts its operations: a tree may share parts so often that it
    could not be written out. ``is_flat``: the value is (rows, columns). ``has_softmax``: a softmax
    follows it. ``selected``: the columns that a Gather took of it, which a product must follow.
    """

    layer: Layer | None
    tree: Node = X
    curve: Array = field(default_factory=lambda: GRID)
    size: int = 0
    scale: Array | None = None
    shift: Array | None = None
    is_flat: bool = True
    has_softmax: bool = False
    selected: tuple[int, ...] | None = None

    @property
    def width(self) -> int | None:
        """The number of columns, where known."""
        if self.layer is not None:
            return int(self.layer.W.shape[1])
        return None if self.scale is None else len(self.scale)

    def times(self, W: Array, b: Array, where: str, has_bias: bool = True) -> Value:
        """value W + b as the z of a new layer; scale and shift go into W and b."""
        if self.selected is not None:
            W = _with_rows(W, self.selected, self.width, where)
        if W.ndim != 2 or W.shape[0] == 0 or W.shape[1] == 0 or self.width not in (None, W.shape[0]):
            raise ModelError("export.onnx_shape", name=where, got=W.shape, wanted=f"({self.width or 'n'}, m)")
        if self.scale is not None and self.shift is not None:
            b = b + self.shift @ W
            W = self.scale[:, None] * W
        inside = replace(self, scale=None, shift=None, selected=None)
        return Value(Layer(inside, W, np.broadcast_to(b, W.shape[1:]), has_bias))

    def scaled(self, scale: Array, shift: Array, where: str) -> Value:
        """value * scale + shift by columns (1, n) or (n,)."""
        n = self.width or max(scale.size, shift.size)
        rows = [np.broadcast_to(part.reshape(-1), (n,)) for part in (scale, shift) if part.size in (1, n)]
        if len(rows) != 2:
            raise ModelError("export.onnx_shape", name=where, got=(scale.shape, shift.shape), wanted=f"({n},)")
        scale, shift = rows
        old_scale, old_shift = (np.ones(n), np.zeros(n)) if self.scale is None else (self.scale, self.shift)
        return replace(self, scale=old_scale * scale, shift=old_shift * scale + shift)

    @cached_property
    def absorbed(self) -> Value:
        """Without scale and shift: these become part of the layer before, or a layer of their own."""
        if self.scale is None or self.shift is None:
            return self
        before = self.layer
        if before is not None and self.tree == X:
            inside, W, b = before.value, before.W * self.scale, before.b * self.scale + self.shift
        elif len(self.scale) > _WIDEST:
            raise ModelError("export.onnx_no_layer")
        else:
            inside, W, b = replace(self, scale=None, shift=None), np.diag(self.scale), self.shift
        return Value(Layer(inside, W, b, True), has_softmax=self.has_softmax)


def _with_rows(W: Array, selected: tuple[int, ...], width: int | None, where: str) -> Array:
    """The product with the selected columns as one with all columns."""
    if W.ndim != 2 or len(W) != len(selected) or width is None or width > _WIDEST:
        raise ModelError("export.onnx_shape", name=where, got=W.shape, wanted=f"({len(selected)}, m)")
    full = np.zeros((width, W.shape[1]))
    np.add.at(full, list(selected), W)
    return full


def side_by_side(values: Sequence[Value]) -> Value | None:
    """Products of one value side by side, as one product; None for anything else."""
    layers = [value.layer for value in values if value.layer is not None]
    if len(layers) != len(values) or any(v.tree != X or v.scale is not None or v.selected for v in values):
        return None
    first = layers[0].value
    if any(layer.value.layer is not first.layer or layer.value.tree is not first.tree for layer in layers):
        return None
    W, b = np.hstack([layer.W for layer in layers]), np.concatenate([layer.b for layer in layers])
    return Value(Layer(first, W, b, True))


def network_layers(value: Value, dtype: np.dtype[Any], where: str) -> list[tuple[Array, Array, str]]:
    """(W, b, activation) of the layers that the value comes from, first to last."""
    layers: list[tuple[Array, Array, str]] = []
    value = value.absorbed
    while value.layer is not None:
        name = recognize_activation(value.tree, value.curve, value.size, dtype, where)
        layers.append((value.layer.W, value.layer.b, name))
        value = value.layer.value
    if not layers:
        raise ModelError("export.onnx_no_layer")
    if value.tree != X:  # a formula of the input itself
        name = recognize_activation(value.tree, value.curve, value.size, dtype, where)
        W, b, after = layers[-1]
        if line := activation(name).affine:
            layers[-1] = (line[0] * W, b + line[1] * W.sum(axis=0), after)
        elif len(W) > _WIDEST:
            raise ModelError("export.onnx_no_layer")
        else:
            layers.append((np.eye(len(W)), np.zeros(len(W)), name))
    return layers[::-1]
