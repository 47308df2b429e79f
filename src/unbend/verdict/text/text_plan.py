"""`plan_texts`: on how many rows, in how many folds, the models of a table with text are compared in some seconds."""

from __future__ import annotations

from bisect import bisect_right
from typing import NamedTuple

from ...data import Problem
from ..network_model import fold_number
from ..plan import MAX_ROWS
from .bend_network import BendSettings
from .text_blocks import ORDER

FEWEST_FOLDS = 5
LEAST_ROWS = 300  # are compared whatever the time
SPARE = 1.25  # so much longer than measured a comparison may take before its folds are cut
SAMPLE, SAMPLE_LENGTH = 300, 100_000  # texts whose n-grams are counted, and about so many characters, at most
# one thread's seconds, measured: per n-gram, counted once; fitted in a fold, to one output, or to each of several
_COUNTED, _ONE_OUTPUT, _EACH_OUTPUT, _EACH_OUTPUT_OF_ROW = 0.15e-6, 0.24e-6, 0.045e-6, 6e-6
# of each row that a network is trained on: in any case, per n-gram, per output
_VISIT, _VISIT_NGRAM, _VISIT_OUTPUT = 0.7e-6, 0.007e-6, 0.033e-6


class TextPlan(NamedTuple):
    """``folds`` of cross-validation of so many ``rows``; ``needed``: seconds in which all rows would be compared."""

    folds: int
    rows: int
    needed: float


def plan_texts(rows: int, ngrams: float, outputs: int, seconds: float) -> TextPlan:
    """For so many rows with so many ``ngrams`` each, the same on any number of threads."""
    most = min(rows, MAX_ROWS)
    folds = next((f for f in (fold_number(most), 8) if _needed(most, ngrams, outputs, f) <= seconds), FEWEST_FOLDS)
    affordable = bisect_right(range(1, most + 1), seconds, key=lambda n: _needed(n, ngrams, outputs, FEWEST_FOLDS))
    fewer = most if folds > FEWEST_FOLDS else min(most, max(LEAST_ROWS, affordable))
    return TextPlan(folds, fewer, _needed(most, ngrams, outputs, FEWEST_FOLDS))


def ngrams_per_row(problem: Problem) -> float:
    """Those of a table's texts that stand for its straight model, by a sample and by how long all texts are."""
    total = 0.0
    for column in problem.texts:
        texts = [text or "" for text in problem.arrays.texts(column.name)]
        characters = sum(map(len, texts))
        sample = texts[:: 1 + max(len(texts) // SAMPLE, characters // SAMPLE_LENGTH)]
        counted = len(ORDER.count(sample).columns) / max(1, sum(map(len, sample)))
        total += counted * characters / len(texts)
    return total


def _needed(rows: int, ngrams: float, outputs: int, folds: int) -> float:
    """Seconds of one thread for a cross-validation, with some to spare."""
    settings = BendSettings.for_rows(rows)
    fitted = ngrams * _ONE_OUTPUT if outputs == 1 else outputs * (ngrams * _EACH_OUTPUT + _EACH_OUTPUT_OF_ROW)
    trained = _VISIT + ngrams * _VISIT_NGRAM + outputs * _VISIT_OUTPUT
    fold = fitted + settings.rounds * settings.passes * trained
    return SPARE * rows * (ngrams * _COUNTED + folds * fold)
