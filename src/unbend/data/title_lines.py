"""`header_position`: where the header is when a report has lines of a title above it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

_MOST = 30  # lines of a title


def header_position(records: Sequence[Sequence[str]]) -> int | None:
    """The number (from 0) of the record that is the header, if it is not the first; ``None`` if no header is evident.

    ``records``: the cells of the first records of the table. Most records of a table have the same number of filled
    cells; above the header of a report stand records with at most half as many, and below it two rows at least.
    """
    filled = [sum(bool(cell.strip()) for cell in cells) for cells in records]
    if len(filled) < 3 or not max(filled):
        return None
    widths = [max((k + 1 for k, cell in enumerate(cells) if cell.strip()), default=0) for cells in records]
    width, times = Counter(widths[len(widths) // 2 :]).most_common(1)[0]
    if 2 * times < len(widths) // 2:
        return None
    if width < 2:
        return None
    for position, count in enumerate(filled[:_MOST]):
        if count >= max(2, width - 1) and widths[position] == width:
            return position if position and len(filled) - position > 2 else None
        if count > max(1, width // 2):
            return None
    return None
