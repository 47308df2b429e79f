"""What confirmed pairs add to the straight model: their losses one by one on other texts, and their weights."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ...arrays import Array
from .offset_fit import fit_with_offset
from .pair_search import Texts

Pair = tuple[int, int]


def added_one_by_one(pairs: Sequence[Pair], search: Texts, confirm: Texts) -> list[Array]:
    """What is added to the output of every text of the confirmation (rows,), fitted to the texts of the search.

    First by the corrections of the pairs' single words alone, which is straight, then with one more pair at a time.
    """
    steps = []
    for count in range(len(pairs) + 1):
        weights = fit_with_offset(_columns(pairs, count, search), search.y, search.offset, search.logistic).weights
        steps.append(_columns(pairs, count, confirm) @ weights)
    return steps


def final_weights(pairs: Sequence[Pair], texts: Texts) -> tuple[float, dict[int, float], list[tuple[float, float]]]:
    """(intercept, change of each single word's weight, weight of each pair and change of its neighbours' one)."""
    weights = fit_with_offset(
        _columns(pairs, len(pairs), texts), texts.y, texts.offset, texts.logistic
    ).weights.tolist()
    words = list(dict.fromkeys(word for pair in pairs for word in pair))
    of_pairs = weights[len(weights) - len(pairs) :]
    adjacent = weights[1 + len(words) : 1 + len(words) + len(pairs)] if texts.neighbours else [0.0] * len(pairs)
    return weights[0], dict(zip(words, weights[1:], strict=False)), list(zip(of_pairs, adjacent, strict=True))


def _columns(pairs: Sequence[Pair], count: int, texts: Texts) -> Array:
    """Constant, the pairs' single words and neighbours, and the first so many pairs."""
    ones = np.ones(texts.table.rows)
    return np.column_stack([ones, texts.straight_columns(pairs), texts.presence(pairs[:count])])
