"""`LargeTable`: of a fit to a table larger than memory, how many rows each part of the answer took."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from .surveyed_column import SurveyedColumn


@dataclass(frozen=True)
class LargeTable:
    """How a table that does not fit into memory was used.

    Attributes
    ----------
    rows : int
        Rows with a target in all files that were read.
    files : int
        How many files those are.
    verdict_rows : int
        Rows that the verdict took, drawn at random.
    linear_rows, network_rows : int
        Rows that the linear model and the network were fitted to.
    looks : tuple of (int, str)
        How many rows were tried for the verdict one after the other, and the verdict on each.
    skipped : tuple of (str, str)
        Files that were left out, and why.
    digest : str
        Of the contents of all files that were read.
    network_stopped : {"all_rows", "no_gain", "budget", "not_better", ""}
        Why the network's training on all rows ended: all were read, held-out rows showed no more gain, the budget was
        used, or the network of the verdict's rows was as good. "" where it was not tried.
    columns : tuple of SurveyedColumn
        Counts, quantiles and most frequent labels of every column in all rows, each with its error.
    sample_rows : int
        Rows drawn at random from all, from which quantiles and labels are estimated where they are not counted.
    """

    rows: int
    files: int
    verdict_rows: int
    linear_rows: int
    network_rows: int
    looks: tuple[tuple[int, str], ...]
    skipped: tuple[tuple[str, str], ...]
    digest: str
    network_stopped: str = ""
    columns: tuple[SurveyedColumn, ...] = ()
    sample_rows: int = 0

    def to_json(self) -> dict[str, Any]:
        """The numbers by name.

        Returns
        -------
        dict
            JSON-ready.
        """
        return {
            "files": self.files,
            "verdict_rows": self.verdict_rows,
            "linear_rows": self.linear_rows,
            "network_rows": self.network_rows,
            **({"network_stopped": self.network_stopped} if self.network_stopped else {}),
            "looks": [{"rows": rows, "verdict": verdict} for rows, verdict in self.looks],
            "skipped": [{"file": name, "reason": reason} for name, reason in self.skipped],
            "digest": self.digest,
            "sample_rows": self.sample_rows,
            "columns": [column.to_json() for column in self.columns],
        }
