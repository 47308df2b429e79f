"""`TableSource`: where a command reads its rows from; `training_source`: where the rows of a fitted model came from."""

from __future__ import annotations

from dataclasses import dataclass
from json import loads as parse_json
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class TableSource:
    """A path with the choice of a sheet or a query, as for ``unbend fit``."""

    data: str
    sheet: str | None = None
    query: str | None = None

    def read(self, types: Any = None) -> Any:
        """The table, its columns converted to the ``types`` or to what they look like."""
        from ..data import read_table

        return read_table(self.data, types=types, sheet=self.sheet, query=self.query)

    def load(self) -> Any:
        """The table, its cells not yet converted."""
        from ..data import ReadOptions
        from ..data.reader import load_table

        return load_table(self.data, options=ReadOptions(self.sheet, self.query)).table


def training_source(folder: Path) -> TableSource | None:
    """The table that a result folder's model was fitted to; None where nothing says which that was."""
    try:
        fitted = parse_json((folder / "result.json").read_text(encoding="utf-8"))
        source = TableSource(fitted["data"], fitted.get("sheet"), fitted.get("query"))
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return source if isinstance(source.data, str) and source.data not in ("", "-") else None
