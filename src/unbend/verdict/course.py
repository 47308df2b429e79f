"""How the networks of one kind learn: all members together, judged by their mean answer on rows that they held out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from ..arrays import Array
from ..network import Loss, Network, Recipe, Stack, optimizer
from ..train.history import Stopped
from ..train.loop import Outcome, Pairs, Plan, ValidationLoss, train_stack
from ..train.schedules import cosine
from .judging import ensemble_losses, paired
from .settings import Settings

PATIENCE = 0.3  # share of the rounds without a better one after which a training that only overfits ends
CLEAN = 0.1  # where less of what the straight model leaves is missed than this share, more training is tried
MORE = 2  # so many times as long


@dataclass(frozen=True, eq=False)
class Course:
    """How the networks of one kind learned: those of the ``curved`` columns, or those of the columns alone.

    ``train`` (rounds, members) are the members' losses in the loss's unit (y² or nats) and ``validation`` the loss of
    their mean on rows held out, the same for every member; ``best`` the round of which each member's weights were kept.
    """

    curved: bool
    train: Array
    validation: Array
    best: Array
    stopped: Stopped

    @classmethod
    def of(cls, curved: bool, outcome: Outcome, unit: float) -> Course:
        """Of a training with rows held out, whose losses count ``unit`` each."""
        assert outcome.validation is not None
        return cls(curved, outcome.train * unit, outcome.validation * unit, outcome.best, outcome.stopped)


@dataclass(frozen=True, eq=False)
class Lesson:
    """What every kind learns: the ``targets`` of all rows, by ``loss``; rows to ``learn`` from and to ``judge`` by,
    both (members, …).

    Where the rows held out show ``values`` nearly free of noise, the training goes on, ``MORE`` times as long, and the
    better of both is kept.
    """

    loss: Loss
    targets: Array
    learn: Array
    judge: Array
    settings: Settings
    values: bool

    @property
    def minibatches(self) -> int:
        """Of a round."""
        return -(-self.settings.steps // self.settings.rounds)

    def teach(
        self,
        starts: Sequence[Network],
        features: Array,
        seeds: tuple[int, int],
        latest: float | None,
        watch: Callable[[int], None] | None,
    ) -> Outcome:
        """Train ``starts`` on ``features`` (n, …), until ``latest`` (``time.monotonic()`` seconds) at most.

        ``watch`` is told how many rounds are done, all but the last: nobody knows beforehand which one that will be.
        """
        s = self.settings
        recipe = Recipe(
            tuple(layer.dense for layer in starts[0].layers), self.loss, optimizer("adamw"), s.batch_size, s.decay
        )

        def train(begun: Sequence[Pairs], rounds: int, seed: int, before: int) -> Outcome:
            def tell(done: int, losses: Array, held_out: Array | None, stack: Stack) -> None:
                reached = min(before + done + 1, s.rounds - 1)
                if watch is not None and reached > 0:
                    watch(reached)

            plan = Plan(rounds, s.rate, cosine, max(10, round(PATIENCE * rounds)), latest, self.minibatches)
            return train_stack(
                recipe, begun, features, self.targets, train_rows=self.learn, validation_rows=self.judge, plan=plan,
                seed=seed, on_epoch=tell, validation_loss=_judge(self.loss, len(starts)),
            )  # fmt: skip

        outcome = train([net.arrays for net in starts], s.rounds, seeds[0], 0)
        if self.values and outcome.stopped != "deadline" and _least(outcome) < CLEAN:
            outcome = _better(outcome, train(outcome.members, MORE * s.rounds, seeds[1], s.rounds))
        return outcome


def _judge(record: Loss, members: int) -> ValidationLoss:
    """Every member's score is the loss of all members' mean answer, on rows that its pair held out."""

    def judge(outputs: Array, targets: Array) -> Array:
        answers, wanted = paired(outputs.astype(np.float64)), paired(targets)
        whole = ensemble_losses(answers, lambda o: record.per_row(o, wanted[: len(o)] if o.ndim == 3 else wanted[0])[0],
                                members)  # fmt: skip
        return np.full(len(outputs), whole.mean())

    return judge


def _least(outcome: Outcome) -> float:
    return np.inf if outcome.validation is None else float(outcome.validation.min())


def _better(first: Outcome, more: Outcome) -> Outcome:
    """A training and its continuation as one, with the weights of the best round of both."""
    assert first.validation is not None and more.validation is not None
    train, validation = np.concatenate([first.train, more.train]), np.concatenate([first.validation, more.validation])
    if _least(more) < _least(first):
        return Outcome(more.members, train, validation, more.best + len(first.train), more.stopped)
    return Outcome(first.members, train, validation, first.best, more.stopped)
