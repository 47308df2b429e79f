"""`train_folds`: the networks of all folds of a cross-validation, trained together, with their held-out outputs.

One network of each kind per fold, trained on the fold's training rows alone. After every round the outputs for the
held-out rows are stored, so that the best round can be chosen afterwards (`round_choice`).
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np

from ..arrays import Array
from ..engine import BinnedRows, infer, run_epoch
from ..errors import BadInput
from ..network import Dense, Loss, Network, Recipe, Scaler, Stack, fold, loss, optimizer
from ..network.gradient import Pair
from ..train.history import Stopped
from ..train.random_draws import random_order
from ..train.schedules import cosine, half_cosine
from .folds import Fold
from .piecewise_encoding import PiecewiseEncoding
from .scores import row_losses
from .settings import Settings

PATIENCE = 0.1  # rounds without improvement, as a fraction of all, after which an overfitting training is annealed
ANNEALING = 0.08  # rounds, as a fraction of all, in which the learning rate then falls to 0
NEARLY_NOISELESS = 0.1  # where the loss, relative to the targets' variance, is below this, more training is tried
EXTENSION = 2  # times as many rounds
EXTENDED_PATIENCE = 0.3  # of them
MIN_ROUNDS = 10
OPTIMIZER = optimizer("adamw")
OUTPUT_CELLS = 1 << 22  # of the rows for which a linear model's outputs are computed at a time

Watch = Callable[[int, int], None]  # rounds done, rounds planned


def training_loss(classes: int) -> Loss:
    """The loss of networks for so many classes; 0 for values."""
    return loss("squared" if classes == 0 else "logistic" if classes == 2 else "cross_entropy")


@dataclass(frozen=True, eq=False)
class FoldData:
    """What the networks are fitted to: ``targets`` (folds, n, 1) in the unit of ``scales``, or classes, (n, 1) or (n,).

    ``y`` (n,) are all rows. Fold k trains on ``folds[k][0]`` and is judged on ``folds[k][1]``; ``base[k]`` are its
    linear model's outputs for the latter.
    """

    y: Array
    classes: int
    folds: Sequence[Fold]
    base: list[Array]
    targets: Array
    scales: list[Scaler] | None

    @classmethod
    def of(cls, x: Array, y: Array, classes: int, folds: Sequence[Fold], linear: Sequence[Network]) -> FoldData:
        """For values the residuals of each fold's linear model, standardised; for classes the class numbers."""
        base = [net(x[test]) for net, (_, test) in zip(linear, folds, strict=True)]
        if classes:
            targets = y[:, None].astype(np.float32) if classes == 2 else y.astype(np.int64)
            return cls(y, classes, folds, base, targets=targets, scales=None)
        targets, scales = np.empty((len(folds), len(y), 1), np.float32), []
        for k, (net, (train, _)) in enumerate(zip(linear, folds, strict=True)):
            residuals = y[:, None] - _outputs(net, x)
            scales.append(Scaler.of(residuals[train]))
            targets[k] = scales[k](residuals)
        return cls(y, classes, folds, base, targets=targets, scales=scales)

    @property
    def outputs(self) -> int:
        """Outputs per row."""
        return 1 if self.classes in (0, 2) else self.classes

    def correction(self, k: int, output: Array, rows: Array | slice = slice(None)) -> Array:
        """What outputs (rows, k) of fold k's network, for all its held-out rows or for these of them, add to its linear
        model's, in the target's unit."""  # fmt: skip
        output = output.astype(np.float64)
        return output - self.base[k][rows] if self.scales is None else self.scales[k].inverse(output)


@dataclass(eq=False)
class KindTraining:
    """The networks of one kind in training, one per fold, and what each round left.

    ``features`` are those of all rows, until the training ends. ``losses`` holds the rounds' training losses (folds,),
    ``outputs`` the held-out outputs (folds, rows, k), padded rows at the end, and ``weights`` the stacked weights.
    """

    encoding: PiecewiseEncoding
    recipe: Recipe
    stack: Stack
    features: BinnedRows | None
    held_out: BinnedRows
    generators: list[np.random.Generator]
    losses: list[Array] = field(default_factory=list)
    held_out_losses: list[Array] = field(default_factory=list)
    outputs: list[Array] = field(default_factory=list)
    weights: list[list[Pair]] = field(default_factory=list)
    stopped: Stopped | None = None

    @classmethod
    def begin_all(
        cls, data: FoldData, x: Array, encodings: Sequence[PiecewiseEncoding], settings: Settings, seed: int
    ) -> list[KindTraining]:
        """Every kind before the first round; x (n, columns) are the rows of ``data``. They share the columns."""
        features, held_out = encodings[-1].binned(x), encodings[-1].binned(_held_out_rows(x, data.folds))
        return [
            cls._begin(
                data,
                encoding,
                settings,
                seed + n,
                features=features if encoding.has_bins else BinnedRows.of_columns(features.columns),
                held_out=held_out if encoding.has_bins else BinnedRows.of_columns(held_out.columns),
            )
            for n, encoding in enumerate(encodings)
        ]

    @classmethod
    def _begin(
        cls,
        data: FoldData,
        encoding: PiecewiseEncoding,
        settings: Settings,
        seed: int,
        *,
        features: BinnedRows,
        held_out: BinnedRows,
    ) -> KindTraining:
        sizes = (encoding.features, *settings.hidden)
        dense = [*(Dense(a, b, settings.activation) for a, b in pairwise(sizes)), Dense(sizes[-1], data.outputs)]
        rngs = [np.random.default_rng([seed, k]) for k in range(len(data.folds))]
        members = [Network(dense, seed=int(rng.integers(0, 2**31))).arrays for rng in rngs]
        recipe = Recipe(
            tuple(dense), training_loss(data.classes), OPTIMIZER, settings.batch_size, settings.weight_decay
        )
        stack = Stack.begin(members, recipe.optimizer)
        return cls(encoding, recipe, stack, features, held_out, rngs)

    def advance(self, data: FoldData, minibatches: int, rate: float, rounds: int) -> None:
        """One round of so many minibatches; ``rounds`` are planned. Raises ``BadInput`` where a loss is not finite."""
        assert self.features is not None
        length = minibatches * self.recipe.batch_size
        rows = [train for train, _ in data.folds]
        order = np.stack([random_order(rng, own, length) for rng, own in zip(self.generators, rows, strict=True)])
        with np.errstate(over="ignore", invalid="ignore"):  # they show in the loss
            losses = run_epoch(
                self.recipe, self.stack, x=self.features, y=data.targets, order=order, rate=rate, epochs=rounds
            )
            outputs = infer(self.recipe, self.stack.pairs, self.held_out, calls=rounds)
        if not (np.isfinite(losses).all() and np.isfinite(outputs).all()):
            raise BadInput("train.diverged", epoch=len(self.losses) + 1, rate=f"{rate:.3g}")
        self.losses.append(losses)
        self.outputs.append(outputs)
        self.weights.append(list(self.stack.pairs))
        self.held_out_losses.append(self._judge(data, outputs))

    def _judge(self, data: FoldData, outputs: Array) -> Array:
        """(folds,) held-out losses, in the unit of the targets."""
        means = []
        for k, (_, test) in enumerate(data.folds):
            output = outputs[k, : len(test)].astype(np.float64)
            targets = data.targets[k, test, 0] if data.scales else data.y[test]
            means.append(row_losses(output, targets, data.classes).mean())
        return np.array(means)

    @property
    def best(self) -> int:
        """The round with the least mean held-out loss."""
        return int(np.mean(self.held_out_losses, axis=1).argmin())

    def network(self, data: FoldData, k: int, round_: int) -> Network:
        """Fold k's network after that round, on the encoding's features, with outputs in the target's unit; float64."""
        pairs = [(W[k], b[k, 0]) for W, b in self.weights[round_]]
        net = Network.from_arrays(pairs, [layer.activation for layer in self.recipe.layers], "float64")
        return net if data.scales is None else fold(net, None, data.scales[k])


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
) -> Pace:
    """Train the networks of all folds and ``kinds``, in place.

    Where the ``deadline`` (``time.monotonic()`` seconds) is near, the learning rate falls faster, so that a shorter
    training ends as a whole one does. Values that are nearly free of noise are trained ``EXTENSION`` times as long
    again. ``watch`` is called after every round with (rounds done, rounds planned).
    """
    pace = anneal(data, kinds, settings, settings.rounds, PATIENCE, deadline=deadline, watch=watch)
    noiseless = data.classes == 0 and min(np.mean(k.held_out_losses, axis=1).min() for k in kinds) < NEARLY_NOISELESS
    if noiseless and not pace.cut:
        for kind in kinds:
            kind.stopped = None
        more = EXTENSION * settings.rounds
        anneal(data, kinds, settings, more, EXTENDED_PATIENCE, deadline=deadline, watch=None)
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
    deadline: float | None,
    watch: Watch | None,
    next_rows: Callable[[], bool] | None = None,
) -> Pace:
    """Rounds with a learning rate that falls along a cosine, of all kinds in turn.

    ``next_rows`` is called before every round but the first; the training ends where it returns False. Once a kind has
    not improved for the fraction ``patience`` of the rounds, its learning rate falls to 0 within a few rounds: the
    noise of large steps, which hides what was learned, is averaged out without further overfitting.
    """
    minibatches, most_waiting = -(-settings.steps // settings.rounds), max(10, round(patience * rounds))
    last_rounds = max(2, round(ANNEALING * rounds))
    began = time.monotonic()
    durations: list[float] = []
    planned, done = rounds, 0
    first = len(kinds[0].losses)
    falls: dict[int, tuple[int, float]] = {}  # of overfitting kinds: the first round, and the rate before
    while done < planned and any(kind.stopped is None for kind in kinds):
        if done and next_rows is not None and not next_rows():
            break
        rate = settings.learning_rate * cosine(done / planned)
        for n, kind in enumerate(kinds):
            if kind.stopped is not None:
                continue
            if n in falls:
                start, highest = falls[n]
                kind.advance(data, minibatches, highest * half_cosine((done - start + 0.5) / last_rounds), rounds)
                kind.stopped = "patience" if done - start + 1 >= last_rounds else None
                continue
            kind.advance(data, minibatches, rate, rounds)
            if len(kind.losses) - 1 - max(first, kind.best) >= most_waiting:
                falls[n] = (done + 1, rate)
        done += 1
        now = time.monotonic()
        durations.append(now - began - sum(durations))
        if deadline is not None:  # the first round may have compiled kernels: it says nothing about the others
            left = max(0.0, deadline - now)
            each = min(durations[1:], default=durations[0] if left < durations[0] else 0.0)
            planned = rounds if each == 0 and left > 0 else min(rounds, done + int(left / max(each, 1e-9)))
        if watch is not None and done < rounds:
            watch(done, rounds)
    cut = planned < rounds
    for kind in kinds:
        kind.stopped = kind.stopped or ("deadline" if cut else "epochs")
    return Pace(rounds, done, durations[0], sum(durations[1:]), cut)


def _outputs(net: Network, x: Array) -> Array:
    """(n, outputs) for x (n, columns), of which no more than a block is in float64 at a time."""
    size = max(1, OUTPUT_CELLS // x.shape[1])
    return np.concatenate([net(x[start : start + size]) for start in range(0, len(x), size)])


def _held_out_rows(x: Array, folds: Sequence[Fold]) -> Array:
    """(folds, rows, columns) of the held-out rows, padded with the first ones to equal numbers.

    A column that does not vary in a fold's training rows has their value: its weights mean nothing.
    """
    most = max(len(test) for _, test in folds)
    rows = np.stack([x[np.resize(test, most)] for _, test in folds])
    for k, (train, _) in enumerate(folds):
        first = x[train[0]]
        for column in np.flatnonzero((rows[k] != first).any(axis=0)):
            if np.all(x[train, column] == first[column]):
                rows[k, :, column] = first[column]
    return rows


def rounds_in_memory(kinds: Sequence[KindTraining], settings: Settings, memory: int) -> int:
    """At most so many rounds that their weights and outputs take no more than so many bytes of memory."""
    each: int = sum(sum(a.nbytes for pair in kind.stack.pairs for a in pair) for kind in kinds)
    each += sum(4 * kind.held_out.shape[0] * kind.held_out.shape[1] * kind.recipe.layers[-1].outputs for kind in kinds)
    return max(MIN_ROUNDS, min(settings.max_rounds, memory // each))
