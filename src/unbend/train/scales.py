"""`Scales`: training on standardised columns, and the network on raw columns made from the trained one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..arrays import Array
from ..network import Loss, Network, Scaler, fold
from .arguments import Split

BLOCK = 1 << 18  # cells scaled at a time
_UNITS = {0: "nats", 1: "y", 2: "y²"}


@dataclass(frozen=True)
class Scales:
    """The scales of x and y (None: not scaled) in the training of ``net``, and what follows for losses.

    A loss on scaled y times ``loss_factor`` is in ``unit``.
    """

    net: Network
    x: Scaler | None
    y: Scaler | None
    unit_power: int

    @classmethod
    def of(cls, net: Network, loss: Loss, rows: Split, weights: Array | None, scale: bool) -> Scales:
        """Mean and standard deviation of the training rows; y is scaled where the last layer is straight."""
        if not scale:
            return cls(net, None, None, loss.unit_power)
        train_weights = None if weights is None else weights[rows.train]
        scales_y = not net.layers[-1].bends and loss.unit_power > 0
        return cls(
            net,
            Scaler.of(rows.x if rows.validation is None else rows.x[rows.train], train_weights),
            Scaler.of(rows.y[rows.train], train_weights) if scales_y else None,
            loss.unit_power,
        )

    def scaled(self, rows: Split) -> tuple[Array, Array]:
        """x and y of all rows as the training takes them, in the network's float type; not copied where they are."""
        dtype = self.net.dtype
        y = rows.y if self.y is None else self.y(rows.y)
        if rows.y.dtype.kind == "f":
            y = np.ascontiguousarray(y, dtype)
        return (np.ascontiguousarray(rows.x, dtype) if self.x is None else _scaled(self.x, rows.x, dtype)), y

    def network(self, pairs: Sequence[tuple[Array, Array]]) -> Network:
        """The network on raw columns with weights (W, b) learned on scaled ones."""
        trained = self.net.with_arrays(pairs)
        return trained if self.x is None else fold(trained, self.x, self.y)

    @property
    def loss_factor(self) -> float:
        """From the loss on scaled y to the loss in ``unit``."""
        if self.y is None or len(self.y.scale) != 1:
            return 1.0
        return float(self.y.scale[0] ** self.unit_power)

    @property
    def unit(self) -> str:
        """Of the losses: of y, or none where several outputs were scaled each by its own size."""
        several = self.y is not None and len(self.y.scale) > 1
        return "standardised" if several else _UNITS[self.unit_power]


def _scaled(scaler: Scaler, x: Array, dtype: np.dtype[Any]) -> Array:
    """Standardised columns in this float type; only a block of rows is in float64 at a time."""
    scaled: Array = np.empty(x.shape, dtype)
    size = max(1, BLOCK // max(1, x.shape[1]))
    for start in range(0, len(x), size):
        scaled[start : start + size] = scaler(x[start : start + size])
    return scaled
