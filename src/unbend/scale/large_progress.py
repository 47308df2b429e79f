"""`LargeProgress`: the progress of a fit to a large table, of its passes, comparisons and training, as one."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import TypeVar

from ..verdict.progress import PassName, Step, Watch
from .shard import Shard
from .shard_map import ShardMap

R = TypeVar("R")
PARTS = {  # of the whole: from, to
    "survey": (0.0, 0.15),
    "compare": (0.15, 0.6),
    "linear": (0.6, 0.75),
    "held_out": (0.75, 0.8),
    "train": (0.8, 1.0),
    "predict": (0.0, 1.0),
}
REPEATED = ("compare", "linear")  # looks at more and more rows, Newton steps: each takes half of what is left


class LargeProgress:
    """Calls ``watch``, if there is one, with the share of all work that is done, which never falls."""

    def __init__(self, watch: Watch | None) -> None:
        self._watch, self._times = watch, dict.fromkeys(PARTS, 0)

    def passing(self, name: PassName, shard_map: ShardMap) -> ShardMap:
        """The map, whose passes over shards are reported: the rows read of all rows."""
        watch = self._watch
        if watch is None:
            return shard_map

        def reporting(function: Callable[[Shard], R], shards: Sequence[Shard], /) -> Iterator[R]:
            known = all(shard.rows is not None for shard in shards)
            sizes = [(shard.rows or 0) if known else shard.size for shard in shards]
            all_rows, rows, done, low, high = sum(sizes) if known else 0, 0, 0, *self._next(name)
            for size, result in zip(sizes, shard_map(function, shards), strict=True):
                done, rows = done + size, rows + size * known
                share = low + (high - low) * done / max(1, sum(sizes))
                watch(Step(name, 0, 0, 1, share=share, rows=rows, all_rows=all_rows))
                yield result

        return reporting

    def comparing(self) -> Watch | None:
        """For the next comparison."""
        low, high = self._next("compare")
        return None if self._watch is None else lambda step: self._tell(step, low, high)

    def training(self, done: int, planned: int) -> None:
        """Rounds of the network of all rows."""
        self._tell(Step("train", 0, 0, 1, share=done / planned), *PARTS["train"])

    def done(self) -> None:
        """All that was needed is done."""
        self._tell(Step("final", 0, 0, 1, share=1.0), 0.0, 1.0)

    def _tell(self, step: Step, low: float, high: float) -> None:
        if self._watch is not None:
            self._watch(replace(step, share=low + (high - low) * step.share))

    def _next(self, name: str) -> tuple[float, float]:
        """From where to where the next such work goes."""
        low, high = PARTS[name]
        if name not in REPEATED:
            return low, high
        before, self._times[name] = self._times[name], self._times[name] + 1
        return high - (high - low) * 0.5**before, high - (high - low) * 0.5 ** (before + 1)
