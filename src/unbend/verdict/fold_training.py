"""`train_folds`: the networks of all folds of a cross-validation, trained together, with their held-out outputs.

One network of each kind per fold, trained on the fold's training rows alone. After every round the outputs for the
held-out rows are stored, so that the best round can be chosen afterwards (`round_choice`).
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..train.schedules import cosine, half_cosine
from .kind_training import FoldData, KindTraining
from .member_rounds import RoundsDone, TaskMap, TrainingRounds, Turn
from .settings import Settings

PATIENCE = 0.1  # rounds without improvement, as a fraction of all, after which an overfitting training is annealed
ANNEALING = 0.08  # rounds, as a fraction of all, in which the learning rate then falls to 0
NEARLY_NOISELESS = 0.1  # where the loss, relative to the targets' variance, is below this, more training is tried
EXTENSION = 2  # times as many rounds
EXTENDED_PATIENCE = 0.3  # of them
MIN_ROUNDS = 10

Watch = Callable[[int, int], None]  # rounds done, rounds planned
Supply = Callable[[int], tuple[TrainingRounds, int] | None]  # at most so many rounds: what they take, and how many


@dataclass(frozen=True)
class Pace:
    """The rounds planned and done; the seconds of the first one, which may compile kernels, and of all others."""

    planned: int = 0
    done: int = 0
    first: float = 0.0
    others: float = 0.0
    cut: bool = False

    @property
    def completed(self) -> float:
        """The fraction of the planned rounds that there was time for, 0 … 1; patience ends a training complete."""
        return self.done / self.planned if self.cut else 1.0

    @property
    def seconds(self) -> float:
        """What the training took."""
        return self.first + self.others

    @property
    def planned_seconds(self) -> float:
        """What all planned rounds would take; NaN where the first round, which may compile, is the only one."""
        if not self.cut:
            return self.others * self.done / max(1, self.done - 1)
        return self.planned * self.others / (self.done - 1) if self.done > 1 else float("nan")


def train_folds(
    data: FoldData,
    kinds: list[KindTraining],
    settings: Settings,
    *,
    deadline: float | None = None,
    watch: Watch | None = None,
    task_map: TaskMap | None = None,
) -> Pace:
    """Train the networks of all folds and ``kinds``, in place.

    Where the ``deadline`` (``time.monotonic()`` seconds) is near, the learning rate falls faster, so that a shorter
    training ends as a whole one does. Values that are nearly free of noise are trained ``EXTENSION`` times as long
    again. ``watch`` is called after every round with (rounds done, rounds planned). ``task_map`` makes every member's
    rounds tasks.
    """
    minibatches = minibatches_per_round(settings)
    train = TrainingRounds(
        recipes=tuple(kind.recipe for kind in kinds),
        features=tuple(kind.features for kind in kinds if kind.features is not None),
        held_out=tuple(kind.held_out for kind in kinds),
        targets=data.targets,
        rows=[[own for own, _ in data.folds]],
        minibatches=minibatches,
        calls=settings.rounds * len(data.folds),
    )
    by: dict[str, Any] = {"supply": lambda most: (train, most), "deadline": deadline, "task_map": task_map}
    pace = anneal(data, kinds, settings, settings.rounds, PATIENCE, watch=watch, **by)
    noiseless = data.classes == 0 and min(np.mean(k.held_out_losses, axis=1).min() for k in kinds) < NEARLY_NOISELESS
    if noiseless and not pace.cut:
        for kind in kinds:
            kind.stopped = None
        more = EXTENSION * settings.rounds
        anneal(data, kinds, settings, more, EXTENDED_PATIENCE, watch=None, **by)
    if watch is not None:
        watch(settings.rounds, settings.rounds)
    for kind in kinds:
        kind.features = None
    return pace


def anneal(
    data: FoldData,
    kinds: list[KindTraining],
    settings: Settings,
    rounds: int,
    patience: float,
    *,
    supply: Supply,
    deadline: float | None,
    watch: Watch | None,
    task_map: TaskMap | None = None,
) -> Pace:
    """Rounds with a learning rate that falls along a cosine, of all kinds in turn.

    The training ends where ``supply`` gives no more. Once a kind has not improved for the fraction ``patience`` of the
    rounds, its learning rate falls to 0 within a few rounds: the noise of large steps, which hides what was learned, is
    averaged out without further overfitting. With a ``task_map`` a kind's members are divided among the workers, and a
    task is their next rounds, as many as nothing can be decided in: the networks are those of one process, bit by bit,
    unless the deadline cuts.
    """
    groups = 1 if task_map is None else task_map.workers
    falling = _Falling(rounds, patience, [len(kind.losses) for kind in kinds])
    began = time.monotonic()
    durations: list[float] = []
    planned, done = rounds, 0
    while done < planned and any(kind.stopped is None for kind in kinds):
        active = {n: kind for n, kind in enumerate(kinds) if kind.stopped is None}
        most = 1
        if task_map is not None:
            left = planned - done if deadline is None else max(1, (planned - done) // 4) if durations else 1
            most = min(left, *(falling.undecided(n, kind, done) for n, kind in active.items()))
        if (given := supply(most)) is None:
            break
        train, count = given
        rates = [settings.learning_rate * cosine(r / planned) for r in range(done, done + count)]
        own = {n: falling.rates(n, rates, done) for n in active}
        turns = [Turn(part, own[n]) for n, kind in active.items() for part in kind.members.split(groups)]
        finished: list[RoundsDone] = []
        for result in (map if task_map is None else task_map)(train, turns):
            finished.append(result)
            if watch is not None and task_map is not None and len(finished) < len(turns):
                watch(done * len(turns) + count * len(finished), rounds * len(turns))
        for n, kind in active.items():
            kind.add(data, RoundsDone.joined([r for r in finished if r.members.kind == n]), own[n])
            falling.look(n, kind, done + count, own[n][-1])
        done += count
        now = time.monotonic()
        durations += [(now - began - sum(durations)) / count] * count
        if deadline is not None:  # the first round may have compiled kernels: it says nothing about the others
            time_left = max(0.0, deadline - now)
            each = min(durations[1:], default=durations[0] if time_left < durations[0] else 0.0)
            planned = rounds if each == 0 and time_left > 0 else min(rounds, done + int(time_left / max(each, 1e-9)))
        if watch is not None and done < rounds:
            watch(done, rounds)
    cut = planned < rounds
    for kind in kinds:
        kind.stopped = kind.stopped or ("deadline" if cut else "epochs")
    return Pace(rounds, done, durations[0], sum(durations[1:]), cut)


class _Falling:
    """Which kinds overfit, and the learning rates with which they end; ``first`` are the rounds that were before."""

    def __init__(self, rounds: int, patience: float, first: list[int]) -> None:
        self.most_waiting, self.last_rounds = max(10, round(patience * rounds)), max(2, round(ANNEALING * rounds))
        self.first = first
        self.falls: dict[int, tuple[int, float]] = {}  # kind: the first round of the fall, and the rate before

    def undecided(self, n: int, kind: KindTraining, done: int) -> int:
        """So many rounds from here on it cannot turn out that kind n overfits, or has ended, but in the last one."""
        if n in self.falls:
            return self.last_rounds - (done - self.falls[n][0])
        return self.most_waiting - self._waiting(n, kind)

    def rates(self, n: int, rates: Sequence[float], done: int) -> tuple[float, ...]:
        """The learning rates of kind n in the rounds from ``done`` on, where ``rates`` are those of other kinds."""
        if n not in self.falls:
            return tuple(rates)
        start, highest = self.falls[n]
        return tuple(
            highest * half_cosine((r - start + 0.5) / self.last_rounds) for r in range(done, done + len(rates))
        )

    def look(self, n: int, kind: KindTraining, done: int, rate: float) -> None:
        """Whether kind n overfits, or has ended, after so many rounds, the last with this learning rate."""
        if n in self.falls:
            kind.stopped = "patience" if done - self.falls[n][0] >= self.last_rounds else None
        elif self._waiting(n, kind) >= self.most_waiting:
            self.falls[n] = (done, rate)

    def _waiting(self, n: int, kind: KindTraining) -> int:
        """Rounds since the best one; -1 before the first."""
        best = kind.best if kind.losses else 0
        return len(kind.losses) - 1 - max(self.first[n], best)


def minibatches_per_round(settings: Settings) -> int:
    """How many minibatches a round has."""
    return -(-settings.steps // settings.rounds)


def rounds_in_memory(kinds: Sequence[KindTraining], settings: Settings, memory: int) -> int:
    """At most so many rounds that their weights and outputs take no more than so many bytes of memory."""
    each: int = sum(sum(a.nbytes for pair in kind.members.stack.pairs for a in pair) for kind in kinds)
    each += sum(4 * kind.held_out.shape[0] * kind.held_out.shape[1] * kind.recipe.layers[-1].outputs for kind in kinds)
    return max(MIN_ROUNDS, min(settings.max_rounds, memory // each))
