"""`identifiers`: column names as a formula can write them: "petal width (cm)" is petal_width_cm there."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Sequence

from .functions import ALIASES, FUNCTIONS
from .tokens import RESERVED_WORDS

_WORD = re.compile(r"[^\W\d]\w*")  # Python's names may hold a few marks more, such as the middle dot


def identifiers(names: Sequence[str], reserved: Collection[str] = ()) -> dict[str, str]:
    """{column: the name it has in formulas}: itself where a formula can name it.

    Every character that is not allowed in a name becomes _; a name that begins with a digit gets a prefix, one that is
    a function's, a reserved word or in ``reserved`` gets a _ after it; two columns never share a name.
    """
    forbidden = {*FUNCTIONS, *ALIASES, *RESERVED_WORDS, *reserved}
    result = {name: name for name in names if _is_valid(name, forbidden)}
    taken = set(result)
    for name in names:
        if name not in result:
            base = _sanitized(name, forbidden)
            candidate, count = base, 2
            while candidate in taken:
                candidate, count = f"{base}_{count}", count + 1
            result[name] = candidate
            taken.add(candidate)
    return {name: result[name] for name in names}


def _is_valid(name: str, forbidden: Collection[str]) -> bool:
    plain = name.isidentifier() and _WORD.fullmatch(name) is not None and unicodedata.normalize("NFC", name) == name
    return plain and not name.startswith("__") and name not in forbidden


def _sanitized(name: str, forbidden: Collection[str]) -> str:
    text = "".join(
        c if ("a" + c).isidentifier() and _WORD.fullmatch("a" + c) else " " for c in unicodedata.normalize("NFC", name)
    )
    text = "_".join(text.split()).strip("_") or "column"
    text = text if text.isidentifier() else f"column_{text}"
    return text if _is_valid(text, forbidden) else f"{text}_"
