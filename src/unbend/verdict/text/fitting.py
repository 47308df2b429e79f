"""`fit_text`: a straight model of text, its penalty chosen on held-out rows and its probabilities calibrated there."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Any

import numpy as np

from ...arrays import Array
from ...data.target import Task
from ...text.fasttext.int8_blocks import Int8Blocks
from ...text.ngrams import NGrams
from ...text.weighting import Weighting, weigh
from .linear_fit import LinearFit
from .selection import LAST_PASSES, Choice, choose_cost, frequent_columns, held_out_rows, reweighted
from .text_model import TextModel
from .text_target import TextTarget, text_groups


def fit_text(
    texts: Sequence[Any],
    target: Sequence[Any],
    task: Task = "classification",
    grams: NGrams | None = None,
    seed: int = 0,
    budget: float | None = None,
) -> TextModel:
    """Fit a straight model of text: n-grams, naive Bayes weights, logistic regression or least squares.

    Parameters
    ----------
    texts : sequence of str
        What is missing (None, NaN) is an empty text.
    target : sequence
        A label, or a number, for each text.
    task : "classification" or "regression"
    grams : NGrams, optional
        Which n-grams are counted; by default 1 to 5 characters, words and pairs of words.
    seed : int, default 0
        For the choice of held-out rows and the order of rows: the same seed gives the same model, on any number of
        threads.
    budget : float, optional
        Seconds after half of which no further penalty is tried and no further pass over the rows begun.

    Returns
    -------
    TextModel

    Raises
    ------
    DataError
        For fewer than 20 rows, labels that are all the same or nearly all different, numbers that are not finite, and
        texts that are all equal.

    References
    ----------
    Wang & Manning (2012), Baselines and bigrams: simple, good sentiment and topic classification.
    """
    grams = grams or NGrams()
    known = TextTarget.of(texts, target, task)
    held_out = held_out_rows(text_groups(texts), np.random.default_rng(seed))
    deadline = None if budget is None else time.monotonic() + budget / 2
    counts = grams.count(texts)
    weighting = frequent_columns(counts, known)
    counts = weighting.columns_of(counts)
    rows = reweighted(counts, ~held_out)
    fit = LinearFit(rows, known.y, len(known.classes), ~held_out, seed, in_place=True)
    chosen = choose_cost(fit, known, held_out, deadline)
    fit.extend(weigh(counts, weighting.idf, rows.values), np.ones(len(counts), bool))
    fit.fit(chosen.held_out.cost, LAST_PASSES, deadline)
    W, b = fit.weights
    return assembled(grams, weighting, W, b, known, chosen)


def assembled(grams: NGrams, weighting: Weighting, W: Array, b: Array, target: TextTarget, chosen: Choice) -> TextModel:
    """The calibrated model of weights (n-grams, outputs) and intercepts (outputs,) for ``target``, in its unit."""
    small, scaling = Int8Blocks.from_matrix(W), chosen.scaling
    return TextModel(
        grams=grams,
        weighting=weighting,
        weights=Int8Blocks(small.codes, small.scales * np.float32(scaling.factor * target.unit)),
        intercepts=(b * scaling.factor + scaling.shift) * target.unit + target.centre,
        classes=target.classes,
        held_out=chosen.held_out,
        damping=scaling.damping,
    )
