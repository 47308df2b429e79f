"""`TextLayout`: encoding, delimiter and column names of a text table, from the first bytes of the file."""

from __future__ import annotations

import csv
from dataclasses import dataclass

from ..data.csv_dialect import decode, detect_delimiter, records
from ..data.parsed_table import check_names, holds_values
from ..errors import DataError


@dataclass(frozen=True)
class TextLayout:
    """How a text table is written; the first line has the ``names`` of its columns."""

    encoding: str
    delimiter: str
    names: tuple[str, ...]

    @classmethod
    def of(cls, head: bytes, source: str) -> TextLayout:
        """The layout of the file ``source`` that begins with ``head``.

        Raises `DataError` for an empty file, one without a header, and columns that share a name or have none.
        """
        if not head.strip():
            raise DataError("data.empty_file", source=source)
        whole = head[: head.rfind(b"\n") + 1] or head  # the last line may be cut, also inside a character
        text, notes = decode(whole, source)
        encoding = str(notes[0].values["encoding"]) if notes else "utf-16" if _marked(head) else "utf8"
        delimiter = detect_delimiter(text)
        try:
            names = [name.strip() for name in next(records(text.decode(), delimiter))[2]]
        except csv.Error:
            raise DataError("data.open_quote", source=source, line=1) from None
        check_names(names, source)
        if "" in names:
            raise DataError("data.column_without_name", source=source, number=names.index("") + 1)
        if holds_values(names):
            raise DataError("data.no_header", column=source, names=", ".join(names[:8]))
        return cls(encoding, delimiter, tuple(names))


def _marked(head: bytes) -> bool:
    return head.startswith((b"\xff\xfe", b"\xfe\xff"))
