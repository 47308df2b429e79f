"""One column's share of the features."""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass
from functools import cached_property
from typing import Any

import numpy as np

from .columns import Column, Kind
from .prepared import Prepared

MOST_LEVELS = 50  # more levels of one category than this share "(other)"
RARE = 0.005  # so do levels rarer than this share of the fitted rows, or met only once


@dataclass(frozen=True)
class Part:
    """How one column becomes features, in this order: its value or its levels, "(other)", "is missing".

    ``fill_value`` replaces missing numbers; ``levels``: a category's own features, or a boolean's two labels;
    ``rare``: the labels that share "(other)"; ``plain``, ``other``, ``indicator``: whether the value, "(other)" and
    "is missing" are features.
    """

    name: str
    kind: Kind
    fill_value: float = 0.0
    levels: tuple[str, ...] = ()
    rare: tuple[str, ...] = ()
    plain: bool = True
    other: bool = False
    indicator: bool = False

    @classmethod
    def fit(cls, column: Column, prepared: Prepared, rows: np.ndarray | None) -> Part:
        """Learn from ``rows`` of the column (all where ``None``)."""
        if column.kind == "category":
            return cls._fit_labels(column, prepared, rows)
        values = _slice(prepared.values(column), rows)
        known = values[~np.isnan(values)]
        fill = float(np.median(known)) if len(known) else 0.0
        indicator = 0 < len(known) < len(values)
        plain = bool(len(known) and known.min() < known.max())
        return cls(column.name, column.kind, fill, column.levels, plain=plain, indicator=indicator)

    @classmethod
    def _fit_labels(cls, column: Column, prepared: Prepared, rows: np.ndarray | None) -> Part:
        codes, labels = prepared.codes(column.name)
        counts = np.bincount(_slice(codes, rows) + 1, minlength=len(labels) + 1)
        missing, counts = int(counts[0]), counts[1:]
        total = missing + int(counts.sum())
        least = max(2, math.ceil(RARE * total))
        frequent = np.argsort(-counts, kind="stable")[:MOST_LEVELS]
        own = {int(level) for level in frequent if least <= counts[level] < total}
        others = [level for level in np.flatnonzero(counts) if level not in own and counts[level] < total]
        return cls(
            column.name,
            "category",
            levels=tuple(labels[level] for level in sorted(own)),
            rare=tuple(labels[level] for level in others),
            plain=False,
            other=0 < sum(int(counts[level]) for level in others) < total,
            indicator=0 < missing < total,
        )

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The features' names."""
        if self.kind == "category":
            names = [f"{self.name}={level}" for level in self.levels]
        elif self.kind == "boolean":
            names = [f"{self.name}={self.levels[1]}"] * self.plain
        else:
            names = [self.name] * self.plain
        return (*names, *[f"{self.name}=(other)"] * self.other, *[f"{self.name} is missing"] * self.indicator)

    def fill(self, prepared: Prepared, rows: np.ndarray | None, features: np.ndarray) -> None:
        """Write the features of ``rows`` into ``features`` (n, len(names))."""
        if self.kind == "category":
            self._fill_labels(prepared, rows, features)
            return
        values = _slice(self._values(prepared), rows)
        missing = np.isnan(values)
        if self.plain:
            features[:, 0] = values
            features[missing, 0] = self.fill_value
        if self.indicator:
            features[:, -1] = missing

    def _fill_labels(self, prepared: Prepared, rows: np.ndarray | None, features: np.ndarray) -> None:
        codes, labels = prepared.codes(self.name)
        width = len(self.names)
        own = {level: position for position, level in enumerate(self.levels)}
        # Where each level goes; one place beyond the end for those that go nowhere, the last for missing cells.
        nowhere = width
        other = len(self.levels) if self.other else nowhere
        places = np.array([*(own.get(label, other) for label in labels), width - 1 if self.indicator else nowhere])
        at = places[_slice(codes, rows)]
        features[:] = at[:, None] == np.arange(width)

    def _values(self, prepared: Prepared) -> np.ndarray:
        return prepared.values(Column(self.name, self.kind, levels=self.levels))

    def unseen(self, prepared: Prepared) -> tuple[str, ...]:
        """The labels of a category or boolean that the fitted rows did not have."""
        if self.kind not in ("category", "boolean"):
            return ()
        labels = prepared.codes(self.name)[1]
        if self.kind == "boolean":
            return tuple(label for label in labels if label.lower() not in (*self.levels, "0", "1"))
        return tuple(label for label in labels if label not in {*self.levels, *self.rare})

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON; `from_dict` reads it back."""
        return asdict(self)

    @classmethod
    def from_dict(cls, saved: dict[str, Any]) -> Part:
        """The part `to_dict` described."""
        return cls(**{**saved, "levels": tuple(saved["levels"]), "rare": tuple(saved["rare"])})


def _slice(values: np.ndarray, rows: np.ndarray | None) -> np.ndarray:
    return values if rows is None else values[rows]
