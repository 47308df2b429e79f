"""`CostRule`: which label is predicted from probabilities where wrong labels differ in cost."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..arrays import Array


@dataclass(frozen=True, eq=False)
class CostRule:
    """The label of least expected cost; of two classes the ``positive`` one from a probability ``threshold`` on.

    Parameters
    ----------
    costs : ndarray of shape (classes, classes)
        Cost of predicting the second class for a row of the first.
    positive : int
        Number of the positive of two classes.
    threshold : float or None
        None for more than two classes.
    """

    costs: Array
    positive: int = 1
    threshold: float | None = None

    @classmethod
    def of(cls, costs: Array, positive: int = 1) -> CostRule:
        """With the threshold that is best for calibrated probabilities: FP cost / (FP cost + FN cost)."""
        if len(costs) > 2:
            return cls(costs)
        false_positive, false_negative = costs[1 - positive, positive], costs[positive, 1 - positive]
        return cls(costs, positive, float(false_positive / (false_positive + false_negative)))

    def choose(self, probability: Array) -> Array:
        """(n,) class numbers for probabilities (n, classes)."""
        if self.threshold is None:
            return np.asarray((probability @ self.costs).argmin(axis=1))
        own = probability[:, self.positive] >= self.threshold
        return np.where(own, self.positive, 1 - self.positive)

    def cost_of(self, actual: Array, predicted: Array) -> Array:
        """(n,) the cost of each row from class numbers (n,)."""
        return np.asarray(self.costs[actual, predicted])

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON; `from_dict` reads it back."""
        return {"costs": self.costs.tolist(), "positive": self.positive, "threshold": self.threshold}

    @classmethod
    def from_dict(cls, saved: Mapping[str, Any], classes: int) -> CostRule:
        """What `to_dict` described, for so many classes. Raises ``ValueError`` where that cannot be."""
        costs, positive, threshold = np.asarray(saved["costs"], float), int(saved["positive"]), saved["threshold"]
        if costs.shape != (classes, classes) or not np.isfinite(costs).all() or not 0 <= positive < classes:
            raise ValueError("costs")
        if (threshold is None) != (classes > 2) or (threshold is not None and not 0 <= float(threshold) <= 1):
            raise ValueError("threshold")
        return cls(costs, positive, None if threshold is None else float(threshold))
