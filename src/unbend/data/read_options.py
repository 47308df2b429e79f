"""`ReadOptions`: which part of a source is the table, and how literally its cells are read."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class ReadOptions:
    """Options of the reader of files.

    ``sheet``: the sheet of a workbook, the file of an archive or the table of a database, by name or by number (from
    1); ``query``: a SELECT statement for a database; ``raw``: cells of text tables exactly as they are written, markers
    of missing values included.
    """

    sheet: str | int | None = None
    query: str | None = None
    raw: bool = False

    def choose(self, names: list[str]) -> str | None:
        """The one of ``names`` that ``sheet`` means, by name or by number; ``None`` if there is none."""
        wanted = str(self.sheet)
        if wanted in names:
            return wanted
        if wanted.isdecimal() and 1 <= int(wanted) <= len(names):
            return names[int(wanted) - 1]
        return None
