"""`TrainingRun`: training in float64, epoch by epoch: losses, early stopping, divergence undone."""

from __future__ import annotations

import time
from collections.abc import Sequence
from copy import deepcopy
from dataclasses import dataclass, replace

import numpy as np

from ..activations import activation
from ..arrays import Array
from ..network import Dense, Network, Optimizer, Recipe, Stack, fold, loss, optimizer, with_l1
from ..words import say
from .background_compile import CompiledEpoch
from .dataset import Dataset


@dataclass(frozen=True)
class TrainingSettings:
    """Hyperparameters of a run.

    ``layers`` are (neurons, activation) of the hidden layers; ``decay`` is the weight of the ``penalty`` ("l2" or
    "l1"); early stopping waits ``patience`` epochs, 0 never stops.
    """

    layers: tuple[tuple[int, str], ...]
    optimizer: str = "adam"
    rate: float = 0.01
    batch: int = 10
    decay: float = 0.0
    patience: int = 0
    seed: int = 0
    penalty: str = "l2"

    @property
    def optimizer_record(self) -> Optimizer:
        """The optimiser with its penalty."""
        return with_l1(self.optimizer) if self.penalty == "l1" else optimizer(self.optimizer)


class TrainingRun:
    """A network in training on a data set. ``stopped`` is "" while it can go on, else the reason as a sentence.

    ``losses`` has (training, validation) before the first and after every epoch, over all rows of either side with the
    weights at that time: root mean squared error in the target's unit, or cross-entropy (log loss).
    """

    def __init__(self, dataset: Dataset, settings: TrainingSettings) -> None:
        self.dataset, self.settings = dataset, settings
        sizes = [dataset.x.shape[1], *(n for n, _ in settings.layers), dataset.outputs]
        activations = [*(name for _, name in settings.layers), "identity"]
        layers = [Dense(a, b, name) for a, b, name in zip(sizes, sizes[1:], activations, strict=False)]
        self._initial = Network(layers, seed=settings.seed, dtype="float64")
        name = "squared" if not dataset.classes else "logistic" if dataset.outputs == 1 else "cross_entropy"
        self.recipe = Recipe(tuple(layers), loss(name), settings.optimizer_record, settings.batch, settings.decay)
        self.stack = Stack.begin([self._initial.arrays], self.recipe.optimizer)
        self._x = dataset.x if dataset.x_scaler is None else dataset.x_scaler(dataset.x)
        y = dataset.y if dataset.outputs > 1 else dataset.y[:, None].astype(np.float64)
        self._y = y if dataset.y_scaler is None else dataset.y_scaler(y)
        self._rng = np.random.default_rng([settings.seed, 3])
        self._compiled_epoch = CompiledEpoch(self.recipe, len(self._x))
        self.losses: list[tuple[float, float]] = [self._current_losses()]
        self.stopped = ""
        self._best = (np.inf, 0)  # (validation loss, epoch)

    @property
    def epoch(self) -> int:
        """Epochs done."""
        return len(self.losses) - 1

    @property
    def net(self) -> Network:
        """The network as it is now; for an own table with the scalers folded in, so that it takes raw rows."""
        net = self._initial.with_arrays(self.stack.member(0))
        return fold(net, self.dataset.x_scaler, self.dataset.y_scaler) if self.dataset.x_scaler is not None else net

    def change_settings(self, settings: TrainingSettings) -> None:
        """Resume with another learning rate, batch size, penalty or patience; the weights stay."""
        self.settings = settings
        self.recipe = replace(
            self.recipe,
            optimizer=settings.optimizer_record,
            batch_size=settings.batch,
            weight_decay=settings.decay,
        )
        self._compiled_epoch = CompiledEpoch(self.recipe, len(self._x))
        self.stopped = ""
        self._best = (self.losses[-1][1], self.epoch)

    def take_over(self, other: TrainingRun) -> None:
        """Resume the training of another run with the same data set and settings."""
        self.stack, self._rng = deepcopy(other.stack), deepcopy(other._rng)
        self.losses, self._best = list(other.losses), other._best

    def train_for(self, seconds: float) -> None:
        """Train for about this long, at least one epoch."""
        deadline = time.monotonic() + seconds
        while not self.stopped:
            self.train_epoch()
            if time.monotonic() >= deadline:
                return

    def train_epoch(self) -> None:
        """Every training row once, in shuffled minibatches; undone where a number stops being finite."""
        if self.stopped:
            return
        pairs, state, step = list(self.stack.pairs), list(self.stack.optimizer_state), self.stack.step
        order = self._rng.permutation(self.dataset.train_rows)[None]
        with np.errstate(all="ignore"):
            self._compiled_epoch.run_epoch(
                self.recipe, self.stack, x=self._x, y=self._y, order=order, rate=self.settings.rate
            )
            losses = self._current_losses()
        finite = all(np.isfinite(a).all() for pair in self.stack.pairs for a in pair)
        if not (finite and np.isfinite(losses).all()):
            self.stack.pairs, self.stack.optimizer_state, self.stack.step = pairs, state, step
            self.stopped = say("lab.diverged", epoch=self.epoch + 1, rate=f"{self.settings.rate:g}")
            return
        self.losses.append(losses)
        if losses[1] < self._best[0]:
            self._best = (losses[1], self.epoch)
        elif self.settings.patience and self.epoch - self._best[1] >= self.settings.patience:
            self.stopped = say("lab.stop_rule", patience=self.settings.patience, epoch=self._best[1])

    def scores(self) -> tuple[float, float]:
        """(training, validation) accuracy of a classification, R² of a regression."""
        pair = []
        for rows in (self.dataset.train_rows, self.dataset.validation_rows):
            if self.dataset.classes:
                pair.append(float((self._predicted_classes(rows) == self.dataset.y[rows]).mean()))
            else:
                y = self._y[rows]
                total = float(((y - y.mean()) ** 2).sum())
                residual = float(((self._output(rows) - y) ** 2).sum())
                pair.append(1 - residual / total if total > 0 else float("nan"))
        return pair[0], pair[1]

    def confusion(self) -> Array:
        """Confusion matrix (true class, predicted class) of the validation rows."""
        classes, rows = len(self.dataset.classes), self.dataset.validation_rows
        matrix = np.zeros((classes, classes), dtype=np.int64)
        np.add.at(matrix, (self.dataset.y[rows], self._predicted_classes(rows)), 1)
        return matrix

    def _output(self, rows: Array) -> Array:
        return self._initial.with_arrays(self.stack.member(0))(self._x[rows])

    def _predicted_classes(self, rows: Array) -> Array:
        output = self._output(rows)
        return (output[:, 0] > 0).astype(np.int64) if output.shape[1] == 1 else output.argmax(axis=1)

    def _current_losses(self) -> tuple[float, float]:
        """(training, validation) loss with the weights as they are now."""
        pair = []
        for rows in (self.dataset.train_rows, self.dataset.validation_rows):
            value = float(self.recipe.loss.per_row(self._output(rows), self._y[rows])[0].mean())
            if not self.dataset.classes:
                unit = 1.0 if self.dataset.y_scaler is None else float(self.dataset.y_scaler.scale[0])
                value = unit * value**0.5
            pair.append(value)
        return pair[0], pair[1]


def layer_warning(layers: Sequence[tuple[int, str]]) -> str:
    """A warning, as a sentence, on hidden layers that cannot learn or do not bend; "" without one."""
    without_slope = [name for _, name in layers if not activation(name).learns]
    if without_slope:
        return say("lab.no_slope", name=without_slope[0])
    if layers and not any(activation(name).bends for _, name in layers):
        return say("lab.no_bend")
    return ""
