"""A drop zone for tables: a CSV or TSV file or pasted text goes in, a parsed table comes out."""

from __future__ import annotations

import base64
import re
from pathlib import Path
from tempfile import TemporaryDirectory

import traitlets

from ..data.parsed_table import ParsedTable
from ..data.reader import parse_table
from ..errors import BadInput
from ..words import say
from .view import View

MAX_MB = 20


class TableDrop(View, module="table_drop"):
    """A drop zone for tables: drop, choose or paste one. It is sent to the local Python process and nowhere else.

    A file above 20 MB is not sent; a message recommends ``unbend fit``.

    Attributes
    ----------
    name : str
        Trait: the file's name, "" without one.
    content : str
        Trait: the file's bytes in base64.
    most_mb : int
        Trait: the largest file in MB.
    problem : str
        Trait: what is wrong with the file, shown here where it was dropped; "" if nothing is.
    """

    name = traitlets.Unicode("").tag(sync=True)
    content = traitlets.Unicode("").tag(sync=True)  # base64
    most_mb = traitlets.Int(MAX_MB).tag(sync=True)
    problem = traitlets.Unicode("").tag(sync=True)
    texts: traitlets.Dict[str, str] = traitlets.Dict().tag(sync=True)

    def __init__(self) -> None:
        keys = ("drop", "paste", "use", "too_large", "empty", "reading", "remove")
        self._parsed: tuple[str, ParsedTable] | None = None
        super().__init__(texts={key: say(f"lab.table_{key}", most=MAX_MB) for key in keys})

    def raw(self) -> bytes:
        """The file's bytes; empty without a file.

        Raises
        ------
        BadInput
            Where they are too many, or the base64 text is damaged.
        """
        try:
            raw = base64.b64decode(self.content, validate=True)
        except ValueError:
            raise BadInput("lab.table_broken", name=self.name) from None
        if len(raw) > MAX_MB * 10**6:
            raise BadInput("lab.table_too_large", most=MAX_MB)
        return raw

    def reading(self) -> ParsedTable | None:
        """The parsed table, which ``pose_problem`` and ``fit`` accept; None without a file.

        Returns
        -------
        ParsedTable or None
            With the attributes ``table`` and ``notes``; the same object for the same content.

        Raises
        ------
        BadInput
            Where the content is no table.
        """
        if self._parsed is not None and self._parsed[0] == self.content:
            return self._parsed[1]
        raw = self.raw()
        if not raw:
            return None
        with TemporaryDirectory() as folder:
            path = Path(folder) / (re.sub(r"[^\w.-]", "_", Path(self.name).name)[-80:].lstrip(".") or "table.csv")
            path.write_bytes(raw)
            self._parsed = self.content, parse_table(path)
        return self._parsed[1]
