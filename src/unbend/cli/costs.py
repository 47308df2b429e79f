"""``--cost`` and ``--class-weight`` of ``unbend fit``: ``FP=1,FN=5``, ``LABEL=3,…`` or a table of costs in a file."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from ..errors import BadInput


def class_weights(text: str | None) -> str | dict[str, float] | None:
    """``balanced``, or ``A=3,B=1`` as a dict. Raises ``BadInput``."""
    if text is None or text.strip().lower() == "balanced":
        return None if text is None else "balanced"
    return _pairs(text, "--class-weight")


def costs(text: str | None) -> dict[str, float] | dict[str, dict[str, float]] | None:
    """``FP=1,FN=5`` or ``A=3,B=1`` as a dict; a file with the actual classes in its first column and a column for each
    predicted class as a dict of dicts. Raises ``BadInput`` and what reading the file raises."""  # fmt: skip
    if text is None:
        return None
    if Path(text).is_file():
        return _table(text)
    return _pairs(text, "--cost")


def _pairs(text: str, option: str) -> dict[str, float]:
    found = {}
    for part in text.split(","):
        label, equals, value = part.rpartition("=")
        try:
            found[label.strip()] = float(value)
        except ValueError:
            equals = ""
        if not equals or not label.strip():
            raise BadInput("cli.bad_cost", option=option, got=text)
    return found


def _table(path: str) -> dict[str, dict[str, float]]:
    from ..data import read_table

    first = read_table(path).column_names[0]
    table = read_table(path, types={first: "text"})
    rows: dict[str, dict[str, float]] = {}
    for row in table.to_pylist():
        actual: Any = row.pop(first)
        rows[str(actual)] = {name: value for name, value in row.items() if value is not None}
    return rows
