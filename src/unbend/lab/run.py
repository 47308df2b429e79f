"""One training run that can be stepped: losses on both sides in one unit, a stop rule, nothing turned into NaN."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from ..activations import activation
from ..arrays import Array
from ..network import Dense, Network, Optimizer, Recipe, Stack, fold, loss, optimizer, with_l1
from ..words import say
from .kernels import Kernels
from .sample import Sample


@dataclass(frozen=True)
class Plan:
    """How a run learns. ``layers`` are (neurons, activation) of the hidden ones; ``decay`` is how much of the
    ``penalty`` ("l2" or "l1"); ``patience`` 0 never stops."""  # fmt: skip

    layers: tuple[tuple[int, str], ...]
    optimizer: str = "adam"
    rate: float = 0.01
    batch: int = 10
    decay: float = 0.0
    patience: int = 0
    seed: int = 0
    penalty: str = "l2"

    @property
    def moves(self) -> Optimizer:
        """The optimiser, with its penalty."""
        return with_l1(self.optimizer) if self.penalty == "l1" else optimizer(self.optimizer)


class Run:
    """A network in training on a sample. ``stopped`` is "" while it can go on, else the plain reason.

    ``losses`` has (training, validation) after every epoch, both over all rows of their side with the weights as they
    are then: the root of the mean squared error in the target's unit, or the cross-entropy in nats.
    """

    def __init__(self, sample: Sample, plan: Plan) -> None:
        self.sample, self.plan = sample, plan
        sizes = [sample.x.shape[1], *(n for n, _ in plan.layers), sample.outputs]
        chosen = [*(name for _, name in plan.layers), "identity"]
        layers = [Dense(a, b, name) for a, b, name in zip(sizes, sizes[1:], chosen, strict=False)]
        self._bare = Network(layers, seed=plan.seed, dtype="float64")
        name = "squared" if not sample.classes else "logistic" if sample.outputs == 1 else "cross_entropy"
        self.recipe = Recipe(tuple(layers), loss(name), plan.moves, plan.batch, plan.decay)
        self.stack = Stack.begin([self._bare.arrays], self.recipe.optimizer)
        self._x = sample.x if sample.x_scaler is None else sample.x_scaler(sample.x)
        y = sample.y if sample.outputs > 1 else sample.y[:, None].astype(np.float64)
        self._y = y if sample.y_scaler is None else sample.y_scaler(y)
        self._rng = np.random.default_rng([plan.seed, 3])
        self._kernels = Kernels(self.recipe, len(self._x))
        self.losses: list[tuple[float, float]] = [self._judge()]
        self.stopped = ""
        self._best = (np.inf, 0)

    @property
    def epoch(self) -> int:
        """Epochs done."""
        return len(self.losses) - 1

    @property
    def net(self) -> Network:
        """The network as it is now; for an own table with the columns' scales folded in, so that it takes raw rows."""
        net = self._bare.with_arrays(self.stack.member(0))
        return fold(net, self.sample.x_scaler, self.sample.y_scaler) if self.sample.x_scaler is not None else net

    def learn_otherwise(self, plan: Plan) -> None:
        """Go on with another rate, batch size, penalty or patience; the numbers stay."""
        self.plan = plan
        self.recipe = replace(self.recipe, optimizer=plan.moves, batch_size=plan.batch, weight_decay=plan.decay)
        self._kernels = Kernels(self.recipe, len(self._x))
        self.stopped = ""
        self._best = (self.losses[-1][1], self.epoch)

    def advance(self, seconds: float) -> None:
        """Learn for about so long, one epoch at least."""
        until = time.monotonic() + seconds
        while not self.stopped:
            self.one_epoch()
            if time.monotonic() >= until:
                return

    def one_epoch(self) -> None:
        """Every training row once, in minibatches; undone when a number stops being finite."""
        if self.stopped:
            return
        kept, memory, step = list(self.stack.pairs), list(self.stack.memory), self.stack.step
        order = self._rng.permutation(self.sample.learn)[None]
        with np.errstate(all="ignore"):
            self._kernels.run_epoch(self.recipe, self.stack, self._x, self._y, order, self.plan.rate)
            judged = self._judge()
        finite = all(np.isfinite(a).all() for pair in self.stack.pairs for a in pair)
        if not (finite and np.isfinite(judged).all()):
            self.stack.pairs, self.stack.memory, self.stack.step = kept, memory, step
            self.stopped = say("lab.diverged", epoch=self.epoch + 1, rate=f"{self.plan.rate:g}")
            return
        self.losses.append(judged)
        if judged[1] < self._best[0]:
            self._best = (judged[1], self.epoch)
        elif self.plan.patience and self.epoch - self._best[1] >= self.plan.patience:
            self.stopped = say("lab.stop_rule", patience=self.plan.patience, epoch=self._best[1])

    def _output(self, rows: Array) -> Array:
        return self._bare.with_arrays(self.stack.member(0))(self._x[rows])

    def _judge(self) -> tuple[float, float]:
        sides = []
        for rows in (self.sample.learn, self.sample.judge):
            value = float(self.recipe.loss.per_row(self._output(rows), self._y[rows])[0].mean())
            if not self.sample.classes:
                unit = 1.0 if self.sample.y_scaler is None else float(self.sample.y_scaler.size[0])
                value = unit * value**0.5
            sides.append(value)
        return sides[0], sides[1]

    def scores(self) -> tuple[float, float]:
        """(training, validation) share of variance explained (R²), or share of rows whose class is right."""
        pairs = []
        for rows in (self.sample.learn, self.sample.judge):
            if self.sample.classes:
                pairs.append(float((self._classes(rows) == self.sample.y[rows]).mean()))
            else:
                y = self._y[rows]
                spread = float(((y - y.mean()) ** 2).sum())
                rest = float(((self._output(rows) - y) ** 2).sum())
                pairs.append(1 - rest / spread if spread > 0 else float("nan"))
        return pairs[0], pairs[1]

    def confusion(self) -> Array:
        """(true class, answered class) counts of the validation rows."""
        many = len(self.sample.classes)
        table = np.zeros((many, many), dtype=np.int64)
        np.add.at(table, (self.sample.y[self.sample.judge], self._classes(self.sample.judge)), 1)
        return table

    def _classes(self, rows: Array) -> Array:
        output = self._output(rows)
        return (output[:, 0] > 0).astype(np.int64) if output.shape[1] == 1 else output.argmax(axis=1)


def check_layers(layers: Sequence[tuple[int, str]]) -> str:
    """What must be said about the hidden layers before they learn: "" or a plain sentence."""
    still = [name for _, name in layers if not activation(name).learns]
    if still:
        return say("lab.no_slope", name=still[0])
    if layers and not any(activation(name).bends for _, name in layers):
        return say("lab.no_bend")
    return ""
