"""`Shard`: a part of a large table (a file, or some of its row groups) that any process can read alone, in pieces."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import pyarrow as pa
from pyarrow.fs import FileSystem

from ..data.notes import Note
from ..data.parsed_table import row_place
from ..errors import BadInput, DataError
from ..words import say
from .file_listing import ListedFile
from .remote_files import one_line, refuse_lost


@dataclass(frozen=True, kw_only=True)
class Shard(ABC):
    """Some rows of a large table; picklable.

    ``name`` is the file as messages show it, ``key`` what it is called inside the table, whatever folder that lies in.
    ``first_row`` is the number, in that file and from 0, of the shard's first row; ``rows`` how many there are, where
    the file says so, and ``size`` how many bytes they take there. ``own_columns`` are those that the shard itself
    holds; the value of ``partitions`` is the same in all rows and stands in the file's path (``year=2020/``).
    ``notes`` say what was understood of the file; ``comma_styles``: see `ParsedTable`.
    """

    name: str
    key: str
    own_columns: tuple[str, ...]
    first_row: int = 0
    rows: int | None = None
    size: int = 0
    partitions: tuple[tuple[str, str | None], ...] = ()
    notes: tuple[Note, ...] = ()
    comma_styles: tuple[str, ...] = ("thousands", "decimal")

    @property
    def columns(self) -> tuple[str, ...]:
        """The names of all columns."""
        return (*(name.strip() for name in self.own_columns), *(name for name, _ in self.partitions))

    @property
    def changed(self) -> int | None:
        """When its contents were last changed, in nanoseconds since 1970; None where that is unknown."""
        return None

    @abstractmethod
    def pieces(self, rows: int, columns: Sequence[str]) -> Iterator[Any]:
        """All rows in order as Arrow tables or record batches of about so many ``rows`` at most, and these columns.

        The ``columns`` are some of ``own_columns``.
        """

    @property
    def reading_errors(self) -> tuple[type[Exception], ...]:
        """What its reader raises for contents that it cannot read."""
        return (pa.ArrowException, OSError)

    def place(self, row: int) -> str:
        """Where the shard's row ``row`` (from 0) stands, in words."""
        return say("data.in_file", file=self.name, place=row_place(self.first_row + row))

    def blocks(self, rows: int, columns: Collection[str] | None = None) -> Iterator[Any]:
        """All rows in order as Arrow tables of exactly ``rows`` rows, the last one of fewer.

        ``columns`` are the names of those that are needed, by default all. Raises `DataError` naming file and row where
        the contents cannot be read.
        """
        waiting: list[Any] = []
        count = done = 0
        own = [name for name in self.own_columns if columns is None or name.strip() in columns]
        pieces = self.pieces(rows, own)
        while (piece := self._next(pieces, done + count)) is not None:
            waiting.append(piece)
            count += piece.num_rows
            if count >= rows:
                joined = pa.concat_tables(waiting)
                for begin in range(0, count - rows + 1, rows):
                    yield joined.slice(begin, rows)
                    done += rows
                waiting = [joined.slice(count - count % rows)]
                count %= rows
        if count:
            yield pa.concat_tables(waiting)
        if not self.is_unchanged():
            raise DataError("scale.changed", file=self.name)

    def named(self, error: Exception, row: int) -> BadInput:
        """What to raise for an error of the reader about so many rows from the shard's first."""
        return DataError("scale.broken_shard", place=self.place(row), reason=one_line(error))

    def is_unchanged(self) -> bool:
        """Whether the contents are, as far as is known, still those of which the shard was made."""
        return True

    def _next(self, pieces: Iterator[Any], row: int) -> Any | None:
        """The next piece as a table with the partitions' columns; None at the end."""
        try:
            piece = next(pieces, None)
        except BadInput:
            raise
        except self.reading_errors as error:
            raise self.named(error, row) from None
        if piece is None:
            return None
        table = pa.Table.from_batches([piece]) if isinstance(piece, pa.RecordBatch) else piece
        table = table.rename_columns([name.strip() for name in table.column_names])
        for name, value in self.partitions:
            table = table.append_column(name, pa.repeat(pa.scalar(value, pa.string()), table.num_rows))
        return table


@dataclass(frozen=True, kw_only=True)
class FileShard(Shard):
    """A shard of a listed ``file`` in a file system."""

    file: ListedFile
    files: FileSystem

    @property
    def path(self) -> str:
        """The file's path in the file system."""
        return self.file.path

    def named(self, error: Exception, row: int) -> BadInput:
        """What to raise for an error of the reader; one of the files' server is none of this file."""
        refuse_lost(self.files, error, self.name)
        return super().named(error, row)

    @property
    def changed(self) -> int | None:
        return self.file.modified

    def is_unchanged(self) -> bool:
        """Whether the file was not written again since it was listed."""
        try:
            info = self.files.get_file_info(self.path)
        except OSError as error:
            refuse_lost(self.files, error, self.name)
            return False
        return (info.size or 0, info.mtime_ns) == (self.file.size, self.file.modified)
