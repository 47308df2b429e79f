"""`Calendar`: the month, weekday or hour of a column of dates, as a column of labels."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa

PARTS = ("month", "weekday", "hour")


@dataclass(frozen=True)
class Calendar:
    """Which part of the dates of column ``source`` a column holds: one of ``PARTS``, with the label of each number."""

    source: str
    part: str
    labels: tuple[str, ...]

    def numbers(self, days: np.ndarray) -> np.ndarray:
        """(rows,) the numbers of the labels, -1 for missing dates; ``days`` (rows,) since 1970."""
        return part_numbers(days, self.part)

    def column(self, days: np.ndarray) -> Any:
        """The column of labels, as Arrow has it."""
        numbers = self.numbers(days)
        return pa.array(np.array(self.labels)[numbers], mask=numbers < 0)

    @classmethod
    def from_dict(cls, saved: dict[str, Any]) -> Calendar:
        """The record of which ``dataclasses.asdict`` gave ``saved``."""
        return cls(saved["source"], saved["part"], tuple(saved["labels"]))


def part_numbers(days: np.ndarray, part: str) -> np.ndarray:
    """(rows,) the month from 0, the weekday from Monday, 0, or the hour; -1 for missing dates."""
    known = np.nan_to_num(days)
    if part == "month":
        numbers = np.floor(known).astype("datetime64[D]").astype("datetime64[M]").astype(np.int64) % 12
    elif part == "weekday":
        numbers = (np.floor(known).astype(np.int64) + 3) % 7  # 1970-01-01 was a Thursday
    else:
        numbers = np.floor((known - np.floor(known)) * 24 + 1e-7).astype(np.int64) % 24
    return np.where(np.isnan(days), -1, numbers)
