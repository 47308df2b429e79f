"""`choose_rule`: the threshold for a stated cost, chosen on held-out rows, and the expected cost of the labels."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from ..arrays import Array
from .cost_rule import CostRule
from .decide import LEVEL
from .scores import probabilities

PARTS = 5  # of the held-out rows: each is judged by the threshold chosen on the others
CLEAR = 2.0  # standard errors by which a threshold beats that of calibrated probabilities, to be used instead

Interval = tuple[float, float]


@dataclass(frozen=True, kw_only=True)
class ExpectedCost:
    """Mean cost per held-out row, with 95 % intervals.

    Attributes
    ----------
    cost, usual, saving : float
        By the chosen rule; by the most probable label (of two classes the threshold 0.5); the latter minus the former.
    cost_interval, usual_interval, saving_interval : tuple of float
        Their 95 % confidence intervals, from the rows or, where rows are grouped, the groups.
    threshold : float or None
        Of two classes: the probability from which a row counts as ``positive``.
    calibrated_threshold : float or None
        The one that is best for calibrated probabilities.
    positive : str or None
        The positive of two classes.
    """

    cost: float
    usual: float
    saving: float
    cost_interval: Interval
    usual_interval: Interval
    saving_interval: Interval
    threshold: float | None = None
    calibrated_threshold: float | None = None
    positive: str | None = None

    def to_json(self) -> dict[str, Any]:
        """Everything by name."""
        return {
            "cost": self.cost,
            "cost_interval": list(self.cost_interval),
            "usual": self.usual,
            "usual_interval": list(self.usual_interval),
            "saving": self.saving,
            "saving_interval": list(self.saving_interval),
            **({} if self.threshold is None else {"threshold": self.threshold, "positive": self.positive}),
        }


def choose_rule(
    costs: Array,
    output: Array,
    y: Array,
    classes: tuple[str, ...],
    positive: str | None,
    *,
    search: bool,
    clusters: Array | None = None,
    seed: int = 0,
) -> tuple[CostRule, ExpectedCost]:
    """The rule for these ``costs`` and its expected cost on held-out rows.

    Parameters
    ----------
    costs : array (classes, classes)
    output, y : array (n, k), array of int (n,)
        Held-out outputs of a model and class numbers.
    classes, positive
        The labels, and the positive of two.
    search : bool
        Whether the threshold of two classes is chosen on these rows; otherwise it is that of calibrated probabilities.
    clusters : array of int (n,), optional
        Rows with the same number are not independent.
    seed : int
        Of the parts that the expected cost is computed on: each by the threshold chosen on the others.
    """
    p = probabilities(output)
    rule = CostRule.of(costs, classes.index(positive) if positive is not None else 1)
    chosen = rule.choose(p)
    if search and rule.threshold is not None:
        part = np.random.default_rng([seed, 11]).permutation(len(y)) % PARTS
        if clusters is not None:  # rows that belong together are judged together
            numbers = np.unique(clusters, return_inverse=True)[1]
            part = (np.random.default_rng([seed, 11]).permutation(int(numbers.max()) + 1) % PARTS)[numbers]
        for k in range(PARTS):
            own = part == k
            chosen[own] = _with_threshold(rule, p[~own], y[~own]).choose(p[own])
        calibrated, rule = rule, _with_threshold(rule, p, y)
    else:
        calibrated = rule
    cost, usual = rule.cost_of(y, chosen), rule.cost_of(y, p.argmax(axis=1))
    means = [_mean_interval(values, clusters) for values in (cost, usual, usual - cost)]
    return rule, ExpectedCost(
        cost=means[0][0],
        usual=means[1][0],
        saving=means[2][0],
        cost_interval=means[0][1],
        usual_interval=means[1][1],
        saving_interval=means[2][1],
        threshold=rule.threshold,
        calibrated_threshold=calibrated.threshold,
        positive=positive,
    )


def _with_threshold(rule: CostRule, probability: Array, y: Array) -> CostRule:
    """The rule with the threshold of least cost on these rows, where it clearly beats the rule's own."""
    p, actual = probability[:, rule.positive], y == rule.positive
    order = np.argsort(-p, kind="stable")
    false_positive, false_negative = (rule.costs[i, 1 - i] for i in (1 - rule.positive, rule.positive))
    # the cost when the first 0, 1, … n rows from the highest probability down count as positive
    steps = np.where(actual[order], -false_negative, false_positive)
    total = np.concatenate([[0.0], np.cumsum(steps)])
    ends = np.concatenate([[True], p[order][1:] != p[order][:-1], [True]])  # equal probabilities stay together
    best = int(np.flatnonzero(ends)[total[ends].argmin()])
    ordered = p[order]
    high = ordered[best - 1] if best else 1.0
    low = ordered[best] if best < len(p) else 0.0
    other = replace(rule, threshold=float(high if best == len(p) else (high + low) / 2))
    excess = rule.cost_of(y, rule.choose(probability)) - rule.cost_of(y, other.choose(probability))
    error = excess.std() / np.sqrt(len(y))
    return other if excess.mean() > CLEAR * error > 0 else rule


def _mean_interval(values: Array, clusters: Array | None) -> tuple[float, Interval]:
    """The mean of values (n,) and its 95 % interval, from the rows or the clusters (Liang & Zeger 1986)."""
    from scipy import stats

    mean, n = float(values.mean()), len(values)
    sums: Array = values - mean
    if clusters is not None:
        sums = np.bincount(np.unique(clusters, return_inverse=True)[1], weights=sums)
    count = len(sums)
    error = float(np.sqrt((sums**2).sum() * count / max(count - 1, 1))) / n
    half_width = float(stats.t.ppf((1 + LEVEL) / 2, max(count - 1, 1))) * error
    return mean, (mean - half_width, mean + half_width)
