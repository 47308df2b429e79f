"""`KindTraining`: the networks of one kind, one per fold, in training, with what every round left."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np

from ..arrays import Array
from ..engine import BinnedRows
from ..errors import BadInput
from ..network import Dense, Loss, Network, Recipe, Scaler, Stack, fold, loss, optimizer
from ..network.gradient import Pair
from ..train.history import Stopped
from .folds import Fold
from .member_rounds import Members, RoundsDone
from .piecewise_encoding import PiecewiseEncoding
from .scores import row_losses
from .screened_inputs import ScreenedInputs, linear_outputs
from .settings import Settings

OPTIMIZER = optimizer("adamw")


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
            residuals = y[:, None] - linear_outputs(net, x)
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
    With ``inputs`` each fold's network takes those of its own instead of the ``encoding``, which has no bins then.
    """

    encoding: PiecewiseEncoding
    recipe: Recipe
    members: Members
    features: BinnedRows | None
    held_out: BinnedRows
    losses: list[Array] = field(default_factory=list)
    held_out_losses: list[Array] = field(default_factory=list)
    outputs: list[Array] = field(default_factory=list)
    weights: list[list[Pair]] = field(default_factory=list)
    stopped: Stopped | None = None
    inputs: ScreenedInputs | None = None

    @classmethod
    def begin_all(
        cls,
        data: FoldData,
        x: Array,
        encodings: Sequence[PiecewiseEncoding],
        settings: Settings,
        seed: int,
        inputs: Sequence[ScreenedInputs] = (),
    ) -> list[KindTraining]:
        """Every kind before the first round; x (n, columns) are the rows of ``data``. They share the columns.

        With ``inputs``, one for each kind, each fold's networks take those of its own.
        """
        if inputs:
            of_kinds = [own.of_all_rows(x) for own in inputs]
            rows = [
                (BinnedRows.of_columns(own), BinnedRows.of_columns(_held_out_rows(own, data.folds))) for own in of_kinds
            ]
        else:
            binned = encodings[-1].binned(x), encodings[-1].binned(_held_out_rows(x, data.folds))
            columns = BinnedRows.of_columns(binned[0].columns), BinnedRows.of_columns(binned[1].columns)
            rows = [binned if encoding.has_bins else columns for encoding in encodings]
        of_folds: Sequence[ScreenedInputs | None] = inputs or [None] * len(encodings)
        return [
            cls._begin(data, encoding, settings, seed, n, features=features, held_out=held_out, inputs=own)
            for n, (encoding, (features, held_out), own) in enumerate(zip(encodings, rows, of_folds, strict=True))
        ]

    @classmethod
    def _begin(
        cls,
        data: FoldData,
        encoding: PiecewiseEncoding,
        settings: Settings,
        seed: int,
        number: int,
        *,
        features: BinnedRows,
        held_out: BinnedRows,
        inputs: ScreenedInputs | None,
    ) -> KindTraining:
        sizes = (features.shape[-1], *settings.hidden)
        dense = [*(Dense(a, b, settings.activation) for a, b in pairwise(sizes)), Dense(sizes[-1], data.outputs)]
        rngs = [np.random.default_rng([seed + number, k]) for k in range(len(data.folds))]
        members = [Network(dense, seed=int(rng.integers(0, 2**31))).arrays for rng in rngs]
        recipe = Recipe(
            tuple(dense), training_loss(data.classes), OPTIMIZER, settings.batch_size, settings.weight_decay
        )
        stack = Stack.begin(members, recipe.optimizer)
        members_of_all = Members(number, tuple(range(len(rngs))), stack, rngs)
        return cls(encoding, recipe, members_of_all, features, held_out, inputs=inputs)

    def add(self, data: FoldData, done: RoundsDone, rates: Sequence[float]) -> None:
        """Rounds at these learning rates. Raises ``BadInput`` where a loss is not finite."""
        self.members = done.members
        for rate, losses, outputs, weights in zip(rates, done.losses, done.outputs, done.weights, strict=True):
            if not (np.isfinite(losses).all() and np.isfinite(outputs).all()):
                raise BadInput("train.diverged", epoch=len(self.losses) + 1, rate=f"{rate:.3g}")
            self.losses.append(losses)
            self.outputs.append(outputs)
            self.weights.append(weights)
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
    def differs(self) -> bool:
        """Whether its inputs are others than those of the kind before."""
        return self.encoding.has_bins or self.inputs is not None

    @property
    def best(self) -> int:
        """The round with the least mean held-out loss."""
        return int(np.mean(self.held_out_losses, axis=1).argmin())

    def network(self, data: FoldData, k: int, round_: int) -> Network:
        """Fold k's network after that round, on the encoding's features, with outputs in the target's unit; float64."""
        pairs = [(W[k], b[k, 0]) for W, b in self.weights[round_]]
        net = Network.from_arrays(pairs, [layer.activation for layer in self.recipe.layers], "float64")
        net = net if self.inputs is None else self.inputs.on_all_columns(k, net)
        return net if data.scales is None else fold(net, None, data.scales[k])


def _held_out_rows(x: Array, folds: Sequence[Fold]) -> Array:
    """(folds, rows, columns) of the held-out rows, padded with the first ones to equal numbers.

    x is (n, columns), or (folds, n, columns) where each fold has columns of its own. A column that does not vary in a
    fold's training rows has their value: its weights mean nothing. (rows, columns) where all folds are the same.
    """
    if len(folds) > 1 and all(own is folds[0] for own in folds):
        return np.asarray(_held_out_rows(x, folds[:1])[0])
    most = max(len(test) for _, test in folds)
    all_rows = [x] * len(folds) if x.ndim == 2 else x
    rows = np.stack([own[np.resize(test, most)] for own, (_, test) in zip(all_rows, folds, strict=True)])
    for k, (own, (train, _)) in enumerate(zip(all_rows, folds, strict=True)):
        first = own[train[0]]
        for column in np.flatnonzero((rows[k] != first).any(axis=0)):
            if np.all(own[train, column] == first[column]):
                rows[k, :, column] = first[column]
    return rows
