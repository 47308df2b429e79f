"""`input_table`: the table of the page *Verdict*, shipped with the package, or dropped or pasted by the reader."""

from __future__ import annotations

import shutil
import tempfile
import weakref
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..data import read_table
from ..report import html
from ..words import say

if TYPE_CHECKING:
    from ..widgets.table_drop import TableDrop

PREVIEW_ROWS, PREVIEW_COLUMNS = 5, 12


@dataclass(frozen=True, eq=False)
class InputTable:
    """A table to fit: its file or shipped name, displayed name, columns, number of rows, and the first rows as HTML."""

    path: str
    name: str
    columns: tuple[str, ...]
    rows: int
    preview: str

    @property
    def heading(self) -> str:
        """Name and size."""
        return say("lab_pages.the_table", name=self.name, rows=f"{self.rows:,}", columns=len(self.columns))


def shipped_table(name: str) -> InputTable:
    """A table that is shipped with the package."""
    return _load(name, name)


def uploaded_table(name: str, content: bytes) -> InputTable:
    """A table from a file's bytes. Raises ``BadInput`` where they are no table.

    They are written to a temporary file, which is deleted with the `InputTable`.
    """
    folder = tempfile.mkdtemp(prefix="unbend-")
    path = Path(folder) / _safe_name(name)
    try:
        path.write_bytes(content)
        table = _load(str(path), path.name)
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    weakref.finalize(table, shutil.rmtree, folder, ignore_errors=True)
    return table


def input_table(drop: TableDrop, shipped: str) -> InputTable:
    """The dropped table, else the shipped one of this name. Raises ``BadInput`` where what was dropped is no table."""
    raw = drop.raw()
    return uploaded_table(drop.name, raw) if raw else shipped_table(shipped)


def _load(path: str, name: str) -> InputTable:
    table = read_table(path)
    columns = table.column_names[:PREVIEW_COLUMNS]
    cells = [[_cell(table[c][i].as_py()) for c in columns] for i in range(min(PREVIEW_ROWS, table.num_rows))]
    return InputTable(
        path=path,
        name=name,
        columns=tuple(table.column_names),
        rows=table.num_rows,
        preview=html.table(columns, cells),
    )


def _cell(value: Any) -> str:
    return "–" if value is None else f"{value:g}" if isinstance(value, float) else str(value)[:40]


def _safe_name(name: str) -> str:
    """A file name without folders, of letters, digits and a few other characters."""
    safe = "".join(c if c.isalnum() or c in "-_. " else "_" for c in Path(name.replace("\\", "/")).name)[-80:]
    return safe.strip(". ") or "table.csv"
