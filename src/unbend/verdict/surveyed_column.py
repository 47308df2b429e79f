"""`SurveyedColumn`: what one pass over all rows of a large table says of a column, each number with its error."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ..data.column_reading import TypeName


@dataclass(frozen=True)
class LevelRows:
    """A label and the ``rows`` that have it, between ``least`` and ``most``; the three are the same where counted."""

    label: str
    rows: int
    least: int
    most: int


@dataclass(frozen=True)
class SurveyedColumn:
    """A column of a table larger than memory.

    Attributes
    ----------
    name : str
        The column.
    type : {"number", "category", "date", "boolean", "text"}
        As it is read.
    rows, missing : int
        Cells in all, and empty ones; infinite numbers count as missing. Both exact.
    distinct : int
        Different values.
    distinct_error : float
        The relative standard error of ``distinct``; 0 where it is exact.
    quantiles : tuple of (float, float)
        (share of the rows below, value) of numbers, dates (days since 1970) and booleans (0 and 1); the values for the
        shares 0 and 1 are the least and the greatest of all rows, exact.
    quantile_error : float
        The true share of the rows below any of the values between differs by this at most, with a probability of 99 %
        for all columns at once; 0 where the quantiles are exact.
    levels : tuple of LevelRows
        The most frequent labels of a category. Where they are not counted, their rows with a target are estimated from
        a sample, with bounds that hold with a probability of 99 % for all labels of all columns at once.
    """

    name: str
    type: TypeName
    rows: int
    missing: int
    distinct: int
    distinct_error: float
    quantiles: tuple[tuple[float, float], ...] = ()
    quantile_error: float = 0.0
    levels: tuple[LevelRows, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """The numbers by name.

        Returns
        -------
        dict
            JSON-ready.
        """
        of_numbers = {
            "quantiles": [{"share": share, "value": value} for share, value in self.quantiles],
            "quantile_error": self.quantile_error,
        }
        levels = [
            {"label": level.label, "rows": level.rows, "between": [level.least, level.most]} for level in self.levels
        ]
        return {
            "name": self.name,
            "type": self.type,
            "missing": self.missing,
            "distinct": self.distinct,
            "distinct_error": self.distinct_error,
            **(of_numbers if self.quantiles else {}),
            **({"levels": levels} if levels else {}),
        }
