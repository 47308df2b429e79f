"""`maximum`: upper and lower bound of the largest of several piecewise affine functions on a box.

The box is halved where its upper bound, by linear relaxation, is largest (best first), along the input that promises
most. Work is counted in multiplications rather than seconds, so that the result does not depend on the clock: a time
limit stands for the work of a slow machine in that time. Only if the processor time itself exceeds the limit does the
clock end the search, and the result says so.
"""

from __future__ import annotations

import heapq
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from ..arrays import Array
from ..errors import BadInput
from .bounds.batch_relaxation import BoxBounds, JointNetwork, box_bounds
from .local_search import STARTS, ascend

Stopped = Literal["closed", "work", "time"]
CLOSED = 1e-9  # the gap, relative to the values, at which the two bounds count as one
_RATE, _PER_BOX = 5e8, 15_000  # multiplications a second, and those that handling a box costs besides
_BATCH, _NUMBERS = 128, 1 << 21  # boxes halved at once, and numbers in the largest array


@dataclass(frozen=True, eq=False)
class Maximum:
    """The largest value found, where and of which row, and a bound that no row exceeds.

    ``stopped`` is "closed" where the two meet, "work" or "time" where the limit ended the search.
    """

    value: float
    at: Array
    row: int
    bound: float
    boxes: int
    stopped: Stopped


class WorkLimit:
    """Work for ``seconds`` on a slow machine, counted in multiplications; the clock is the last resort."""

    def __init__(self, seconds: float) -> None:
        self.remaining = seconds * _RATE
        self.end = time.thread_time() + seconds

    def share(self, parts: int) -> WorkLimit:
        """A part of what remains."""
        limit = WorkLimit(0)
        limit.remaining = self.remaining / parts
        limit.end = time.thread_time() + (self.end - time.thread_time()) / parts
        self.remaining -= limit.remaining
        return limit

    def give_back(self, part: WorkLimit) -> None:
        """Take over what a part did not use."""
        self.remaining += max(part.remaining, 0.0)

    @property
    def late(self) -> bool:
        """Whether the processor time is up."""
        return time.thread_time() > self.end


def positive_seconds(seconds: object) -> float:
    """The time limit as a number; raises ``BadInput`` where it is not a number of at least 0."""
    if isinstance(seconds, bool) or not isinstance(seconds, int | float | np.number) or not seconds >= 0:
        raise BadInput("geometry.seconds", got=seconds)
    return float(seconds)


def worst(reasons: Sequence[Stopped]) -> Stopped:
    """Of several searches' ends, the one that says most: time before work before closed."""
    return max(reasons, key=("closed", "work", "time").index)


def maximum(
    net: JointNetwork,
    box: Array,
    limit: WorkLimit,
    *,
    points: tuple[Array, Array],
    bound: float = np.inf,
    rounding: float = 0.0,
    enough: tuple[float, float] = (-np.inf, np.inf),
) -> Maximum:
    """The largest value of any row of the network on a box (inputs, 2).

    ``points`` are points and the rows' values there (``random_values``); ``bound`` is a bound that holds already. A
    gap of ``rounding`` counts as none. The search ends early where the bound is not above the first number of
    ``enough``, or the value is above the second.
    """
    search = _Search(net, box, bound, rounding)
    search.local_search(*points)
    stopped = search.run(limit, enough)
    return Maximum(search.value, search.at, search.row, search.bound, search.boxes, stopped)


class _Search:
    def __init__(self, net: JointNetwork, box: Array, bound: float, rounding: float) -> None:
        self.net, self.box = net, box
        self.value, self.at, self.row = -np.inf, box.mean(axis=1), 0
        self.rounding = rounding
        self.known = bound  # holds for the full box, by other means
        self.closed = -np.inf  # the largest bound of boxes that are not split further
        self.queue: list[tuple[float, int, tuple[Array, ...]]] = []
        self.boxes = 0

    @property
    def bound(self) -> float:
        """What no value exceeds."""
        open_ = -self.queue[0][0] if self.queue else -np.inf
        return max(min(max(open_, self.closed), self.known), self.value)

    @property
    def tolerance(self) -> float:
        """The gap that counts as closed."""
        return CLOSED * abs(self.value) + self.rounding

    def local_search(self, x: Array, values: Array) -> None:
        """Ascend from the best of the given points."""
        row = values.argmax(axis=1)
        top = np.argsort(-values.max(axis=1), kind="stable")[:STARTS]
        self._take(*ascend(self.net, self.box, x[top], row[top]), row[top])

    def _take(self, x: Array, values: Array, row: Array) -> None:
        best = int(values.argmax())
        if values[best] > self.value:
            self.value, self.at, self.row = float(values[best]), x[best], int(row[best])

    def run(self, limit: WorkLimit, enough: tuple[float, float]) -> Stopped:
        """Split boxes until the bounds meet, or the limit is reached."""
        cost = self.net.cost + _PER_BOX
        widest = max(layer.W.shape[1] for layer in self.net.layers)
        batch = max(1, min(_BATCH, _NUMBERS // (4 * widest * max(self.net.inputs, widest))))
        low, high, known = self.box[None, :, 0], self.box[None, :, 1], None
        while True:
            limit.remaining -= cost * len(low)
            self._examine(low, high, box_bounds(self.net, low, high, known))
            if self.bound <= self.value + self.tolerance or self.bound <= enough[0] or self.value > enough[1]:
                return "closed"
            if limit.remaining < 2 * cost * batch:
                return "work"
            if limit.late:
                return "time"
            low, high, known = self._halve([heapq.heappop(self.queue)[2] for _ in range(min(batch, len(self.queue)))])

    def _halve(self, boxes: list[tuple[Array, ...]]) -> tuple[Array, Array, list[tuple[Array, Array]]]:
        """The halves of boxes, with the bounds of z that they inherit."""
        low, high, along, *z = (np.array(parts) for parts in zip(*boxes, strict=True))
        index = np.arange(len(boxes))
        middle = (low[index, along] + high[index, along]) / 2
        first_high, second_low = high.copy(), low.copy()
        first_high[index, along] = second_low[index, along] = middle
        twice = [np.concatenate([b, b]) for b in z]
        return (np.concatenate([low, second_low]), np.concatenate([first_high, high]),
                list(zip(twice[::2], twice[1::2], strict=True)))  # fmt: skip

    def _examine(self, low: Array, high: Array, bounds: BoxBounds) -> None:
        """Values at the boxes' likeliest corners and centres; boxes that may hold a larger one enter the queue."""
        row = bounds.upper.argmax(axis=1)
        index = np.arange(len(low))
        x = np.concatenate([bounds.corner[index, row], (low + high) / 2])
        values = self.net.values(x)
        self._take(x, values.max(axis=1), values.argmax(axis=1))
        upper = bounds.upper[index, row]
        # the rows that can still matter share the say where to split
        matters = bounds.upper > self.value
        promise = (bounds.promise * (matters * (bounds.upper - self.value))[:, :, None]).sum(axis=1)
        along = promise.argmax(axis=1)
        width = (high - low)[index, along]
        for i in index:
            self.boxes += 1
            if upper[i] <= self.value + self.tolerance or not width[i] > 1e-12 * self._width(along[i]):
                self.closed = max(self.closed, float(upper[i]))
            else:
                z = [b[i] for pair in bounds.z for b in pair]
                heapq.heappush(self.queue, (-float(upper[i]), self.boxes, (low[i], high[i], along[i], *z)))

    def _width(self, along: int) -> float:
        return float(self.box[along, 1] - self.box[along, 0])
