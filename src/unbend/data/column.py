"""The record of an input column: its kind, its counts, and why it was left out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from .notes import Note

Kind = Literal["number", "boolean", "category", "date", "left_out"]


@dataclass(frozen=True)
class Column:
    """One input column.

    ``why`` is the reason for leaving it out (``kind == "left_out"``), worded as an entry of a list; ``missing`` counts
    empty cells (infinite numbers count as missing), ``distinct`` the different values. ``levels``: a category's labels,
    sorted; for a boolean the labels of false and true.
    """

    name: str
    kind: Kind
    why: Note | None = None
    missing: int = 0
    distinct: int = 0
    levels: tuple[str, ...] = ()
