"""`fit_text`: a straight model of text, its penalty chosen on held-out rows and its probabilities calibrated there."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from ...arrays import Array
from ...errors import DataError
from ...text.fasttext.int8_blocks import Int8Blocks
from ...text.ngrams import NGrams
from ...text.normalise import normalise
from ...text.sparse_rows import SparseRows
from ...text.weighting import Weighting
from ..scores import accuracy, constant_output, row_losses, score
from .held_out import HeldOut
from .linear_fit import LinearFit
from .temperature import calibrate
from .text_model import TextModel

Task = Literal["classification", "regression"]

COSTS = (0.6, 1.6, 4.0, 10.0, 25.0, 63.0, 160.0)  # of the losses against the penalty
FIRST = 3  # of these is tried first
PASSES, MORE_PASSES, LAST_PASSES = 4, 3, 5  # over the rows: for the first cost, for each further one, for the model
FEW_ROWS = 30_000  # so far an n-gram of two rows has a weight, beyond it takes three
HELD_OUT_SHARE, MOST_HELD_OUT = 0.15, 15_000
LEAST_ROWS = 20
MOST_NUMBERS = 1 << 25  # weights in all; where classes are many, only the most frequent n-grams have any
MOST_CLASSES = 20_000


@dataclass(frozen=True, eq=False)
class _Target:
    """What is to be predicted: class numbers, or numbers as ``(y - centre)/unit``."""

    y: Array
    classes: tuple[str, ...]
    centre: float = 0.0
    unit: float = 1.0


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
        Seconds after which no further penalty is tried.

    Returns
    -------
    TextModel

    Raises
    ------
    DataError
        For fewer than 20 rows, labels that are all the same or nearly all different, numbers that are not finite, and
        texts without anything to read.

    References
    ----------
    Wang & Manning (2012), Baselines and bigrams: simple, good sentiment and topic classification.
    """
    if len(texts) != len(target):
        raise DataError("text.lengths", texts=len(texts), target=len(target))
    if len(texts) < LEAST_ROWS:
        raise DataError("text.few_rows", got=len(texts), least=LEAST_ROWS)
    grams = grams or NGrams()
    known = _classes(target) if task == "classification" else _numbers(target)
    counts = grams.count(texts)
    held_out = _held_out_rows(texts, np.random.default_rng(seed))
    deadline = None if budget is None else time.monotonic() + budget / 2
    chosen = _choose(counts, known, held_out, seed, deadline)
    weighting, rows = _weighted(counts, known)
    del counts
    fit = LinearFit(rows, known.y, len(known.classes), np.ones(len(rows), bool), seed)
    fit.fit(chosen.held_out.cost, LAST_PASSES, deadline)
    W, b = fit.weights
    small, slope, shift = Int8Blocks.from_matrix(W), chosen.slope, chosen.shift
    return TextModel(
        grams=grams,
        weighting=weighting,
        weights=Int8Blocks(small.codes, small.scales * np.float32(slope * known.unit)),
        intercepts=(b * slope + shift) * known.unit + known.centre,
        classes=known.classes,
        held_out=chosen.held_out,
    )


@dataclass(frozen=True)
class _Choice:
    held_out: HeldOut
    slope: float
    shift: float


def _choose(counts: SparseRows, known: _Target, held_out: Array, seed: int, deadline: float | None) -> _Choice:
    """The cost whose calibrated model has the least loss on the held-out rows."""
    train, outside = ~held_out, np.flatnonzero(held_out)
    rows = _weighted(counts, known, train)[1]
    y, classes = known.y[outside], len(known.classes)
    fit = LinearFit(rows, known.y, classes, train, seed)

    def attempt(cost: float, passes: int = MORE_PASSES) -> tuple[float, _Choice]:
        fit.fit(cost, passes, deadline)
        output = fit.outputs(outside)
        slope, shift = calibrate(output, y, classes)
        loss = float(row_losses(slope * output + shift, y, classes).mean())
        small = slope * fit.outputs(outside, in_bytes=True) + shift
        small_loss = float(row_losses(small, y, classes).mean())
        if classes:
            points = accuracy(small, y)
        else:
            constant = float(row_losses(np.tile(constant_output(y, 0), (len(y), 1)), y, 0).mean())
            points = score(small_loss, constant)
        unit = 1.0 if classes else known.unit**2
        held_out = HeldOut(len(y), points, small_loss * unit, (small_loss - loss) * unit, cost)
        return loss, _Choice(held_out, slope, shift)

    best = attempt(COSTS[FIRST], PASSES)
    for path in (COSTS[FIRST + 1 :], COSTS[FIRST - 1 :: -1]):
        improved = False
        for cost in path:
            if deadline is not None and time.monotonic() > deadline:
                break
            tried = attempt(cost)
            if tried[0] >= best[0]:
                break
            best, improved = tried, True
        if improved:
            break
    return best[1]


def _weighted(counts: SparseRows, known: _Target, train: Array | None = None) -> tuple[Weighting, SparseRows]:
    least_rows = 2 if len(counts) <= FEW_ROWS else 3
    weighting = Weighting.of(counts, train, least_rows, MOST_NUMBERS // max(1, len(known.classes)))
    return weighting, weighting(counts)


def _held_out_rows(texts: Sequence[Any], rng: np.random.Generator) -> Array:
    """A mask (n,) of rows to be held out; equal texts stay together."""
    number: dict[str, int] = {}
    groups = np.array([number.setdefault(normalise(text), len(number)) for text in texts])
    if len(number) < 2:
        raise DataError("text.all_equal", got=next(iter(number))[:40])
    order = rng.permutation(len(number))
    rank = np.empty(len(number), np.int64)
    rank[order] = np.arange(len(number))
    wanted = min(max(1, round(HELD_OUT_SHARE * len(number))), MOST_HELD_OUT)
    mask: Array = rank[groups] < wanted
    return mask


def _classes(target: Sequence[Any]) -> _Target:
    labels, y = np.unique(np.asarray([str(label) for label in target]), return_inverse=True)
    if len(labels) < 2:
        raise DataError("text.one_class", got=labels[0])
    if len(labels) > min(MOST_CLASSES, len(y) / 2):
        raise DataError("text.many_classes", got=len(labels), rows=len(y), most=MOST_CLASSES)
    return _Target(y.astype(np.int64), tuple(labels.tolist()))


def _numbers(target: Sequence[Any]) -> _Target:
    y = np.asarray(target, np.float64)
    if not np.isfinite(y).all():
        raise DataError("text.not_finite", row=int(np.flatnonzero(~np.isfinite(y))[0]))
    centre, unit = float(y.mean()), float(y.std())
    if unit == 0:
        raise DataError("text.one_number", got=centre)
    return _Target((y - centre) / unit, (), centre, unit)
