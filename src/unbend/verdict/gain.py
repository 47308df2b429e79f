"""`Gain`: what one model removes of another one's held-out loss, with its interval."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from ..arrays import Array
from .decide import LEAST_GAIN, LEVEL, UNKNOWN, gain_interval, is_uneven, typical_gain


@dataclass(frozen=True)
class Gain:
    """The fraction ``gain`` of another model's held-out loss that a model removes, and its 95 % ``interval``."""

    gain: float
    interval: tuple[float, float]

    @classmethod
    def over(cls, reference: Array, model: Array, ratio: float) -> Gain:
        """From the losses of both in each fold (folds,), or summed over independent rows or groups with ``ratio`` 0.

        ``ratio``: test rows / training rows of a fold (see `gain_interval`). Of the typical fold where folds are
        uneven.
        """
        if np.array_equal(reference, model) or reference.mean() == 0:
            return cls(0.0, (0.0, 0.0))
        if ratio > 0 and is_uneven(reference, model):
            gain, low, high, _ = typical_gain(reference, model, ratio, LEVEL)
            return cls(gain, (low, high))
        low, high = gain_interval(reference, model, ratio, LEVEL)
        return cls(1 - float(model.mean() / reference.mean()), (float(low), float(high)))

    @property
    def is_known(self) -> bool:
        """Whether there is anything to tell: not where the model was cut short before it differed from the other."""
        return self.interval != UNKNOWN

    @property
    def answer(self) -> Literal["better", "worse", "unclear"]:
        """*better*: the interval lies above 0 and the gain is at least ``LEAST_GAIN``; *worse*: it lies below 0."""
        if self.interval[0] > 0 and self.gain >= LEAST_GAIN:
            return "better"
        return "worse" if self.interval[1] < 0 else "unclear"

    def to_json(self) -> dict[str, Any]:
        """Both by name."""
        return {"gain": self.gain, "interval": list(self.interval)}
