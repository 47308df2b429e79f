"""`PassBudget`: how the seconds of a budget are divided between passes over the files and comparing and training."""

from __future__ import annotations

import time as clock
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeVar

from ..errors import ModelError
from ..log import notice
from ..train.checkpoint import Checkpoint
from ..verdict import Request
from ..words import say
from .shard import Shard
from .shard_map import ShardMap

R = TypeVar("R")

# seconds of a pass, relative to the survey (benchmarks/results/scale.md)
SUMS = 0.6  # of least squares
NEWTON = 3.0  # of a logistic regression, all steps together
TEXTS = 3.0  # of texts
HELD_OUT = 0.5  # that reads the rows by which the network of all rows is judged
LEAST = 0.15  # of the budget, that comparing and training get however long the passes take

MIN_SHARDS, MIN_SECONDS = 3, 1.0  # that are surveyed before the rest is estimated


@dataclass(frozen=True)
class PassBudget:
    """The ``seconds`` of a fit; its passes over all rows after the survey take ``later`` times as long as that."""

    seconds: float
    later: float

    @classmethod
    def of(cls, seconds: float, *, classes: bool, texts: bool, network: bool) -> PassBudget:
        """For ``classes`` or values, of columns with ``texts`` or without; a ``network`` may be trained on all rows."""
        linear = TEXTS if texts else NEWTON if classes else SUMS
        return cls(seconds, linear + (HELD_OUT if network and not texts else 0.0))

    def passes(self, survey: float) -> float:
        """The seconds of all passes, where the survey takes ``survey``."""
        return survey * (1 + self.later)

    def judges(self, survey: float, left: float) -> bool:
        """Whether so many seconds are enough to read the held-out rows, without which no network is trained on all."""
        return left > HELD_OUT * survey

    def comparing(self, survey: float) -> float:
        """The seconds left for comparing and training."""
        return max(LEAST * self.seconds, self.seconds - self.passes(survey))

    def watched(self, shard_map: ShardMap, now: Callable[[], float] = clock.monotonic) -> ShardMap:
        """The same map for a survey, which says at the start, once, where the passes alone will not fit.

        The estimate is made after ``MIN_SHARDS`` shards and ``MIN_SECONDS``, from the bytes that they have of all.
        """

        def mapped(function: Callable[[Shard], R], shards: Sequence[Shard]) -> Iterator[R]:
            began, done, said, total = now(), 0, False, sum(shard.size for shard in shards)
            for count, (shard, result) in enumerate(zip(shards, shard_map(function, shards), strict=True), 1):
                done += shard.size
                if not said and count >= MIN_SHARDS and now() - began >= MIN_SECONDS and done:
                    said = True
                    needed = self.passes((now() - began) * total / done)
                    if needed > self.seconds:
                        notice(say("scale.passes_take", needed=f"{needed:.0f}", budget=f"{self.seconds:g}"))
                yield result

        return mapped


def as_before(checkpoint: Checkpoint, request: Request, seconds: float) -> float:
    """The survey's seconds in the run that is resumed, so that the same work is planned; else ``seconds``, saved."""
    found = checkpoint.load({"passes of": request.job("")}, {})
    if found is not None:
        try:
            return float(found[1]["seconds"])
        except (KeyError, TypeError, ValueError) as error:
            raise ModelError("train.damaged_checkpoint", path=checkpoint.path, reason=str(error)[:60]) from error
    checkpoint.write({}, {"seconds": seconds})
    return seconds
