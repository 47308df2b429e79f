"""How much work a budget buys: folds, repeats, minibatches, decided before the work so that a seed repeats it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise

from ..data import Note
from .hinges import MOST, room
from .settings import Settings

MOST_ROWS = 20_000  # rows the comparison is made on; more would narrow an interval that is narrow already
MOST_REPEATS = 3
_SECONDS_PER_STEP = 4e-5  # of one minibatch whatever its size, and per multiplication: twice what one thread takes
_SECONDS_PER_PRODUCT = 2.5e-11


@dataclass(frozen=True)
class Work:
    """``folds`` of cross-validation, at most ``repeats`` times, with these ``settings``; ``notes`` say what was cut."""

    folds: int
    repeats: int
    settings: Settings
    notes: tuple[Note, ...] = ()


def plan(rows: int, features: int, outputs: int, budget: float) -> Work:
    """The work for so many rows, features and outputs in ``budget`` seconds.

    Ten folds (five below 50 rows), three repeats; where an estimate says that one repeat and the final training do not
    fit, five folds; where that does not, fewer minibatches, and that is said.
    """
    settings = Settings.for_rows(rows)
    seconds = _seconds(settings, features, outputs)
    folds = 10 if rows >= 50 and 11 * seconds <= 0.8 * budget else 5
    if (folds + 1) * seconds <= 0.8 * budget:
        return Work(folds, MOST_REPEATS, settings)
    share = 0.8 * budget / ((folds + 1) * seconds)
    cut = replace(settings, steps=max(100, int(settings.steps * share)))
    return Work(folds, 1, cut, (Note("verdict.steps_cut", {"budget": budget, "steps": cut.steps}),))


def _seconds(settings: Settings, features: int, outputs: int) -> float:
    """A rough, deliberately high estimate of one ensemble's training: both kinds, with all pieces there may be."""
    wide = features + (min(MOST, settings.pieces * features) if room(features) else 0)
    weights = sum(a * b for seen in (features, wide) for a, b in pairwise((seen, *settings.hidden, outputs)))
    products = 3 * settings.members * settings.batch_size * weights
    return settings.steps * (2 * _SECONDS_PER_STEP + products * _SECONDS_PER_PRODUCT)
