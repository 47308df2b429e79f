"""`ExportModel`: what every export target writes: a network, its columns, how missing values are filled, its labels."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from ..arrays import Array
from ..data.column_encoder import ColumnEncoder
from ..network import Network
from ..verdict.text.text_column_encoder import TextColumnEncoder


@dataclass(frozen=True)
class Feature:
    """One input of the network, made from column ``column`` (from 0): its value, or whether it is missing (1 or 0).

    A missing value (NaN, infinite, or outside ``low`` … ``high``, as in the encoder) becomes ``fill``.
    """

    column: int
    fill: float = 0.0
    is_missing_flag: bool = False
    low: float = -math.inf
    high: float = math.inf

    @property
    def has_limits(self) -> bool:
        """Whether finite values may count as missing."""
        return math.isfinite(self.low)


@dataclass(frozen=True, eq=False, kw_only=True)
class ExportModel:
    """A network with everything that the exported file says about it.

    ``columns`` names what the exported code takes, in order, and ``units`` says what a column that is no plain number
    is counted in ("" for plain numbers). ``features`` tells how the network's inputs are made from the columns; None
    where the columns are the inputs. ``is_encoded``: the columns are an encoder's outputs, not a table's columns.
    ``outputs`` names the values before any softmax; ``classes`` the labels, () for numbers. With two classes one
    output will do: the log odds of the second. ``metadata`` is what a model file stores beside the network.
    ``encoders`` are those of a table model's columns, in the order of the network's inputs: targets that take a table's
    own columns (``category = 'x'``) read them; () for a bare network. ``texts`` are those of its text columns, which
    come after them. ``target`` is the column that is predicted.
    """

    network: Network
    columns: tuple[str, ...]
    outputs: tuple[str, ...]
    classes: tuple[str, ...] = ()
    features: tuple[Feature, ...] | None = None
    units: tuple[str, ...] = ()
    is_encoded: bool = False
    encoders: tuple[ColumnEncoder, ...] = ()
    texts: tuple[TextColumnEncoder, ...] = ()
    target: str = "y"
    metadata: Mapping[str, Any] = field(default_factory=dict)

    @property
    def has_log_odds(self) -> bool:
        """Whether one output, the log odds of the second class, stands for two classes."""
        return len(self.classes) == 2 and self.network.outputs == 1


def fill_missing(features: Sequence[Feature], x: Array) -> Array:
    """The network's inputs (n, features) from columns (n, columns): what exported code does, in NumPy."""
    inputs = []
    for f in features:
        value = x[:, f.column]
        missing = ~np.isfinite(value) | (value < f.low) | (value > f.high)
        inputs.append(missing if f.is_missing_flag else np.where(missing, f.fill, value))
    return np.stack(inputs, axis=1).astype(x.dtype)
