"""From held-out losses to a verdict: a corrected resampled t interval, and four plain answers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from ..arrays import Array
from .compare import MODELS, Comparison

Verdict = Literal["straight_is_enough", "bends_pay", "nothing_to_learn", "cannot_tell"]

LEVEL = 0.95
STOP_LEVEL = 0.99  # a comparison that is looked at several times ends early only where even this level is clear
HOPE_LEVEL = 0.80  # and where not even this one is: further repeats narrow an interval by a third at most
LEAST_GAIN = 0.01  # of the held-out loss: a network that takes off as much pays; straight is enough where it is less
MARGIN = 1.3  # more rows than would tell as likely as not
ENOUGH = 0.10  # straight is enough where a network would cut it by less than a tenth


@dataclass(frozen=True)
class Decision:
    """The verdict and its evidence.

    ``gain`` is the share of the straight model's held-out loss (mean squared error or log loss) that the network takes
    away: 0.4 means 40 % less, negative that it is worse; ``interval`` holds it with 95 % confidence. ``p_value`` is
    two-sided for gain = 0. ``rows_needed`` estimates how many rows might give a clear answer (None when it is clear).
    ``learned`` is False when neither model beats the constant.
    """

    verdict: Verdict
    gain: float
    interval: tuple[float, float]
    p_value: float
    rows_needed: int | None
    learned: bool = True


def corrected_interval(differences: Array, ratio: float, level: float) -> tuple[float, float, float]:
    """(lower, upper, two-sided p for 0) of the mean of per-fold differences (J,).

    Folds share training rows, so their differences are correlated and s²/J is too small; the corrected resampled t-test
    takes (1/J + test rows/training rows) s² (Nadeau & Bengio 2003, eq. 4.3; for repeated cross-validation Bouckaert &
    Frank 2004).
    """
    from scipy import stats

    mean = float(differences.mean())
    spread = float(np.sqrt(_correction(len(differences), ratio) * differences.var(ddof=1)))
    if spread == 0:
        return mean, mean, float(mean == 0)
    freedom = len(differences) - 1
    reach = float(stats.t.ppf((1 + level) / 2, freedom)) * spread
    return mean - reach, mean + reach, float(2 * stats.t.sf(abs(mean) / spread, freedom))


def gain_interval(straight: Array, bent: Array, ratio: float, level: float) -> tuple[float, float]:
    """(lower, upper) of 1 - mean(bent)/mean(straight), from per-fold losses (J,).

    All loss ratios r that the corrected test of mean(bent - r*straight) = 0 does not reject (Fieller 1954): hard folds
    are hard for both models, and that does not widen it. It holds 0 just when the test of equal losses does not reject.
    """
    from scipy import stats

    count = len(straight)
    k = float(stats.t.ppf((1 + level) / 2, count - 1)) ** 2 * _correction(count, ratio)
    (ss, sb), (_, bb) = np.cov(straight, bent)
    s, b = float(straight.mean()), float(bent.mean())
    square, half, rest = s * s - k * ss, b * s - k * sb, b * b - k * bb
    inside = half * half - square * rest
    if square <= 0 or inside < 0:  # so few folds that the straight loss itself is not known to differ from 0
        low, high, _ = corrected_interval((straight - bent) / s, ratio, level)
        return low, min(1.0, high)
    return 1 - (half + np.sqrt(inside)) / square, min(1.0, 1 - (half - np.sqrt(inside)) / square)


def _correction(count: int, ratio: float) -> float:
    return 1 / count + ratio


def decide(comparison: Comparison, rows: int, level: float = LEVEL) -> Decision:
    """The verdict of a comparison made on so many rows.

    *bends pay*: the interval of the gain lies above 0 and the gain is at least ``LEAST_GAIN``. *straight is enough*:
    the straight model beats the constant, the gain is less than that, and the interval lies below ``ENOUGH``.
    *nothing to learn*: neither model beats the constant, and at best would by less than ``ENOUGH``. Otherwise *cannot
    tell*.
    """
    constant, straight, bent = (comparison.of(name) for name in MODELS)
    ratio = comparison.ratio
    base, unit = float(straight.mean()), float(constant.mean())
    if base <= 1e-12 * unit:  # the straight model is exact: there is nothing left to gain
        return Decision("straight_is_enough", 0.0, (0.0, 0.0), 1.0, None)
    low, high = gain_interval(straight, bent, ratio, level)
    p = corrected_interval(straight - bent, ratio, level)[2]
    gain = 1 - float(bent.mean()) / base
    straight_low, straight_high, _ = corrected_interval((constant - straight) / unit, ratio, level)
    bent_low, bent_high, _ = corrected_interval((constant - bent) / unit, ratio, level)
    best_high = max(straight_high, bent_high)

    def said(verdict: Verdict, needed: int | None = None) -> Decision:
        return Decision(verdict, gain, (low, high), p, needed, straight_low > 0 or bent_low > 0)

    if low > 0 and gain >= LEAST_GAIN and bent_low > 0:
        return said("bends_pay")
    if straight_low > 0 and high < ENOUGH and gain < LEAST_GAIN:
        return said("straight_is_enough")
    if straight_low <= 0 and bent_low <= 0:
        if best_high < ENOUGH:
            return said("nothing_to_learn")
        best = float(unit - min(base, bent.mean())) / unit
        return said("cannot_tell", _rows(rows, best_high - best, best))
    return said("cannot_tell", _rows(rows, (high - low) / 2, gain))


def enough(comparison: Comparison, rows: int) -> bool:
    """Whether a comparison may end before all its repeats: the answer is clear, or more repeats would not make it so.

    Clear: the same verdict at ``STOP_LEVEL`` and at ``HOPE_LEVEL``, so that nothing said now is likely to be taken
    back. Each of three early looks adds half a percent at most to the 2.5 % in which a last look would take no gain for
    one (Bonferroni): *bends pay* stays wrong in less than 5 %. Ending without an answer adds nothing to that.
    """
    strict, lax = (decide(comparison, rows, level).verdict for level in (STOP_LEVEL, HOPE_LEVEL))
    if lax == "cannot_tell":
        return comparison.repeats > 0
    return strict == lax


def _rows(rows: int, reach: float, at: float) -> int | None:
    """Rows at which an interval that shrinks like 1/sqrt(rows) would more likely than not clear 0, or ``ENOUGH`` where
    the gain is ``at`` less than ``LEAST_GAIN``; two digits.

    A target distance far from ``ENOUGH``/2 is believed the less the wider the interval is (shrunk as James & Stein 1961
    would), or chance would promise too few rows.
    """
    if not np.isfinite(reach) or not np.isfinite(at):
        return None
    off = (at if at >= LEAST_GAIN else ENOUGH - at) - ENOUGH / 2
    believed = off**2 / (off**2 + (reach / 2) ** 2) if reach > 0 else 1.0
    needed = rows * MARGIN * max((reach / (ENOUGH / 2 + off * believed)) ** 2, 1.0)
    return int(float(f"{needed:.2g}"))
