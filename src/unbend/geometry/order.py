"""Points in order along their lines: by float positions where they lie apart, exactly where they are too close."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from itertools import pairwise

import numpy as np

from ..arrays import Array
from .stages import UNIT


def along(group: Array, position: Array, error: Array, exactly: Callable[[int], Fraction]) -> tuple[Array, Array]:
    """Sort by (group, position): the order (n,), and whether each point in it equals the one before (n,).

    ``error`` bounds each position's error; ``exactly(i)`` is point i's position as a rational number, asked for only
    where two neighbours are too close to tell.
    """
    order = np.lexsort((position, group))
    same = np.zeros(len(order), dtype=bool)
    if len(order) < 2:
        return order, same
    g, p = group[order], position[order]
    together = g[1:] == g[:-1]
    # the largest error of the group for all its points: then sure neighbours make a sure order
    first = np.flatnonzero(np.append(True, ~together))
    largest = np.repeat(np.maximum.reduceat(error[order], first), np.diff(np.append(first, len(order))))
    close = together & (p[1:] - p[:-1] <= 2 * largest[1:] + 16 * UNIT)
    for begin, end in _runs(close):
        run = order[begin : end + 1]
        places = [exactly(int(i)) for i in run]
        ranks = sorted(range(len(run)), key=places.__getitem__)
        order[begin : end + 1] = run[ranks]
        same[begin + 1 : end + 1] = [places[a] == places[b] for a, b in pairwise(ranks)]
    return order, same


def _runs(close: Array) -> list[tuple[int, int]]:
    """(first, last) of each run of points linked by ``close`` (close[i] links i and i + 1)."""
    flags = np.concatenate([[False], close, [False]])
    edges = np.flatnonzero(flags[1:] != flags[:-1])
    return [(int(a), int(b)) for a, b in edges.reshape(-1, 2)]
