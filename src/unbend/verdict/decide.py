"""From held-out losses to a verdict: a corrected resampled t interval of the gain, and four answers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from ..arrays import Array
from .compare import MODELS, Comparison

Verdict = Literal["straight_is_enough", "bends_pay", "nothing_to_learn", "cannot_tell"]

LEVEL = 0.95
STOP_LEVEL = 0.99  # a comparison checked several times ends early only where even this level is clear
FUTILITY_LEVEL = 0.80  # and where not even this one is: further repeats narrow an interval by a third at most
LEAST_GAIN = 0.01  # of the held-out loss: a network that gains as much pays; straight is enough where it is less
EQUIVALENCE_MARGIN = 0.10  # upper limit of the gain's interval at which straight is enough
UNEVEN = 5.0  # times the median: where one fold's loss is more, a few rows decide the mean of the losses
UNKNOWN = (-np.inf, 1.0)  # the interval of a gain of which nothing is known: it may be anything
ROUNDING = 1e-9  # relative difference of two losses that is none
ROWS_FACTOR = 1.3  # more rows than would tell as likely as not


@dataclass(frozen=True)
class Decision:
    """The verdict and its evidence.

    ``gain`` is the fraction of the linear model's held-out loss (mean squared error or log loss) that the network
    removes: 0.4 means 40 % less, negative that it is worse; ``interval`` is its 95 % confidence interval. ``p_value``
    is two-sided for gain = 0. ``rows_needed`` estimates how many rows might give a clear answer (None when it is
    clear). ``learned`` is False when neither model beats the constant. ``cut`` says that it was time, not rows, that
    was short, and ``budget_needed`` how many seconds might do. ``uneven`` says that the folds' losses differ so much
    that gain and interval are those of the typical fold (`typical_gain`). Of networks that were cut short before they
    changed anything the interval is ``UNKNOWN``.
    """

    verdict: Verdict
    gain: float
    interval: tuple[float, float]
    p_value: float
    rows_needed: int | None
    learned: bool = True
    cut: bool = False
    budget_needed: int | None = None
    uneven: bool = False

    @property
    def is_known(self) -> bool:
        """Whether anything is known of the gain."""
        return self.interval != UNKNOWN


def corrected_interval(differences: Array, ratio: float, level: float) -> tuple[float, float, float]:
    """(lower, upper, two-sided p for 0) of the mean of per-fold differences (J,).

    Folds share training rows, so their differences are correlated and s²/J is too small; the corrected resampled t-test
    takes (1/J + test rows/training rows) s² (Nadeau & Bengio 2003, eq. 4.3; for repeated cross-validation Bouckaert &
    Frank 2004).
    """
    from scipy import special

    mean = float(differences.mean())
    error = float(np.sqrt(_variance_factor(len(differences), ratio) * differences.var(ddof=1)))
    if error == 0:
        return mean, mean, float(mean == 0)
    df = len(differences) - 1
    half_width = float(special.stdtrit(df, (1 + level) / 2)) * error
    return mean - half_width, mean + half_width, float(2 * special.stdtr(df, -abs(mean) / error))


def gain_interval(linear: Array, network: Array, ratio: float, level: float) -> tuple[float, float]:
    """(lower, upper) of 1 - mean(network)/mean(linear), from per-fold losses (J,).

    All loss ratios r that the corrected test of mean(network - r*linear) = 0 does not reject (Fieller 1954): folds that
    are hard for both models do not widen it. It contains 0 just when the test of equal losses does not reject.
    """
    from scipy import special

    if np.array_equal(linear, network):
        return 0.0, 0.0
    count = len(linear)
    k = float(special.stdtrit(count - 1, (1 + level) / 2)) ** 2 * _variance_factor(count, ratio)
    (ll, ln), (_, nn) = np.cov(linear, network)
    mean_l, mean_n = float(linear.mean()), float(network.mean())
    a, half_b, c = mean_l * mean_l - k * ll, mean_n * mean_l - k * ln, mean_n * mean_n - k * nn
    discriminant = half_b * half_b - a * c
    if a <= 0 or discriminant < 0:  # so few folds that the linear model's loss itself is not known to differ from 0
        low, high, _ = corrected_interval((linear - network) / mean_l, ratio, level)
        return low, min(1.0, high)
    return 1 - (half_b + np.sqrt(discriminant)) / a, min(1.0, 1 - (half_b - np.sqrt(discriminant)) / a)


def typical_gain(linear: Array, network: Array, ratio: float, level: float) -> tuple[float, float, float, float]:
    """(gain, lower, upper, p) in the typical fold: 1 - exp(mean log loss ratio), with the corrected test of the logs.

    Where losses have heavy tails, a few rows decide the mean of the losses and nothing can be said about it; that the
    ratio is below 1 in fold after fold can (a paired test of logarithms).
    """
    logs = np.log(network / linear)
    low, high, p = corrected_interval(logs, ratio, level)
    return 1 - float(np.exp(logs.mean())), 1 - float(np.exp(min(high, 700.0))), 1 - float(np.exp(low)), p


def is_uneven(*losses: Array) -> bool:
    """Whether one fold's loss is more than ``UNEVEN`` times the median fold's, for any of the models; (J,) each.

    Never where a loss is 0, which has no logarithm.
    """
    return all(a.min() > 0 for a in losses) and any(a.max() > UNEVEN * np.median(a) for a in losses)


def _beats(constant: Array, model: Array, ratio: float, level: float) -> tuple[bool, float]:
    """Whether a model beats the constant, and the upper limit of the fraction of the constant's loss it removes."""
    low, high, _ = corrected_interval((constant - model) / constant.mean(), ratio, level)
    if low <= 0 and is_uneven(constant) and model.min() > 0 and model.mean() < constant.mean():
        return typical_gain(constant, model, ratio, level)[1] > 0, high
    return low > 0, high


def _variance_factor(count: int, ratio: float) -> float:
    return 1 / count + ratio


def decide(comparison: Comparison, rows: int, level: float = LEVEL) -> Decision:
    """The verdict of a comparison on so many rows.

    *bends pay*: the interval of the gain lies above 0, the gain is at least ``LEAST_GAIN``, and the network beats the
    constant. *straight is enough*: the linear model is exact (then the network is not considered), or it beats the
    constant, the gain is less than that, and the interval lies below ``EQUIVALENCE_MARGIN``, also that of the network
    with as much correction as is best in the other folds: that a correction was left out because few rows do not show
    that it helps is no evidence that it does not.
    *nothing to learn*: neither model beats the constant, and at best would by less than ``EQUIVALENCE_MARGIN``; not
    where the constant's losses are uneven or the target has values far outside all others: a few rows then hide what
    there is to learn.
    Otherwise *cannot tell*. Where the losses of the folds are uneven, gain and interval are those of the typical fold,
    and *bends pay* asks for a gain of the means as well, tested as ever; that a model beats the constant is then judged
    by the ratios of the losses. Networks that were cut short are no evidence that there is nothing to gain: of a
    comparison that `is_cut` only *bends pay* is a verdict, for longer training would hardly undo it.
    """
    constant, linear, network = (comparison.of(name) for name in MODELS)
    ratio = comparison.ratio
    linear_loss, constant_loss = float(linear.mean()), float(constant.mean())
    if comparison.linear_is_exact:  # there is nothing to gain
        return Decision("straight_is_enough", gain=0.0, interval=(0.0, 0.0), p_value=1.0, rows_needed=None)
    network = _without_rounding(linear, network)
    low, high = gain_interval(linear, network, ratio, level)
    p_value = corrected_interval(linear - network, ratio, level)[2]
    gain = 1 - float(network.mean()) / linear_loss
    linear_beats, linear_high = _beats(constant, linear, ratio, level)
    network_beats, network_high = _beats(constant, network, ratio, level)
    best_high = max(linear_high, network_high)
    pays, no_gain = low > 0 and gain >= LEAST_GAIN, gain < LEAST_GAIN
    uneven = is_uneven(linear, network) and not np.array_equal(linear, network)
    if uneven:
        gain, low, high, p_value = typical_gain(linear, network, ratio, level)
        pays, no_gain = pays and low > 0 and gain >= LEAST_GAIN, no_gain and gain < LEAST_GAIN

    def decision(verdict: Verdict, rows_needed: int | None = None) -> Decision:
        return Decision(
            verdict=verdict,
            gain=gain,
            interval=(low, high),
            p_value=p_value,
            rows_needed=rows_needed,
            learned=linear_beats or network_beats,
            uneven=uneven,
            cut=verdict == "cannot_tell" and (comparison.is_cut or comparison.out_of_time),
        )

    if pays and network_beats:
        return decision("bends_pay")
    if comparison.is_cut:
        low, high = UNKNOWN if np.array_equal(linear, network) else (low, high)
        return decision("cannot_tell")
    if linear_beats and high < EQUIVALENCE_MARGIN and no_gain:
        best_low, best_high = _unshrunk_interval(comparison, uneven=uneven, level=level)
        if best_high < EQUIVALENCE_MARGIN:
            return decision("straight_is_enough")
        low, high = float(min(low, best_low)), float(best_high)
    if not linear_beats and not network_beats:
        if best_high < EQUIVALENCE_MARGIN and not is_uneven(constant) and not comparison.far_target:
            return decision("nothing_to_learn")
        best = float(constant_loss - min(linear_loss, network.mean())) / constant_loss
        return decision("cannot_tell", _rows_needed(rows, best_high - best, best))
    return decision("cannot_tell", _rows_needed(rows, (high - low) / 2, gain))


def _unshrunk_interval(comparison: Comparison, *, uneven: bool, level: float) -> tuple[float, float]:
    """The interval of the gain with as much correction as is best in the other folds; 0, 0 where that is unknown."""
    linear = comparison.of("linear")
    if len(comparison.unshrunk) != len(linear):
        return 0.0, 0.0
    unshrunk = _without_rounding(linear, comparison.unshrunk)
    if uneven:
        return typical_gain(linear, unshrunk, comparison.ratio, level)[1:3]
    return gain_interval(linear, unshrunk, comparison.ratio, level)


def _without_rounding(linear: Array, network: Array) -> Array:
    """The network's losses; the linear model's where the two differ by rounding alone: the weight of the correction was
    chosen to be 0."""  # fmt: skip
    return np.where(np.abs(network - linear) <= ROUNDING * linear, linear, network)


def may_stop(comparison: Comparison, rows: int) -> bool:
    """Whether a comparison may end before all its repeats: the answer is clear, or more repeats would not make it so.

    Clear: the same verdict at ``STOP_LEVEL`` and at ``FUTILITY_LEVEL``, so that it is unlikely to be reversed. Each of
    three early checks adds half a percent at most to the 2.5 % in which the final check would take no gain for one
    (Bonferroni): *bends pay* stays wrong in less than 5 %. Ending without an answer adds nothing to that.
    """
    if decide(comparison, rows, FUTILITY_LEVEL).verdict == "cannot_tell":
        return comparison.repeats > 0
    return is_clear(comparison, rows)


def is_clear(comparison: Comparison, rows: int) -> bool:
    """Whether there is an answer, the same at ``STOP_LEVEL`` and at ``FUTILITY_LEVEL``."""
    strict, lax = (decide(comparison, rows, level).verdict for level in (STOP_LEVEL, FUTILITY_LEVEL))
    return strict == lax != "cannot_tell"


def _rows_needed(rows: int, half_width: float, estimate: float) -> int | None:
    """Rows at which an interval that shrinks like 1/sqrt(rows) would more likely than not exclude 0, or
    ``EQUIVALENCE_MARGIN`` where the ``estimate`` is less than ``LEAST_GAIN``; two digits.

    The estimate's distance from ``EQUIVALENCE_MARGIN``/2 is shrunk the more, the wider the interval is (James & Stein
    1961), or chance would promise too few rows.
    """
    if not np.isfinite(half_width) or not np.isfinite(estimate):
        return None
    distance = (estimate if estimate >= LEAST_GAIN else EQUIVALENCE_MARGIN - estimate) - EQUIVALENCE_MARGIN / 2
    shrinkage = distance**2 / (distance**2 + (half_width / 2) ** 2) if half_width > 0 else 1.0
    needed = rows * ROWS_FACTOR * max((half_width / (EQUIVALENCE_MARGIN / 2 + distance * shrinkage)) ** 2, 1.0)
    return int(float(f"{needed:.2g}"))
