"""A model that takes a table: the columns' encoder and a network, saved together in one file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from ..arrays import Array
from ..data import Encoder, Note
from ..errors import DataError, ModelError
from ..network import Network, save
from ..network.files import load_with_extra
from .scores import probabilities
from .spread import Spread

KIND = "table"


@dataclass(frozen=True, eq=False)
class Model:
    """A fitted model for tables: ``encoder`` turns columns into features, ``network`` takes those as they are.

    ``classes`` are the labels of a classification, () for numbers; ``spread`` says how far those miss.
    """

    network: Network
    encoder: Encoder
    target: str
    classes: tuple[str, ...] = ()
    spread: Spread | None = None

    def predict(self, table: Any) -> Array:
        """(n,) predicted values, or labels. ``table`` is anything `unbend.data.read_table` takes; extra columns are
        ignored. Raises ``DataError`` for a missing column and for text where numbers were."""  # fmt: skip
        return self.answer(self.output(table))

    def answer(self, output: Array) -> Array:
        """(n,) values, or the likeliest labels, from outputs (n, k)."""
        if not self.classes:
            return np.asarray(output[:, 0])
        labels: Array = np.asarray(self.classes)[probabilities(output).argmax(axis=1)]
        return labels

    def probabilities(self, table: Any) -> Array:
        """(n, classes): how likely each class is. Raises ``DataError`` for a model of numbers."""
        return self.shares(self.output(table))

    def shares(self, output: Array) -> Array:
        """(n, classes) probabilities from outputs (n, k). Raises ``DataError`` for a model of numbers."""
        if not self.classes:
            raise DataError("verdict.no_probabilities", target=self.target)
        return probabilities(output)

    def predict_interval(self, table: Any, coverage: float = 0.9) -> Array:
        """(n, 2) lower and upper ends that hold a share ``coverage`` of the values of new rows like those learned from.

        Raises ``DataError`` for a model of classes and for one that keeps no errors of held-out rows, ``BadInput`` for
        a coverage outside 0 … 1 or beyond what so many held-out rows can tell.
        """
        if self.classes:
            raise DataError("verdict.no_interval", target=self.target)
        if self.spread is None:
            raise DataError("verdict.no_spread")
        x = self.encoder.transform(table)
        return self.spread.interval(self.network(x)[:, 0], x, coverage)

    def output(self, table: Any) -> Array:
        """(n, outputs) of the network in float64: values, log odds, or numbers before the softmax."""
        return self.network(self.encoder.transform(table))

    def notes(self, table: Any) -> tuple[Note, ...]:
        """What must be said about a table to predict from, such as labels never seen."""
        return self.encoder.notes(table)

    def save(self, path: str | Path, extra: Mapping[str, Any] | None = None) -> Path:
        """Write everything to one .safetensors or .json file, whole or not at all; ``extra`` is kept beside it."""
        return save(self.network, path, {**self.described(), **(extra or {})})

    def described(self) -> dict[str, Any]:
        """All but the network, as plain JSON."""
        return {
            "kind": KIND,
            "target": self.target,
            "classes": list(self.classes),
            "encoder": self.encoder.to_dict(),
            **({} if self.spread is None else {"spread": self.spread.to_dict()}),
        }

    @classmethod
    def load(cls, path: str | Path) -> Model:
        """Read what ``save`` wrote; ``path`` may be the folder it lies in. Raises ``ModelError``."""
        place = Path(path)
        if place.is_dir():
            place = place / "model.safetensors"
        network, extra = load_with_extra(place)
        if extra.get("kind") != KIND:
            raise ModelError("verdict.not_a_table_model", path=place)
        try:
            encoder = Encoder.from_dict(extra["encoder"])
            target, classes = str(extra["target"]), tuple(str(c) for c in extra["classes"])
            told = extra.get("spread")
            spread = None if told is None else Spread.from_dict(told, len(encoder.names))
        except (KeyError, TypeError, AttributeError, ValueError) as error:
            raise ModelError("verdict.damaged_description", path=place, reason=type(error).__name__) from error
        outputs = 1 if len(classes) in (0, 2) else len(classes)
        if len(encoder.names) != network.inputs or network.outputs != outputs:
            raise ModelError("verdict.damaged_description", path=place, reason=f"{network!r}")
        return cls(network, encoder, target, classes, spread)
