"""`plan`: the work a budget allows (folds, repeats, minibatches), decided beforehand so that a seed reproduces it."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np

from .network_model import FOLDS, fold_number
from .piecewise_encoding import MAX_BINS, bins_per_column
from .settings import Settings

MAX_ROWS = 20_000  # held-out rows of the comparison; more would narrow an interval that is narrow already
MAX_REPEATS = 3
LINEAR_TIME = 0.4  # of what is left of it, for the linear models of the folds of a wide table
LEAST_FOLDS = 3
TRAINING_TIME = 0.8  # of the budget: the rest is for what follows the comparison
_SECONDS_PER_STEP = 4e-5  # of one minibatch of any size, and per multiplication: twice what one thread takes
_SECONDS_PER_PRODUCT = 2.5e-11


@dataclass(frozen=True)
class WorkPlan:
    """``folds`` of cross-validation, at most ``repeats`` times, with these ``settings``.

    ``fewer_steps`` says that the budget allows fewer minibatches than the recipe has, ``steps_fraction`` of them.
    """

    folds: int
    repeats: int
    settings: Settings
    fewer_steps: bool = False
    steps_fraction: float = 1.0

    def with_linear_seconds(self, seconds: float, deadline: float | None, *, wide: bool) -> WorkPlan:
        """Fewer folds, at least ``LEAST_FOLDS``, where the linear model of a wide table took so long that those of all
        folds would leave too little time for the networks."""  # fmt: skip
        if deadline is None or not wide:
            return self
        affordable = int(LINEAR_TIME * (deadline - time.monotonic()) / max(seconds, 1e-9))
        return replace(self, folds=min(self.folds, max(LEAST_FOLDS, affordable)))


def plan(rows: int, features: int, outputs: int, seconds: float) -> WorkPlan:
    """The work for so many rows, features and outputs in ``seconds``.

    `fold_number` folds, three repeats; where an estimate says that one repeat does not fit, five folds; where that does
    not, fewer minibatches.
    """
    settings = Settings.for_rows(rows)
    each = _seconds(settings, features, outputs)
    folds = fold_number(rows)
    if folds * each > TRAINING_TIME * seconds:
        folds = FOLDS
    if folds * each <= TRAINING_TIME * seconds:
        return WorkPlan(folds, MAX_REPEATS, settings)
    fraction = TRAINING_TIME * seconds / (folds * each)
    steps = max(100, int(settings.steps * fraction))
    return WorkPlan(
        folds=folds,
        repeats=1,
        settings=replace(settings, steps=steps),
        fewer_steps=True,
        steps_fraction=steps / settings.steps,
    )


def budget_needed(rows: int, features: int, outputs: int, *, fixed: float, rounds: float, least: float) -> int:
    """Seconds that one repeat needs, with at least the fraction ``least`` of all minibatches.

    A repeat takes ``fixed`` seconds and ``rounds`` more for all minibatches of the recipe (NaN where that could not be
    measured: then the estimate of `plan` stands in). The budget must be one at which `plan` plans as many, and the
    repeat must fit into the part of the time that `compare` grants it. Rounded up to two digits.
    """
    each = _seconds(Settings.for_rows(rows), features, outputs)
    rounds = FOLDS * each if np.isnan(rounds) else rounds
    seconds = 1.05 * max(least * FOLDS * each, fixed + rounds * least) / TRAINING_TIME
    seconds = max(seconds, 1.0)
    unit = 10 ** max(0, int(np.floor(np.log10(seconds))) - 1)
    return int(np.ceil(seconds / unit) * unit)


def seconds_per_row(settings: Settings, features: int, outputs: int) -> float:
    """About how long a row takes in training, both kinds of networks of all members; rather high."""
    return settings.members * _seconds(settings, features, outputs) / (settings.steps * settings.batch_size)


def _seconds(settings: Settings, features: int, outputs: int) -> float:
    """A rough, deliberately high estimate of one fold's training: both kinds, with as many bins as allowed."""
    encoded = features + (min(MAX_BINS, settings.bins * features) if bins_per_column(features) else 0)
    weights = sum(a * b for inputs in (features, encoded) for a, b in pairwise((inputs, *settings.hidden, outputs)))
    products = 3 * settings.batch_size * weights
    return settings.steps * (2 * _SECONDS_PER_STEP + products * _SECONDS_PER_PRODUCT)
