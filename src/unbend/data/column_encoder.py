"""`ColumnEncoder`: one column as features: its value or one-hot levels, "(other)" and a missing-value indicator."""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass
from functools import cached_property
from typing import Any

import numpy as np

from .calendar import Calendar
from .column import Column, Kind
from .column_arrays import ColumnArrays
from .column_reading import AS_WRITTEN, ColumnType, Reading, TypeName
from .far_values import far_limits, is_far, without_sentinels

BLOCK = 1 << 16  # rows compared at a time
INDICATED = 5  # values far outside all others: as many have an indicator of missing values
MAX_LEVELS = 50  # features of one category; its other levels share "(other)"
RARE = 0.005  # levels rarer than this fraction of the fitted rows, or in one row only, share "(other)" too


@dataclass(frozen=True)
class ColumnEncoder:
    """How one column becomes features, in this order: its value or its levels, "(other)", "is missing".

    ``fill_value`` replaces missing numbers; ``levels``: a category's own features, or a boolean's two labels;
    ``rare``: the labels that share "(other)"; ``plain``, ``other``, ``indicator``: whether the value, "(other)" and
    "is missing" are features. ``reading``: the meaning of the column's text; ``range``: the least value, the 1 % and
    99 % quantiles and the greatest value of the fitted rows, () where unknown or for labels. ``limits`` (low, high):
    numbers outside of them are treated as missing (`far_limits`); () without any. ``calendar``: of which dates the
    labels are a part; None for a column of the table itself.
    """

    name: str
    kind: Kind
    fill_value: float = 0.0
    levels: tuple[str, ...] = ()
    rare: tuple[str, ...] = ()
    plain: bool = True
    other: bool = False
    indicator: bool = False
    reading: Reading = AS_WRITTEN
    range: tuple[float, ...] = ()
    limits: tuple[float, ...] = ()
    calendar: Calendar | None = None

    @classmethod
    def fit(cls, column: Column, arrays: ColumnArrays, rows: np.ndarray | None) -> ColumnEncoder:
        """Fit on ``rows`` of the column (all if ``None``)."""
        if column.kind == "category":
            return cls._fit_labels(column, arrays, rows)
        values = _slice(arrays.values(column), rows)
        known = values[~np.isnan(values)]
        limits = (far_limits(without_sentinels(known), column.far) or ()) if column.far else ()
        far = int(is_far(known, limits).sum())
        missing = len(values) - len(known)
        known = known[~is_far(known, limits)]
        median = float(np.median(known)) if len(known) else 0.0
        indicator = len(known) > 0 and (missing > 0 or far >= INDICATED)
        plain = bool(len(known) and known.min() < known.max())
        return cls(
            name=column.name,
            kind=column.kind,
            fill_value=median,
            levels=column.levels,
            plain=plain,
            indicator=indicator,
            reading=column.reading,
            range=_range(known) if column.kind != "boolean" else (),
            limits=limits,
        )

    @classmethod
    def _fit_labels(cls, column: Column, arrays: ColumnArrays, rows: np.ndarray | None) -> ColumnEncoder:
        codes, labels = arrays.codes(column.name)
        counts = np.bincount(_slice(codes, rows) + 1, minlength=len(labels) + 1)
        missing, counts = int(counts[0]), counts[1:]
        total = missing + int(counts.sum())
        least = max(2, math.ceil(RARE * total))
        frequent = np.argsort(-counts, kind="stable")[:MAX_LEVELS]
        own = {int(level) for level in frequent if least <= counts[level] < total}
        others = [level for level in np.flatnonzero(counts) if level not in own and counts[level] < total]
        return cls(
            name=column.name,
            kind="category",
            levels=tuple(labels[level] for level in sorted(own)),
            rare=tuple(labels[level] for level in others),
            plain=False,
            other=0 < sum(int(counts[level]) for level in others) < total,
            indicator=0 < missing < total,
            calendar=column.calendar,
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

    def fill(self, arrays: ColumnArrays, rows: np.ndarray | None, features: np.ndarray) -> None:
        """Write the features of ``rows`` into ``features`` (n, len(names))."""
        if self.kind == "category":
            self._fill_labels(arrays, rows, features)
            return
        values = _slice(self._values(arrays), rows)
        missing = np.isnan(values) | is_far(values, self.limits)
        if self.plain:
            features[:, 0] = values
            features[missing, 0] = self.fill_value
        if self.indicator:
            features[:, -1] = missing

    def fits_float32(self, arrays: ColumnArrays) -> bool:
        """Whether float32 holds every feature exactly."""
        if self.kind == "category":
            return True
        values = self._values(arrays)
        with np.errstate(over="ignore"):
            return all(
                np.array_equal(part, part.astype(np.float32), equal_nan=True)
                for part in (*np.split(values, range(BLOCK, len(values), BLOCK)), self._filled(values))
            )

    def _filled(self, values: np.ndarray) -> np.ndarray:
        """(1,) what stands in for missing values; empty where there are none."""
        filled = np.isnan(values).any() or is_far(values, self.limits).any()
        return np.full(int(filled), self.fill_value)

    def _fill_labels(self, arrays: ColumnArrays, rows: np.ndarray | None, features: np.ndarray) -> None:
        codes, labels = arrays.codes(self.name)
        width = len(self.names)
        own = {level: position for position, level in enumerate(self.levels)}
        # The feature of each level, `width` for none; the last entry, index -1, is that of missing cells.
        other = len(self.levels) if self.other else width
        positions = np.array([*(own.get(label, other) for label in labels), width - 1 if self.indicator else width])
        features[:] = positions[_slice(codes, rows)][:, None] == np.arange(width)

    def _values(self, arrays: ColumnArrays) -> np.ndarray:
        return arrays.values(Column(self.name, self.kind, levels=self.levels))

    def unseen(self, arrays: ColumnArrays) -> tuple[str, ...]:
        """The labels of a category or boolean that the fitted rows did not have."""
        if self.kind not in ("category", "boolean"):
            return ()
        labels = arrays.codes(self.name)[1]
        if self.kind == "boolean":
            return tuple(label for label in labels if label.lower() not in (*self.levels, "0", "1"))
        return tuple(label for label in labels if label not in {*self.levels, *self.rare})

    @property
    def type(self) -> ColumnType:
        """How the column's text is read."""
        name: TypeName = "text" if self.kind in ("category", "boolean") else "date" if self.kind == "date" else "number"
        return ColumnType(name, self.reading, remembered=True)

    def unlike(self, arrays: ColumnArrays) -> np.ndarray:
        """(rows,) whether a value lies far outside the fitted rows' range, or is a label that they did not have.

        Far outside: beyond the least or the greatest value, and more than half of the distance between the 1 % and 99 %
        quantiles beyond these. So is a text where the fitted rows had numbers.
        """
        if self.kind in ("category", "boolean"):
            codes, labels = arrays.codes(self.name)
            unseen = set(self.unseen(arrays))
            flags: np.ndarray = np.array([*(label in unseen for label in labels), False], dtype=bool)[codes]
            return flags
        values = self._values(arrays)
        texts = np.zeros(len(values), dtype=bool)
        if self.name in arrays.unreadable:
            texts = np.asarray(arrays.unreadable[self.name], dtype=bool)
        if not self.range:
            return texts
        least, low, high, greatest = self.range
        margin = (high - low) / 2
        return np.asarray(texts | (values < min(least, low - margin)) | (values > max(greatest, high + margin)))

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON; `from_dict` reads it back."""
        fields = {**asdict(self), "reading": self.reading.to_dict()}
        optional = ("reading", "range", "limits", "calendar")
        return {name: value for name, value in fields.items() if value or name not in optional}

    @classmethod
    def from_dict(cls, saved: dict[str, Any]) -> ColumnEncoder:
        """The column encoder that `to_dict` described."""
        tuples = {name: tuple(saved.get(name, ())) for name in ("levels", "rare", "range", "limits")}
        calendar = Calendar.from_dict(saved["calendar"]) if "calendar" in saved else None
        return cls(**{**saved, **tuples, "reading": Reading(**saved.get("reading", {})), "calendar": calendar})


def _range(known: np.ndarray) -> tuple[float, ...]:
    if not len(known):
        return ()
    low, high = np.quantile(known, (0.01, 0.99))
    return float(known.min()), float(low), float(high), float(known.max())


def _slice(values: np.ndarray, rows: np.ndarray | None) -> np.ndarray:
    return values if rows is None else values[rows]
