"""`two_line_header`: column names in two lines, as merged cells leave them: "sales" above "price" and "number"."""

from __future__ import annotations

from collections.abc import Sequence

from .number_parser import plain_numbers

_MOST = 30  # lines of a title above


def two_line_header(records: Sequence[Sequence[str]]) -> tuple[int, list[str]] | None:
    """The number (from 0) of the upper line and the joined names; ``None`` where no such header is evident.

    ``records``: the cells of the first records, all equally long, every column with some cell filled. The upper line
    has gaps, the lower line has cells in all of these, and none of the lower line is a number; no line above has more
    than half of the columns.
    """
    for position in range(min(_MOST, len(records) - 2)):
        upper, lower = records[position], records[position + 1]
        gaps = [not cell.strip() for cell in upper]
        filled = len(upper) - sum(gaps)
        if (
            2 <= filled < len(upper)
            and not gaps[0]
            and all(cell.strip() for cell, gap in zip(lower, gaps, strict=True) if gap)
        ):
            if any(_is_number(cell) for cell in (*upper, *lower)):
                return None
            return position, _joined(upper, lower)
        if filled == len(upper):
            return None
    return None


def _joined(upper: Sequence[str], lower: Sequence[str]) -> list[str]:
    names, group = [], ""
    for above, below in zip(upper, lower, strict=True):
        group = above.strip() or group
        names.append(f"{group} {below.strip()}".strip())
    return names


def _is_number(cell: str) -> bool:
    import pyarrow as pa

    return bool(cell.strip()) and plain_numbers(pa.chunked_array([[cell.strip()]])) is not None
