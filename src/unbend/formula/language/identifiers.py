"""Column names as a formula can write them: "petal width (cm)" is petal_width_cm there."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Sequence

from .functions import ALIASES, FUNCTIONS
from .tokens import WORDS

_WORD = re.compile(r"[^\W\d]\w*")  # Python's names may hold a few marks more, such as the middle dot


def identifiers(names: Sequence[str], reserved: Collection[str] = ()) -> dict[str, str]:
    """{column: the name it has in formulas}: itself where a formula can name it.

    Everything that cannot stand in a name becomes _; a name that begins with a digit gets a word before it, one that is
    a function's, a word of the grammar or ``reserved`` a _ behind it; two columns never share a name.
    """
    taboo = {*FUNCTIONS, *ALIASES, *WORDS, *reserved}
    own = {name: name for name in names if _readable(name, taboo)}
    taken = set(own)
    for name in names:
        if name not in own:
            base = _written(name, taboo)
            found, count = base, 2
            while found in taken:
                found, count = f"{base}_{count}", count + 1
            own[name] = found
            taken.add(found)
    return {name: own[name] for name in names}


def _readable(name: str, taboo: Collection[str]) -> bool:
    plain = name.isidentifier() and _WORD.fullmatch(name) is not None and unicodedata.normalize("NFC", name) == name
    return plain and not name.startswith("__") and name not in taboo


def _written(name: str, taboo: Collection[str]) -> str:
    text = "".join(
        c if ("a" + c).isidentifier() and _WORD.fullmatch("a" + c) else " " for c in unicodedata.normalize("NFC", name)
    )
    text = "_".join(text.split()).strip("_") or "column"
    text = text if text.isidentifier() else f"column_{text}"
    return text if _readable(text, taboo) else f"{text}_"
