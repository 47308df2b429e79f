"""`choose_cost`: the penalty of a straight model of text with the least loss on held-out rows, and its calibration."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import takewhile
from typing import TypeVar

import numpy as np

from ...arrays import Array
from ...text.sparse_rows import SparseRows
from ...text.weighting import Weighting, count_rows, inverse_frequencies, weigh
from ..scores import accuracy, constant_output, row_losses, score
from .held_out import HeldOut
from .linear_fit import LinearFit
from .temperature import Scaling, calibrate
from .text_target import TextTarget, shuffled_groups

T = TypeVar("T")

COSTS = (0.4, 1.0, 2.5, 6.3, 16.0, 40.0, 100.0, 250.0)  # of the losses against the penalty
NEAR = 0.1  # by logarithm: so near to one that was tried, another cost makes no difference
FIRST = 3  # of these is tried first
PASSES, MORE_PASSES, LAST_PASSES = 3, 2, 2  # over the rows: for the first cost, for each further one, for the model
HELD_OUT_SHARE, MOST_HELD_OUT = 0.15, 15_000
FEW_ROWS = 30_000  # so far an n-gram of two rows has a weight, beyond it takes three
MOST_COLUMNS = 1_600_000  # n-grams with a weight: of one output, a file of less than four megabytes
MOST_NUMBERS = 1 << 25  # weights in all; where classes are many, only the most frequent n-grams have any


@dataclass(frozen=True)
class Choice:
    """What was measured of the best cost, and what calibrates its outputs."""

    held_out: HeldOut
    scaling: Scaling


def choose_cost(fit: LinearFit, target: TextTarget, held_out: Array, deadline: float | None = None) -> Choice:
    """The cost at which the calibrated model has the least loss on the rows ``held_out`` (n,).

    Costs are tried from the middle, upwards or downwards for as long as the loss falls.
    """
    outside = np.flatnonzero(held_out)
    own = target.take(outside)

    def attempt(cost: float, passes: int) -> tuple[float, Choice]:
        fit.fit(cost, passes, deadline)
        return measure(fit.outputs(outside), fit.outputs_in_bytes(outside), own, cost)

    return search_costs(attempt, deadline)


def measure(output: Array, in_bytes: Array, target: TextTarget, cost: float) -> tuple[float, Choice]:
    """(loss of the calibrated outputs, what was measured) of held-out rows.

    ``output`` (n, outputs) are those of the weights, ``in_bytes`` of the weights stored in one byte each.
    """
    y, classes = target.y, len(target.classes)
    scaling = calibrate(output, y, classes)
    loss = float(row_losses(scaling.log_odds(output), y, classes).mean())
    small = scaling.log_odds(in_bytes)
    small_loss = float(row_losses(small, y, classes).mean())
    if classes:
        points, whole_points = accuracy(small, y), accuracy(output * scaling.factor + scaling.shift, y)
    else:
        constant = float(row_losses(np.tile(constant_output(y, 0), (len(y), 1)), y, 0).mean())
        points, whole_points = score(small_loss, constant), score(loss, constant)
    unit = 1.0 if classes else target.unit**2
    held_out = HeldOut(
        rows=len(y),
        score=points,
        loss=small_loss * unit,
        bytes_cost=(small_loss - loss) * unit,
        cost=cost,
        score_cost=whole_points - points,
    )
    return loss, Choice(held_out, scaling)


def search_costs(attempt: Callable[[float, int], tuple[float, T]], deadline: float | None = None) -> T:
    """What ``attempt`` found at the cost of least loss: it takes a cost and a number of passes, and gives both.

    Each cost is fitted from where the last one ended. Between those of the grid the one where the parabola through the
    best cost and its neighbours is lowest is tried as well.
    """
    tried = {COSTS[FIRST]: attempt(COSTS[FIRST], PASSES)}
    late = False

    def try_cost(cost: float) -> bool:
        """Whether it is the best so far; nothing is tried after the deadline."""
        nonlocal late
        late = late or (deadline is not None and time.monotonic() > deadline)
        if late:
            return False
        before = min(loss for loss, _ in tried.values())
        tried[cost] = attempt(cost, MORE_PASSES)
        return tried[cost][0] < before

    for path in (COSTS[FIRST + 1 :], COSTS[FIRST - 1 :: -1]):
        if list(takewhile(try_cost, path)):
            break
    losses = {cost: loss for cost, (loss, _) in tried.items()}
    between = _lowest(losses)
    if between is not None:
        try_cost(between)
    return min(tried.values(), key=lambda found: found[0])[1]


def _lowest(losses: Mapping[float, float]) -> float | None:
    """Where, by logarithm, the parabola through the best cost and its neighbours is lowest.

    None at an end of the costs that were tried, and where that is nearly the best cost itself.
    """
    costs = sorted(losses)
    k = costs.index(min(costs, key=lambda cost: losses[cost]))
    if k in (0, len(costs) - 1):
        return None
    x, y = np.log(costs[k - 1 : k + 2]), [losses[cost] for cost in costs[k - 1 : k + 2]]
    a, b, _ = np.polyfit(x - x[1], y, 2)
    away = -b / (2 * a) if a > 0 else 0.0
    return float(f"{costs[k] * np.exp(away):.2g}") if abs(away) > NEAR else None


def weighted(
    counts: SparseRows, target: TextTarget, train: Array | None = None, most: int | None = None
) -> tuple[Weighting, SparseRows]:
    """The weighting of the rows ``train`` (n,), by default all, of ``most`` n-grams at most; all rows weighted."""
    weighting = frequent_columns(counts, target, train, most)
    return weighting, weighting(counts)


def frequent_columns(
    counts: SparseRows, target: TextTarget, train: Array | None = None, most: int | None = None
) -> Weighting:
    """The weighting of the buckets that are frequent enough among the rows ``train`` (n,), by default all."""
    return Weighting.of(counts, train, least_rows(len(counts)), most or most_columns(target))


def most_columns(target: TextTarget) -> int:
    """So many n-grams have weights, at most."""
    return min(MOST_COLUMNS, MOST_NUMBERS // max(1, len(target.classes)))


def reweighted(counts: SparseRows, train: Array, values: Array | None = None) -> SparseRows:
    """Counts by columns, weighted by what the rows ``train`` (n,) have; a column too rare in them is 0.

    The result's values may be written to ``values`` (entries,).
    """
    rows_with = count_rows(counts, np.where(train, 0, -1))[:, 0]
    idf = inverse_frequencies(rows_with, int(np.count_nonzero(train)))
    return weigh(counts, np.where(rows_with >= least_rows(len(counts)), idf, np.float32(0)), values)


def least_rows(rows: int) -> int:
    """In so many of the ``rows`` an n-gram occurs that has a weight."""
    return 2 if rows <= FEW_ROWS else 3


def held_out_rows(groups: Array, rng: np.random.Generator) -> Array:
    """A mask (n,) of rows to be held out; equal texts, which have the same number in ``groups``, stay together."""
    rank = shuffled_groups(groups, rng)
    distinct = int(groups.max()) + 1
    mask: Array = rank < min(max(1, round(HELD_OUT_SHARE * distinct)), MOST_HELD_OUT)
    return mask
