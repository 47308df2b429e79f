"""Linear combinations of words as text: "king - man + woman"."""

from __future__ import annotations

import re

from ...errors import BadInput

_TERM = re.compile(r"(?:(\d+(?:\.\d+)?)\s*[*·]\s*)?(\S+)")


def parse(expression: str) -> list[tuple[float, str]]:
    """(factor, word) of each term. Raises ``BadInput``."""
    parts = re.split(r"(?:^|\s+)([+\-−–])\s+", expression.strip())
    terms = list(zip(["+", *parts[1::2]], parts[::2], strict=True))
    if not terms[0][1].strip():
        terms = terms[1:]
    found = []
    for sign, text in terms:
        match = _TERM.fullmatch(text.strip())
        if match is None or match[2] in "+-−–":
            raise BadInput("vectors.expression", got=expression[:80])
        found.append((float(match[1] or 1) * (1 if sign == "+" else -1), match[2]))
    if not found:
        raise BadInput("vectors.expression", got=expression[:80])
    return found
