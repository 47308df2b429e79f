"""Tables that a reader drops: `LatestTable` keeps the last good one; `InputTable` is the one of the page *Verdict*."""

from __future__ import annotations

import shutil
import tempfile
import weakref
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from ..data import read_table
from ..data.parsed_table import ParsedTable
from ..data.reader import parse_table
from ..report import html
from ..words import say
from .page import attempt

if TYPE_CHECKING:
    from ..widgets.table_drop import TableDrop

PREVIEW_ROWS, PREVIEW_COLUMNS = 5, 12
T = TypeVar("T")
_folders: set[str] = set()  # of uploaded tables


class LatestTable(Generic[T]):
    """The last table that was dropped and could be read. What is wrong with a later one is said where it was dropped.

    Parameters
    ----------
    drop : TableDrop
    load : callable
        Reads the drop zone's file; raises ``BadInput`` where it is no table.
    """

    def __init__(self, drop: TableDrop, load: Callable[[], T]) -> None:
        self._drop, self._load = drop, load
        self._content = ""
        self._table: T | None = None

    def current(self) -> T | None:
        """The table in use; None where there is none."""
        if self._drop.content == self._content:
            return self._table
        self._content = self._drop.content
        if not self._content:
            self._table = None
            return None
        table, problem = attempt(self._load)
        if problem and self._table is not None:
            problem = say("lab.table_stays", problem=problem.rstrip("."))
        self._drop.problem = problem
        self._table = self._table if problem else table
        return self._table


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
    _folders.add(folder)
    path = Path(folder) / _safe_name(name)
    try:
        path.write_bytes(content)
        table = _load(str(path), path.name)
    except BaseException:
        _remove(folder)
        raise
    weakref.finalize(table, _remove, folder)
    return table


def remove_uploads() -> None:
    """Delete the files of all uploaded tables, where the process ends without its usual clean-up."""
    for folder in list(_folders):
        _remove(folder)


def _remove(folder: str) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    _folders.discard(folder)


def playground_table(drop: TableDrop) -> Callable[[str], ParsedTable | None]:
    """A function that returns the dropped table, else the included one of a name, else None."""
    dropped: LatestTable[ParsedTable | None] = LatestTable(drop, drop.reading)
    included = cache(parse_table)
    return lambda name: dropped.current() or (included(name) if name else None)


def latest_upload(drop: TableDrop) -> LatestTable[InputTable]:
    """The drop zone's tables as files to fit."""
    return LatestTable(drop, lambda: uploaded_table(drop.name, drop.raw()))


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
