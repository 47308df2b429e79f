"""Parsing of numbers written as text: plain, with thousands separators, with decimal commas."""

from __future__ import annotations

from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

_PLAIN = r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?|[+-]?(?i:nan|inf|infinity)"
_THOUSANDS = r"[+-]?[1-9]\d{0,2}(,\d{3})+(\.\d*)?"
_DECIMAL = r"[+-]?(([1-9]\d{0,2}(\.\d{3})+|\d+)(,\d*)?|,\d+)([eE][+-]?\d+)?|(?i:nan)"
# The meaning of a comma (and, if the comma is the decimal sign, of a dot) -> pattern of the numbers.
STYLES = {
    "thousands": rf"^({_PLAIN}|{_THOUSANDS})$",  # 1,234.5
    "decimal": rf"^({_DECIMAL})$",  # 1.234,5
}
_DOTTED = r"^[+-]?([1-9]\d{0,2}(\.\d{3})+|\d{1,3})$"  # 1.234, meaning 1234
_ANY = rf"^({_PLAIN}|{_THOUSANDS}|{_DECIMAL})$"


def plain_numbers(text: Any) -> Any | None:
    """The column as float64, or ``None`` if some cell is not a plain number (``1.5``, ``1e3``, ``nan``, ``inf``)."""
    return cast_or_none(text, text, pa.float64())


def cast_or_none(text: Any, probe: Any, kind: Any) -> Any | None:
    """The column as type ``kind``, or ``None`` if a cell does not fit; ``probe``: the column or its distinct cells."""
    try:
        pc.cast(probe.slice(0, 100), kind)  # Arrow formats an error message for every failing cell: fail on few
        return pc.cast(text, kind)
    except pa.ArrowInvalid:
        return None


def styled_numbers(text: Any, distinct: Any, styles: tuple[str, ...]) -> tuple[Any, str] | None:
    """The column as float64 and the first of ``styles`` that fits all its (distinct) cells; else ``None``."""
    for style in styles:
        if matches(distinct, STYLES[style]):
            return _parse(text, style), style
    return None


def dotted_numbers(text: Any) -> Any | None:
    """The column as float64 with every dot a thousands separator, if all cells match that style and some has a dot.

    For files whose other columns have decimal commas: there, 1.234 means 1234. ``None`` otherwise.
    """
    dots = pc.any(pc.match_substring(text, ".")).as_py()
    return _parse(text, "decimal") if dots and matches(text, _DOTTED) else None


def looks_like_number(text: Any) -> Any:
    """Cell by cell: whether it is a number in any of the known styles."""
    return pc.match_substring_regex(text, _ANY)


def matches(text: Any, pattern: str) -> bool:
    """Whether every cell that is not missing matches."""
    for part in (text.slice(0, 100), text):  # most columns that do not match fail in the first cells
        if not pc.all(pc.match_substring_regex(part, pattern)).as_py():
            return False
    return True


def _parse(text: Any, style: str) -> Any:
    if style == "decimal":
        text = pc.replace_substring(pc.replace_substring(text, ".", ""), ",", ".")
    else:
        text = pc.replace_substring(text, ",", "")
    return pc.cast(text, pa.float64())
