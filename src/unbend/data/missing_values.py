"""Text markers of missing values, and their replacement by nulls."""

from __future__ import annotations

from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

# Missing in every kind of column. "NaN" is not among them: in a column of numbers it is the result of a failed
# computation, which a target must not hide.
BLANKS = (
    "", "NA", "na", "N/A", "n/a", "#N/A", "#NA", "<NA>", "null", "NULL", "Null", "None", "?", "-", "--", ".", "…",
    "결측", "결측치",
)  # fmt: skip
_NOT_NUMBERS = ("nan", "NaN", "NAN", "Nan", "-nan", "-NaN", "NaT")


def blanks_to_null(text: Any) -> Any:
    """A column of text, stripped of surrounding spaces, with markers of missing values replaced by null."""
    return _null_where(pc.utf8_trim_whitespace(text), BLANKS)


def nans_to_null(text: Any) -> Any:
    """A column of text with "NaN" replaced by null too: in a column without numbers it is only a marker."""
    return _null_where(text, _NOT_NUMBERS)


def _null_where(text: Any, markers: tuple[str, ...]) -> Any:
    mask = pc.is_in(text, value_set=pa.array(markers, text.type))
    return pc.if_else(mask, pa.scalar(None, text.type), text) if pc.any(mask).as_py() else text
