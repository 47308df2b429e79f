"""What was done to the data and must be said: one `Note` each, put into words in the user's language later."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from ..words import say


@dataclass(frozen=True)
class Note:
    """One thing that was done to the data: a message's ``key`` in the catalogue and the ``values`` that fill it."""

    key: str
    values: dict[str, Any] = field(default_factory=dict)

    def text(self) -> str:
        """The note as a sentence, in the language in use now."""
        return say(self.key, **self.values)


def name_list(names: Iterable[str], most: int = 8) -> str:
    """``"a, b, c"``; after ``most`` names the rest is counted: ``"a, b, … (+12)"``."""
    known = list(names)
    rest = len(known) - most
    return ", ".join(known[:most]) + (f", … (+{rest})" if rest > 0 else "")


def nearest(name: str, candidates: Iterable[str]) -> str | None:
    """The candidate ``name`` was likely meant to be, ignoring case and surrounding spaces; ``None`` if none is near."""
    folded = {candidate.casefold().strip(): candidate for candidate in candidates}
    close = difflib.get_close_matches(name.casefold().strip(), folded, n=1, cutoff=0.6)
    return folded[close[0]] if close else None
