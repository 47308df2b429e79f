"""`switch_words`: words whose pairs are said by one number, the multiplier of the weights of the words near them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from ...arrays import Array
from ...solve.sparse.dual import DualSolver
from ...text.sparse_rows import SparseRows
from .offset_fit import fit_with_offset
from .pair_scores import score_test
from .pair_search import HELD_OUT_LEVEL, Texts

LEAST_PAIRS = 2  # of a word, for a multiplier to say more than a pair
MOST = 0.7  # of what the word's pairs remove of the held-out loss: so much a multiplier must say
COST, PASSES = 1.0, 50  # of the linear model that the words' weights are those of
LEAST_TEXTS = 100  # without the word, to fit it to
Pair = tuple[int, int]


@dataclass(frozen=True)
class Switch:
    """A word by its number; ``after``: it multiplies the next words' weights, else those of the words before.

    ``reduction`` is what the multiplier removes of the mean held-out loss, ``pairs_reduction`` what the pairs do.
    """

    word: int
    after: bool
    multiplier: float
    reduction: float
    pairs_reduction: float
    held_out_p: float


def switch_words(pairs: Sequence[Pair], search: Texts, confirm: Texts, loss: Callable[[Array], float]) -> list[Switch]:
    """Those words of several pairs of which one multiplier says most of what the pairs say.

    ``loss`` of what is added to the outputs of the confirmation (rows,) is their mean loss.
    """
    groups: dict[tuple[int, bool], list[Pair]] = defaultdict(list)
    for pair in pairs:
        groups[pair[0], True].append(pair)
        groups[pair[1], False].append(pair)
    tried = []
    for (word, after), own in groups.items():
        elsewhere = np.flatnonzero(search.table.presence(word) == 0)
        if len(own) >= LEAST_PAIRS and len(elsewhere) >= LEAST_TEXTS:
            weights = word_weights(search, elsewhere)
            tried.append(_multiplier(word, after, pairs, weights, search, confirm, loss))
    return [
        switch
        for switch in tried
        if switch.held_out_p < HELD_OUT_LEVEL and switch.reduction >= MOST * switch.pairs_reduction > 0
    ]


def word_weights(texts: Texts, which: Array) -> Array:
    """What each word says (words,) in some texts (k,), by a linear model of which words a text has.

    The straight model's weights would not do: they are a mean over texts with the switch word and without it.
    """
    table = texts.table
    rows, numbers = table.row, table.numbers[:, 0]
    entries = np.unique(rows[numbers >= 0] * len(table.words) + numbers[numbers >= 0])
    starts = np.searchsorted(entries, np.arange(table.rows + 1) * len(table.words))
    columns = (entries % len(table.words)).astype(np.int32)
    presence = SparseRows(starts.astype(np.int64), columns, np.ones(len(columns), np.float32), len(table.words))
    scale = 1.0 if texts.logistic else max(float(texts.y.std()), 1e-300)
    target = 2 * texts.y - 1 if texts.logistic else (texts.y - texts.y.mean()) / scale
    solver = DualSolver(presence, target, "logistic" if texts.logistic else "squared")
    solver.fit(which, COST, PASSES)
    return solver.weights[:-1] * scale


def near_weights(texts: Texts, word: int, after: bool, weights: Array) -> Array:
    """The sum of the weights of the words within the window after, or before, the word, for each text (rows,)."""
    table, of_place = texts.table, _weights_of_places(texts, weights)
    at = np.flatnonzero((table.numbers == word).any(axis=1))
    reached = np.zeros(len(table.row), bool)  # a place within reach of the word twice counts once
    for distance in range(1, texts.window + 1):
        to = at + distance if after else at - distance
        inside = (to >= 0) & (to < len(table.row))
        same = table.row[to[inside]] == table.row[at[inside]]
        reached[to[inside][same]] = True
    return np.bincount(table.row[reached], of_place[reached], table.rows)


def _weights_of_places(texts: Texts, weights: Array) -> Array:
    """The weight of the word at each place of the texts."""
    of_place: Array = np.append(weights, 0.0)[texts.table.numbers[:, 0]]
    return of_place


def _multiplier(
    word: int,
    after: bool,
    pairs: Sequence[Pair],
    weights: Array,
    search: Texts,
    confirm: Texts,
    loss: Callable[[Array], float],
) -> Switch:
    """One number in the place of the word's pairs, fitted to the search and judged on the confirmation."""
    from scipy import special

    others = [pair for pair in pairs if pair[not after] != word]

    def columns(texts: Texts, added: Sequence[Pair]) -> Array:
        ones = np.ones(texts.table.rows)
        every = np.bincount(texts.table.row, _weights_of_places(texts, weights), texts.table.rows)
        return np.column_stack([ones, every, texts.straight_columns(pairs), texts.presence(added)])

    def fitted(*makers: Callable[[Texts], Array]) -> tuple[float, float]:
        """(mean held-out loss, the last column's weight) of the model with these columns."""
        made = fit_with_offset(
            np.column_stack([make(search) for make in makers]), search.y, search.offset, search.logistic
        )
        return loss(np.column_stack([make(confirm) for make in makers]) @ made.weights), float(made.weights[-1])

    def near(texts: Texts) -> Array:
        return near_weights(texts, word, after, weights)

    without, _ = fitted(lambda texts: columns(texts, others))
    with_pairs, _ = fitted(lambda texts: columns(texts, pairs))
    with_multiplier, factor = fitted(lambda texts: columns(texts, others), near)
    null, straight = confirm.null(others)
    score = score_test(near(confirm), np.column_stack([straight, confirm.straight_columns(pairs)]), null)
    return Switch(
        word=word,
        after=after,
        multiplier=1 + factor,
        reduction=without - with_multiplier,
        pairs_reduction=without - with_pairs,
        held_out_p=float(special.chdtrc(1, abs(score))),
    )
