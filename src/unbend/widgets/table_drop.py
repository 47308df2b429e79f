"""A place to drop a table or to paste one: CSV or TSV text goes in, a table that was read comes out."""

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

MOST_MB = 20


class TableDrop(View, module="table_drop"):
    """Where a reader drops, chooses or pastes a table; it goes to the Python process beside the page and nowhere else.

    ``reading()`` reads what came; ``name`` is the file's name, ``""`` before anything came. A file above 20 MB is not
    sent at all: the reader is told to use ``unbend fit``.
    """

    name = traitlets.Unicode("").tag(sync=True)
    content = traitlets.Unicode("").tag(sync=True)  # base64
    most_mb = traitlets.Int(MOST_MB).tag(sync=True)
    texts: traitlets.Dict[str, str] = traitlets.Dict().tag(sync=True)

    def __init__(self) -> None:
        keys = ("drop", "paste", "use", "too_large", "reading", "remove")
        self._kept: tuple[str, ParsedTable] | None = None
        super().__init__(texts={key: say(f"lab.table_{key}", most=MOST_MB) for key in keys})

    def raw(self) -> bytes:
        """The bytes that came, none before. Raises ``BadInput`` where they are too many or did not come whole."""
        try:
            raw = base64.b64decode(self.content, validate=True)
        except ValueError:
            raise BadInput("lab.table_broken", name=self.name) from None
        if len(raw) > MOST_MB * 10**6:
            raise BadInput("lab.table_too_large", most=MOST_MB)
        return raw

    def reading(self) -> ParsedTable | None:
        """What came, read: ``.table`` and ``.notes``; it goes into ``pose_problem`` and ``fit`` as it is. None before.

        The same table is the same object, however often it is asked for. Raises ``BadInput`` for what is no table.
        """
        if self._kept is not None and self._kept[0] == self.content:
            return self._kept[1]
        raw = self.raw()
        if not raw:
            return None
        with TemporaryDirectory() as folder:
            place = Path(folder) / (re.sub(r"[^\w.-]", "_", Path(self.name).name)[-80:].lstrip(".") or "table.csv")
            place.write_bytes(raw)
            self._kept = self.content, parse_table(place)
        return self._kept[1]
