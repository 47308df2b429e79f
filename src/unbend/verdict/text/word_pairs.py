"""`find_word_pairs`: where texts bend, the word pairs that mean together what they do not mean apart."""

from __future__ import annotations

import time
from collections.abc import Sequence
from functools import partial
from typing import Any

import numpy as np

from ...arrays import Array
from ...text.normalise import normalise
from .output_pairs import HeldOutLosses, OutputPairs
from .pair_fits import final_weights
from .pair_records import SwitchWord, WordPair, WordPairs, WordWeight
from .pair_scores import LEAST_ROWS
from .pair_search import Texts, search_pairs
from .switch_words import switch_words
from .word_table import WINDOW, WordTable

HELD_OUT = 1 / 3  # of the texts, in whole folds, for the confirmation
MOST_WORDS = 400_000  # looked at in all texts of the search
WORDS_PER_SECOND = 40_000  # until the deadline, so that there is time for them


def find_word_pairs(
    texts: Sequence[Any],
    y: Array,
    output: Array,
    folds: Array,
    classes: int,
    *,
    gain: float | None = None,
    neighbours: bool = True,
    window: int = WINDOW,
    seed: int = 0,
    deadline: float | None = None,
) -> WordPairs:
    """Search the residuals of a straight model for word pairs.

    Of all pairs of words within the window, the one with the largest score is added to the straight model if it is
    significant among all pairs looked at (score tests, with all that is straight projected out; Bonferroni, after
    genomic control) and again by itself on the texts of other folds; then the next. Of equal texts only one counts.

    Parameters
    ----------
    texts : sequence of str
    y : ndarray of shape (n,)
        Class numbers, or numbers.
    output : ndarray of shape (n, outputs)
        The straight model's outputs for texts that it was not fitted to; rows that are not finite are left out.
    folds : ndarray of int, (n,)
        In which fold each text was held out.
    classes : int
        How many classes there are, 0 for numbers.
    gain : float, optional
        The mean held-out loss that a network removes, of which the pairs' shares are told; by default that of all pairs
        together.
    neighbours : bool, default True
        Whether the straight model has weights of its own for pairs of neighbouring words.
    window : int, default 3
    seed : int, default 0
        For the choice of texts where there are too many words.
    deadline : float, optional
        Of ``time.monotonic()``.

    Returns
    -------
    WordPairs

    References
    ----------
    Rao (1948), Large sample tests of statistical hypotheses; Devlin & Roeder (1999), Genomic control.

    Examples
    --------
    >>> import numpy as np
    >>> from unbend.verdict.text.word_pairs import find_word_pairs
    >>> rng = np.random.default_rng(0)
    >>> good, never, so = rng.integers(0, 2, (3, 2000))
    >>> texts = [f"{i} {'never ' * n}{'so ' * s}{'good' * g}" for i, (g, n, s) in enumerate(zip(good, never, so))]
    >>> found = find_word_pairs(texts, good ^ never, np.zeros((2000, 1)), np.arange(2000) % 5, 2)
    >>> [(pair.first, pair.second) for pair in found.pairs], round(found.gain, 1)
    ([('never', 'good')], 1.0)
    """  # fmt: skip
    most = MOST_WORDS
    if deadline is not None:
        most = min(most, int(max(0.0, deadline - time.monotonic()) * WORDS_PER_SECOND))
    chosen, left_out = _distinct_rows(texts, np.flatnonzero(np.isfinite(output).all(axis=1)), seed, most)
    held_out = _held_out(folds[chosen])
    search, confirm = chosen[~held_out], chosen[held_out]
    outputs = output.shape[1]
    if min(len(search), len(confirm)) < LEAST_ROWS:
        nothing = np.zeros(outputs)
        return WordPairs((), (), (), nothing, 0, len(search), len(confirm), loss=0.0, gain=0.0, cut=left_out)
    tables = [WordTable.of([texts[i] for i in search], least_rows=LEAST_ROWS)]
    names = list(tables[0].words)
    tables.append(WordTable.of([texts[i] for i in confirm], names))
    pairs = tables[0].pairs(LEAST_ROWS, window)
    looked = len(pairs) * outputs

    whole = WordTable.of([texts[i] for i in chosen], names)
    losses = HeldOutLosses(output[confirm], y[confirm], classes)
    parts: list[OutputPairs] = []
    cut = False
    for k in range(outputs):

        def some(table: WordTable, rows: Array, k: int = k) -> Texts:
            target = _target(y[rows], k, classes, outputs)
            return Texts(table, target, _log_odds(output[rows], k), bool(classes), window, neighbours)

        sides = some(tables[0], search), some(tables[1], confirm)
        if classes and min(float(min(part.y.sum(), (1 - part.y).sum())) for part in sides) < LEAST_ROWS:
            continue
        found, cut = search_pairs(pairs, *sides, looked=looked, deadline=deadline)
        if found:
            parts.append(OutputPairs(k, found, *sides, some(whole, chosen)))
        if cut:
            break
    steps = [part.steps() for part in parts]
    before = losses.loss({part.output: shifts[0] for part, shifts in zip(parts, steps, strict=True)})
    after = losses.loss({part.output: shifts[-1] for part, shifts in zip(parts, steps, strict=True)})
    removed = [
        -np.diff([losses.loss({p.output: shift}) for shift in shifts]) for p, shifts in zip(parts, steps, strict=True)
    ]
    total = float(sum(one.sum() for one in removed)) if gain is None else gain
    intercepts = np.zeros(outputs)
    made: list[WordPair] = []
    switches: list[SwitchWord] = []
    words: list[WordWeight] = []
    for part, reductions in zip(parts, removed, strict=True):
        intercepts[part.output], changes, weights = final_weights(part.pairs, part.whole)
        words += [WordWeight(names[word], part.output, weight) for word, weight in changes.items()]
        made += part.records(names, weights, reductions / total if total > 0 else np.zeros(len(reductions)))
        loss = partial(losses.loss_of_one, part.output)
        if deadline is not None and time.monotonic() > deadline:
            cut = True
            continue
        switches += part.switches(names, switch_words(part.pairs, part.search, part.confirm, loss), total)
    return WordPairs(
        pairs=tuple(sorted(made, key=lambda pair: -pair.share)),
        switches=tuple(sorted(switches, key=lambda switch: -switch.share)),
        words=tuple(words),
        intercepts=intercepts,
        looked=looked,
        rows=len(search),
        held_out_rows=len(confirm),
        loss=before,
        gain=1 - after / before if before > 0 else 0.0,
        cut=cut,
    )


def _target(y: Array, k: int, classes: int, outputs: int) -> Array:
    """Numbers, or 1 for rows of the output's class."""
    return (y == (1 if outputs == 1 else k)).astype(np.float64) if classes else y.astype(np.float64)


def _log_odds(output: Array, k: int) -> Array:
    """Of output k against all others, of a single one as it is."""
    if output.shape[1] == 1:
        return output[:, 0]
    others = np.delete(output, k, axis=1)
    top = others.max(axis=1)
    return np.asarray(output[:, k] - top - np.log(np.exp(others - top[:, None]).sum(axis=1)))


def _distinct_rows(texts: Sequence[Any], rows: Array, seed: int, most: int) -> tuple[Array, bool]:
    """The first row of every different text, at random as many as have so many words at ``most``; whether others do."""
    first: dict[str, int] = {}
    for i in rows.tolist():
        first.setdefault(" ".join(normalise(texts[i]).split()), i)
    words = np.array([text.count(" ") + 1 for text in first], np.int64)
    order = np.random.default_rng([seed, 8]).permutation(len(words))
    few = order[np.cumsum(words[order]) <= most]
    return np.sort(np.array(list(first.values()), np.int64)[few]), len(few) < len(words)


def _held_out(folds: Array) -> Array:
    """A mask of the rows of the last folds, a third of all or a little more."""
    held_out = np.zeros(len(folds), bool)
    for fold in np.unique(folds)[::-1]:
        if held_out.mean() >= HELD_OUT - 0.1:
            break
        held_out |= folds == fold
    return held_out
