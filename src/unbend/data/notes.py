"""`Note`: what was done to the data, as a message key and values, formatted later in the user's language."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from ..words import say


@dataclass(frozen=True)
class Note:
    """A note on the data: a message's ``key`` in the catalogue and the ``values``, some of them notes, that fill it."""

    key: str
    values: dict[str, Any] = field(default_factory=dict)

    def text(self) -> str:
        """The note as a sentence, in the current language."""
        values = {name: value.text() if isinstance(value, Note) else value for name, value in self.values.items()}
        return say(self.key, **values)


def join_names(names: Iterable[str], most: int = 8) -> str:
    """``"a, b, c"``; names beyond the first ``most`` are counted: ``"a, b, … (+12)"``."""
    known = list(names)
    remaining = len(known) - most
    return ", ".join(known[:most]) + (f", … (+{remaining})" if remaining > 0 else "")


def closest_name(name: str, candidates: Iterable[str]) -> str | None:
    """The candidate closest to ``name``, ignoring case and surrounding spaces; ``None`` if none is close."""
    folded = {candidate.casefold().strip(): candidate for candidate in candidates}
    close = difflib.get_close_matches(name.casefold().strip(), folded, n=1, cutoff=0.6)
    return folded[close[0]] if close else None
