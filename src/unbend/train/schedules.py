"""Learning-rate schedules: functions of the fraction of training done, 0…1, that give a factor of the learning rate."""

from __future__ import annotations

import math
from collections.abc import Callable

Schedule = Callable[[float], float]


def constant(share: float) -> float:
    """The learning rate stays as it is."""
    return 1.0


def cosine(share: float) -> float:
    """A short linear rise, then half a cosine down to 0 (Loshchilov & Hutter 2017, eq. 5, without restarts)."""
    rise = 0.05
    return (share + 0.01) / rise if share < rise - 0.01 else half_cosine((share - rise) / (1 - rise))


def half_cosine(share: float) -> float:
    """From 1 down to 0 along half a cosine."""
    return 0.5 * (1 + math.cos(math.pi * share))


schedules: dict[str, Schedule] = {"constant": constant, "cosine": cosine}
