"""`Column`: the record of an input column: its type (``kind``), its counts, and why it was left out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from .calendar import Calendar
from .column_reading import AS_WRITTEN, Reading
from .notes import Note

Kind = Literal["number", "boolean", "category", "date", "text", "left_out"]

# Labels that mean false and true -> in that order.
BOOLEAN_PAIRS = {
    frozenset(pair): pair
    for pair in (
        ("false", "true"), ("no", "yes"), ("n", "y"), ("f", "t"), ("off", "on"),
        ("아니오", "예"), ("아니요", "예"), ("아니오", "네"), ("아니요", "네"), ("거짓", "참"),
    )
}  # fmt: skip


@dataclass(frozen=True)
class Column:
    """One input column.

    ``why`` is the reason for leaving it out (``kind == "left_out"``), worded as an entry of a list; ``missing`` counts
    empty cells (infinite numbers count as missing), ``distinct`` the different values. ``levels``: a category's labels,
    sorted; for a boolean the labels of false and true. ``far`` counts the numbers far outside all others, which are
    treated as missing. ``reading``: the meaning of the text it was read from. ``calendar``: of which dates the labels
    are a part; None for columns of the table itself.
    """

    name: str
    kind: Kind
    why: Note | None = None
    missing: int = 0
    distinct: int = 0
    levels: tuple[str, ...] = ()
    reading: Reading = AS_WRITTEN
    far: int = 0
    calendar: Calendar | None = None
