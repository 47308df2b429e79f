"""`search_pairs`: the pairs of one output, found on some texts and confirmed on others, added one by one."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from ...arrays import Array
from .offset_fit import OffsetFit, fit_with_offset
from .pair_scores import inflation, score_test, screen
from .word_table import Pairs, WordTable

LEVEL = 0.05  # probability that anything at all passes the search by chance
HELD_OUT_LEVEL = 0.01  # of a pair's confirmation
MOST_PAIRS = 20  # of an output
MOST_EXACT = 60  # pairs of a round whose scores are computed exactly


@dataclass(frozen=True)
class Found:
    """A confirmed pair of words, by their numbers; p-values: of the search for all pairs, and of the confirmation."""

    first: int
    second: int
    p_value: float
    held_out_p: float


@dataclass(frozen=True, eq=False)
class Texts:
    """Some texts with what the straight model says of them.

    ``y`` (rows,) are 0 and 1, or numbers; ``offset`` (rows,) the straight model's held-out log odds or values.
    """

    table: WordTable
    y: Array
    offset: Array
    logistic: bool
    window: int
    neighbours: bool
    _columns: dict[tuple[int, ...], Array] = field(default_factory=dict, repr=False)

    def base(self) -> Array:
        """What any straight model may be off by (rows, 5): level, scale and curve of its output, length of the text."""
        level = (self.offset - self.offset.mean()) / max(float(self.offset.std()), 1e-300)
        length = np.log1p(self.table.lengths)
        length = length - length.mean()
        return np.column_stack([np.ones(len(level)), level, np.clip(level, -3, 3) ** 2, length, level * length])

    def straight_columns(self, pairs: Sequence[tuple[int, int]]) -> Array:
        """(rows, k) presence of the pairs' single words and, where the straight model knows them, of neighbours."""
        words = dict.fromkeys(word for pair in pairs for word in pair)
        columns = [self._cached((word,)) for word in words]
        if self.neighbours:
            columns += [self._cached(pair)[:, 1] for pair in pairs]
        return np.column_stack([np.empty((self.table.rows, 0)), *columns])

    def presence(self, pairs: Sequence[tuple[int, int]]) -> Array:
        """(rows, pairs) whether each text has each pair."""
        return np.column_stack([np.empty((self.table.rows, 0)), *(self._cached(pair)[:, 0] for pair in pairs)])

    def null(self, pairs: Sequence[tuple[int, int]]) -> tuple[OffsetFit, Array]:
        """The straight model refitted with these pairs, and its columns."""
        columns = np.column_stack([self.base(), self.straight_columns(pairs), self.presence(pairs)])
        return fit_with_offset(columns, self.y, self.offset, self.logistic), columns

    def test(self, pair: tuple[int, int], null: OffsetFit, columns: Array) -> float:
        """The pair's exact score, its own words projected out as well."""
        own = np.column_stack([columns, self.straight_columns([pair])])
        return score_test(self.presence([pair])[:, 0], own, null)

    def _cached(self, key: tuple[int, ...]) -> Array:
        if key not in self._columns:
            if len(key) == 1:
                self._columns[key] = self.table.presence(key[0])
            else:
                self._columns[key] = np.column_stack(self.table.pair_presence(key[0], key[1], self.window))
        return self._columns[key]


def search_pairs(
    pairs: Pairs, search: Texts, confirm: Texts, looked: int, deadline: float | None = None
) -> tuple[list[Found], bool]:
    """The confirmed pairs in the order in which they were added, and whether time ran out.

    ``looked`` is the number of all tests that the p-values of the search are corrected for (Bonferroni).
    """
    from scipy import special

    found: list[Found] = []
    refused = np.zeros(len(pairs), bool)
    critical = float(special.chdtri(1, LEVEL / max(looked, 1)))
    while len(found) < MOST_PAIRS and len(pairs):
        if deadline is not None and time.monotonic() > deadline:
            return found, True
        added = [(one.first, one.second) for one in found]
        null, columns = search.null(added)
        about = screen(pairs, search.table, null, search.neighbours)
        about[refused] = 0
        grown = inflation(about)
        candidates = np.argsort(-about, kind="stable")[:MOST_EXACT]
        candidates = candidates[about[candidates] > critical * grown / 2]
        names = [(int(pairs.first[i]), int(pairs.second[i])) for i in candidates]
        scores = np.array([search.test(name, null, columns) for name in names])
        if not len(scores) or np.abs(scores).max() <= critical * grown:
            return found, False
        at = int(np.abs(scores).argmax())
        refused[candidates[at]] = True
        score = confirm.test(names[at], *confirm.null(added))
        held_out_p = float(special.chdtrc(1, abs(score)))
        if held_out_p < HELD_OUT_LEVEL and score * scores[at] > 0:
            p = min(1.0, looked * float(special.chdtrc(1, abs(scores[at]) / grown)))
            found.append(Found(*names[at], p, held_out_p))
    return found, False
