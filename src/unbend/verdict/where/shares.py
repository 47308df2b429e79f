"""Held-out losses as shares of the network's gain."""

from __future__ import annotations

from ...arrays import Array
from ..decide import LEVEL, corrected_interval
from .answer import Interval


def share(taken: Array, gain: float, ratio: float) -> tuple[float, Interval]:
    """What was taken off the losses of the folds as a share of the gain, with its corrected 95 % interval.

    The gain itself is taken as known: the interval says how surely this curve or term does it.
    """
    low, high, _ = corrected_interval(taken / gain, ratio, LEVEL)
    return float(taken.mean() / gain), (low, high)
