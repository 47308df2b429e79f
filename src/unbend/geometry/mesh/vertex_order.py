"""`order_along_lines`: points sorted along their lines, by float positions or exactly where they are too close."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from itertools import pairwise

import numpy as np

from ...arrays import Array
from .scaled_layers import UNIT


def order_along_lines(
    line: Array, position: Array, error: Array, exact_position: Callable[[int], Fraction]
) -> tuple[Array, Array]:
    """Sort points by (line, position): the order (n,), and whether each point in it equals the one before (n,).

    ``error`` bounds each position's error; ``exact_position(i)`` is point i's position as a rational number, called
    only where two neighbours are too close to tell apart.
    """
    order = np.lexsort((position, line))
    equal = np.zeros(len(order), dtype=bool)
    if len(order) < 2:
        return order, equal
    sorted_line, sorted_position = line[order], position[order]
    same_line = sorted_line[1:] == sorted_line[:-1]
    # the largest error on the line stands for all its points: then certain neighbours make a certain order
    first = np.flatnonzero(np.append(True, ~same_line))
    largest = np.repeat(np.maximum.reduceat(error[order], first), np.diff(np.append(first, len(order))))
    close = same_line & (sorted_position[1:] - sorted_position[:-1] <= 2 * largest[1:] + 16 * UNIT)
    for begin, end in _runs(close):
        run = order[begin : end + 1]
        positions = [exact_position(int(i)) for i in run]
        ranks = sorted(range(len(run)), key=positions.__getitem__)
        order[begin : end + 1] = run[ranks]
        equal[begin + 1 : end + 1] = [positions[a] == positions[b] for a, b in pairwise(ranks)]
    return order, equal


def _runs(close: Array) -> list[tuple[int, int]]:
    """(first, last) of each run of points linked by ``close`` (close[i] links i and i + 1)."""
    flags = np.concatenate([[False], close, [False]])
    changes = np.flatnonzero(flags[1:] != flags[:-1])
    return [(int(a), int(b)) for a, b in changes.reshape(-1, 2)]
