"""Training of the networks of one kind: all members at once, early stopping by the loss of their mean output."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from ..arrays import Array
from ..network import Loss, Network, Recipe, Stack, optimizer
from ..train.history import Stopped
from ..train.loop import Outcome, Pairs, Plan, ValidationLoss, train_stack
from ..train.schedules import cosine
from .holdout import ensemble_losses, paired
from .settings import Settings
from .training_time import Stopwatch

PATIENCE = 0.3  # rounds without improvement, as a fraction of all, after which an overfitting training stops
NEARLY_NOISELESS = 0.1  # where the loss, relative to the targets' variance, is below this, more training is tried
EXTENSION = 2  # times as many rounds


@dataclass(frozen=True, eq=False)
class LearningCurve:
    """Losses of the networks of one kind: those with the ``encoded`` columns, or those with the columns alone.

    ``train`` (rounds, members) are the members' losses in the loss's unit (y² or nats) and ``validation`` the loss of
    their mean on held-out rows, the same for every member; ``best`` is the round whose weights were used, per member.
    """

    encoded: bool
    train: Array
    validation: Array
    best: Array
    stopped: Stopped

    @classmethod
    def of(cls, encoded: bool, outcome: Outcome, unit: float) -> LearningCurve:
        """Of a training with validation rows; ``unit`` converts its losses to the loss's unit."""
        assert outcome.validation is not None
        return cls(
            encoded=encoded,
            train=outcome.train * unit,
            validation=outcome.validation * unit,
            best=outcome.best,
            stopped=outcome.stopped,
        )


@dataclass(frozen=True, eq=False)
class TrainingTask:
    """What every kind of network is fitted to: the ``targets`` of all rows, by ``loss``.

    ``training`` and ``validation`` are the rows of each member, (members, …). With ``extend``, training continues for
    ``EXTENSION`` times as many rounds where the validation rows show nearly noiseless targets, and the better of both
    is used.
    """

    loss: Loss
    targets: Array
    training: Array
    validation: Array
    settings: Settings
    extend: bool

    @property
    def minibatches(self) -> int:
        """Minibatches per round."""
        return -(-self.settings.steps // self.settings.rounds)

    @property
    def epochs_per_round(self) -> float:
        """Passes over the training rows per round."""
        rows: int = self.training.shape[1]
        return self.minibatches * self.settings.batch_size / rows

    def train(
        self,
        starts: Sequence[Network],
        features: Array,
        *,
        seeds: tuple[int, int],
        deadline: float | None,
        watch: Callable[[int], None] | None,
        stopwatch: Stopwatch | None = None,
    ) -> Outcome:
        """Train from the networks ``starts`` on ``features`` (n, …), until ``deadline`` (``time.monotonic()`` seconds).

        ``watch`` is called with the number of rounds done, except for the last: which one that is, is not known before.
        ``stopwatch`` takes the time of every round.
        """
        s = self.settings
        recipe = Recipe(
            tuple(layer.dense for layer in starts[0].layers),
            self.loss,
            optimizer("adamw"),
            s.batch_size,
            s.weight_decay,
        )

        def run(parameters: Sequence[Pairs], rounds: int, seed: int, before: int) -> Outcome:
            def report(done: int, losses: Array, validation: Array | None, stack: Stack) -> None:
                if stopwatch is not None:
                    stopwatch.lap()
                reached = min(before + done + 1, s.rounds - 1)
                if watch is not None and reached > 0:
                    watch(reached)

            patience = max(10, round(PATIENCE * rounds))
            plan = Plan(
                epochs=rounds,
                rate=s.learning_rate,
                schedule=cosine,
                patience=patience,
                deadline=deadline,
                minibatches=self.minibatches,
            )
            return train_stack(
                recipe,
                parameters,
                features,
                self.targets,
                train_rows=self.training,
                validation_rows=self.validation,
                plan=plan,
                seed=seed,
                on_epoch=report,
                validation_loss=_mean_output_loss(self.loss, len(starts)),
            )

        first = run([net.arrays for net in starts], s.rounds, seeds[0], 0)
        if self.extend and first.stopped != "deadline" and _best_loss(first) < NEARLY_NOISELESS:
            return _joined(first, run(first.members, EXTENSION * s.rounds, seeds[1], s.rounds))
        return first


def _mean_output_loss(record: Loss, members: int) -> ValidationLoss:
    """Every member's validation loss is that of the mean output of all, on the rows that its pair held out."""

    def judge(outputs: Array, targets: Array) -> Array:
        answers, expected = paired(outputs.astype(np.float64)), paired(targets)

        def per_row(o: Array) -> Array:
            return record.per_row(o, expected[: len(o)] if o.ndim == 3 else expected[0])[0]

        return np.full(len(outputs), ensemble_losses(answers, per_row, members).mean())

    return judge


def _best_loss(outcome: Outcome) -> float:
    return np.inf if outcome.validation is None else float(outcome.validation.min())


def _joined(first: Outcome, more: Outcome) -> Outcome:
    """A training and its continuation as one, with the weights of the best round of both."""
    assert first.validation is not None and more.validation is not None
    train, validation = np.concatenate([first.train, more.train]), np.concatenate([first.validation, more.validation])
    if _best_loss(more) < _best_loss(first):
        return Outcome(more.members, train, validation, more.best + len(first.train), more.stopped)
    return Outcome(first.members, train, validation, first.best, more.stopped)
