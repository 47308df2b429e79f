"""`ScreenedInputs`: what networks of a wide table take in each fold: a part of the columns, and the linear model."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from ..arrays import Array
from ..network import Network, Scaler, unfold
from .column_screening import FEW, screen_columns
from .folds import Fold
from .scores import one_hot, probabilities

OUTPUT_CELLS = 1 << 22  # of the rows whose outputs are computed at a time


@dataclass(frozen=True, eq=False)
class ScreenedInputs:
    """In fold k the columns ``columns[k]``, standardised, then the outputs of its linear model, standardised too.

    The linear model's outputs, which all columns make up, let a network bend what depends on all of them. ``scaler`` is
    that of all columns, ``outputs[k]`` that of the outputs, ``linear[k]`` the linear model.
    """

    columns: Array
    scaler: Scaler
    linear: Sequence[Network]
    outputs: Sequence[Scaler]
    of_rows: Array

    @classmethod
    def of(
        cls, x: Array, y: Array, classes: int, folds: Sequence[Fold], linear: Sequence[Network]
    ) -> list[ScreenedInputs]:
        """Many and few of the columns of x (n, columns), chosen by each fold's training rows and its linear model."""
        raw = np.stack([linear_outputs(net, x) for net in linear])
        residuals = np.stack([_residuals(own, y, classes) for own in raw])
        weights = np.stack([net.layers[0].W for net in linear])
        columns = screen_columns(x, folds, residuals, weights)
        scales = [Scaler.of(own[train]) for own, (train, _) in zip(raw, folds, strict=True)]
        standardised = np.stack([scale(own) for scale, own in zip(scales, raw, strict=True)])
        many = cls(columns, Scaler.of(x), linear, scales, standardised.astype(np.float32))
        return [many, replace(many, columns=columns[:, :FEW])]

    def of_all_rows(self, x: Array) -> Array:
        """(folds, n, inputs) of all rows x (n, columns), float32."""
        folds, count = self.columns.shape
        inputs = np.empty((folds, len(x), count + self.of_rows.shape[2]), np.float32)
        inputs[..., count:] = self.of_rows
        for k, own in enumerate(self.columns):
            inputs[k, :, :count] = Scaler(self.scaler.centre[own], self.scaler.scale[own])(x[:, own])
        return inputs

    def on_all_columns(self, k: int, net: Network) -> Network:
        """Fold k's network of its inputs as one of all standardised columns."""
        (W, b), *others = [(W.astype(np.float64), b.astype(np.float64)) for W, b in net.arrays]
        own, through = self.columns[k], W[len(self.columns[k]) :] / self.outputs[k].scale[:, None]
        (V, c), *_ = unfold(self.linear[k], self.scaler).arrays
        W_all = V @ through
        W_all[own] += W[: len(own)]
        b = b + (c - self.outputs[k].centre) @ through
        return Network.from_arrays([(W_all, b), *others], [layer.activation for layer in net.layers], "float64")


def _residuals(output: Array, y: Array, classes: int) -> Array:
    """(n, outputs)"""
    if classes == 0:
        return y[:, None] - output
    return (one_hot(y, classes) - probabilities(output))[:, -output.shape[1] :]


def linear_outputs(net: Network, x: Array) -> Array:
    """(n, outputs) for x (n, columns), of which no more than a block is in float64 at a time."""
    size = max(1, OUTPUT_CELLS // x.shape[1])
    return np.concatenate([net(x[start : start + size]) for start in range(0, len(x), size)])
