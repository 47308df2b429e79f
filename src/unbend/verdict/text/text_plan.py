"""`plan_texts`: on how many rows, in how many folds, the models of a table with text are compared within a budget."""

from __future__ import annotations

from typing import NamedTuple

from ..network_model import fold_number
from ..plan import MAX_ROWS, TRAINING_TIME

FEWEST_FOLDS = 5
LEAST_ROWS = 300  # are compared whatever the budget
COMPARED = 0.6  # of the time for training; the rest is for the models of all rows
# a deliberately high estimate for one thread: n-grams per character; seconds per n-gram and fold, and with each output
_NGRAMS, _SECONDS, _SECONDS_PER_OUTPUT = 6, 2e-6, 0.1e-6


class TextPlan(NamedTuple):
    """``folds`` of cross-validation of so many ``rows``; ``needed``: seconds in which all rows would be compared."""

    folds: int
    rows: int
    needed: float


def plan_texts(rows: int, characters: int, outputs: int, seconds: float) -> TextPlan:
    """For so many rows with as many characters of text in all, the same on any number of threads."""
    most = min(rows, MAX_ROWS)
    each = characters / max(1, rows) * _NGRAMS * (_SECONDS + outputs * _SECONDS_PER_OUTPUT)
    granted = COMPARED * TRAINING_TIME * seconds
    folds = next((f for f in (fold_number(most), 8) if f * most * each <= granted), FEWEST_FOLDS)
    affordable = int(granted / (FEWEST_FOLDS * each)) if each > 0 else most
    fewer = most if folds > FEWEST_FOLDS else min(most, max(LEAST_ROWS, affordable))
    return TextPlan(folds, fewer, FEWEST_FOLDS * most * each / COMPARED / TRAINING_TIME)
