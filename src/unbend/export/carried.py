"""What is carried away: a network with the names of its columns, the filling of missing values, and its labels."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..arrays import Array
from ..data.column_encoder import ColumnEncoder
from ..errors import ModelError
from ..network import Network
from ..verdict.model import Model
from ..words import say

_NUMBERS = ("number", "boolean", "date")


@dataclass(frozen=True)
class Feature:
    """One input of the network, made from column ``column`` (from 0): its value, or whether it is missing (1 or 0).

    A missing value (NaN or infinite, as in the encoder) becomes ``fill``.
    """

    column: int
    fill: float = 0.0
    flag: bool = False


@dataclass(frozen=True, eq=False)
class Carried:
    """A network on its way to another program.

    ``columns`` names what the exported code takes, in order, and ``units`` says what a column that is no plain number
    is counted in ("" for plain numbers). ``features`` tells how the network's inputs are made from the columns; None
    where the columns are the inputs. ``outputs`` names the values before any softmax; ``classes`` the labels, () for
    numbers. With two classes one output will do: the log odds of the second.
    """

    network: Network
    columns: tuple[str, ...]
    outputs: tuple[str, ...]
    classes: tuple[str, ...] = ()
    features: tuple[Feature, ...] | None = None
    units: tuple[str, ...] = ()
    encoded: bool = False

    @property
    def lone(self) -> bool:
        """Whether one output, the log odds, tells two classes apart."""
        return len(self.classes) == 2 and self.network.outputs == 1


def carried(what: Any, classes: Sequence[Any] | None = None) -> Carried:
    """What is needed of a ``Network``, a table ``Model`` or the ``Result`` of a fit.

    ``classes`` gives a bare network's outputs labels. Raises ``ModelError`` for anything else, for a number that is
    not finite, and where the labels are not as many as the outputs (or two for one output).
    """
    if isinstance(what, Network):
        found = _bare(what, classes)
    else:
        model = getattr(what, "model", what)
        if not isinstance(model, Model):
            raise ModelError("export.no_model", got=type(what).__name__)
        found = _table(model)
    for name, array in found.network.parameters.items():
        if not np.isfinite(array).all():
            raise ModelError("network.not_finite", name=name)
    return found


def _bare(net: Network, classes: Sequence[Any] | None) -> Carried:
    labels = tuple(str(label) for label in classes or ())
    if labels and len(labels) != (2 if net.outputs == 1 else net.outputs):
        raise ModelError("export.label_count", outputs=net.outputs, got=len(labels))
    columns = tuple(f"x{i + 1}" for i in range(net.inputs))
    return Carried(net, columns, tuple(f"y{i + 1}" for i in range(net.outputs)), labels)


def _table(model: Model) -> Carried:
    net, parts = model.network, model.encoder.column_encoders
    outputs = model.classes if net.outputs > 1 else (model.classes or (model.target,))[-1:]
    if any(part.kind not in _NUMBERS for part in parts):
        return Carried(net, model.encoder.names, outputs, model.classes, encoded=True)
    used = [part for part in parts if part.names]
    features = [feature for column, part in enumerate(used) for feature in _features(column, part)]
    units = tuple(_unit(part) for part in used)
    return Carried(net, tuple(part.name for part in used), outputs, model.classes, tuple(features), units)


def _features(column: int, part: ColumnEncoder) -> list[Feature]:
    """In the encoder's order: the value, then "is missing"."""
    return [Feature(column, part.fill_value)] * part.plain + [Feature(column, flag=True)] * part.indicator


def _unit(part: ColumnEncoder) -> str:
    if part.kind == "boolean":
        return say("export.unit_boolean", no=part.levels[0], yes=part.levels[1])
    return say("export.unit_days") if part.kind == "date" else ""


def filled(features: Sequence[Feature], x: Array) -> Array:
    """The network's inputs (n, features) from columns (n, columns): what exported code does, in NumPy."""
    missing = ~np.isfinite(x)
    parts = [missing[:, f.column] if f.flag else np.where(missing[:, f.column], f.fill, x[:, f.column])
             for f in features]  # fmt: skip
    return np.stack(parts, axis=1).astype(x.dtype)
