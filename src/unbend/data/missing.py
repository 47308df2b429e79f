"""How a missing value is written."""

from __future__ import annotations

from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

# Empty in every kind of column. "NaN" is not among them: in a column of numbers it is a number that went wrong, and a
# target must not hide it.
BLANKS = (
    "", "NA", "na", "N/A", "n/a", "#N/A", "#NA", "<NA>", "null", "NULL", "Null", "None", "?", "-", "--", ".", "…",
    "결측", "결측치",
)  # fmt: skip
_NOT_NUMBERS = ("nan", "NaN", "NAN", "Nan", "-nan", "-NaN", "NaT")


def drop_blanks(text: Any) -> Any:
    """A column of text with surrounding spaces taken off and blanks made null."""
    return _null_where(pc.utf8_trim_whitespace(text), BLANKS)


def drop_nans(text: Any) -> Any:
    """A column of text in which "NaN" counts as missing too: where the column holds no numbers, it is only a marker."""
    return _null_where(text, _NOT_NUMBERS)


def _null_where(text: Any, markers: tuple[str, ...]) -> Any:
    found = pc.is_in(text, value_set=pa.array(markers, text.type))
    return pc.if_else(found, pa.scalar(None, text.type), text) if pc.any(found).as_py() else text
