"""How long a training takes, or would have taken had the deadline not ended it: by the times of its rounds."""

from __future__ import annotations

import time
from dataclasses import dataclass, field


@dataclass(frozen=True)
class TrainingTime:
    """Seconds: ``fixed``, whatever the number of minibatches, and those of all planned ``rounds`` together.

    ``rounds`` is NaN where the deadline ended the training after the first round: its time holds what happens only
    once, such as compiling, and says nothing about the others. ``elapsed`` is what was really spent.
    """

    fixed: float = 0.0
    rounds: float = 0.0
    elapsed: float = 0.0

    def __add__(self, other: TrainingTime) -> TrainingTime:
        return TrainingTime(self.fixed + other.fixed, self.rounds + other.rounds, self.elapsed + other.elapsed)


@dataclass
class Stopwatch:
    """The times (``time.monotonic()`` seconds) at which a training began and each of its rounds ended."""

    began: float
    ends: list[float] = field(default_factory=list)

    def lap(self) -> None:
        """A round has ended."""
        self.ends.append(time.monotonic())

    def training_time(self, planned: int) -> TrainingTime:
        """The time of ``planned`` rounds, or of those done where these are more."""
        done = len(self.ends)
        elapsed = self.ends[-1] - self.began if done else 0.0
        if done < 2:
            return TrainingTime(0.0, elapsed if done >= planned else float("nan"), elapsed)
        each = (self.ends[-1] - self.ends[0]) / (done - 1)
        return TrainingTime(max(0.0, self.ends[0] - self.began - each), each * max(done, planned), elapsed)
