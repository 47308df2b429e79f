"""`fit_folds` and `fit_network`: an ensemble as a correction to the linear model, merged with it into one `Network`.

The networks of the folds of a cross-validation are the ensemble: each is judged on the rows that it held out, and
together they are the network model. The network is on raw features; one recipe for every table.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from ..arrays import Array
from ..network import Network
from ..network.merge import mean_network
from ..train.history import Stopped
from .blending import choose_correction_weight, choose_encoded_weight
from .column_screening import MANY, TAKEN
from .fold_training import Pace, Watch, minibatches_per_round, rounds_in_memory, train_folds
from .folds import Fold, Splitter, folds_among
from .kind_training import FoldData, KindTraining
from .linear_model import fit_linear_folds
from .member_rounds import TaskMap
from .piecewise_encoding import PiecewiseEncoding, bins_per_column, several_valued
from .round_choice import RoundTable
from .screened_inputs import ScreenedInputs
from .settings import Settings
from .training_memory import TrainingMemory, fewer_judged, training_rows

FOLDS = 5  # of very few rows, and of very many
RANDOM = 0.5  # chosen by the coverage on the sets of benchmarks/results/intervals.md
MORE_FOLDS = ((50, 3_000, 10), (3_000, 20_000, 8))  # (rows from, to, folds): every network is trained on more of them


@dataclass(frozen=True, eq=False)
class LearningCurve:
    """Losses of the networks of one kind: those with the ``encoded`` columns, or those with the columns alone.

    ``train`` and ``held_out`` (rounds, folds) are the losses of each fold's network on its training rows and on its
    held-out rows, in the loss's unit (y² or nats); ``best`` is the round whose weights were used.
    """

    encoded: bool
    train: Array
    held_out: Array
    best: int
    stopped: Stopped


@dataclass(frozen=True, eq=False)
class NetworkModel:
    """The trained ``network`` on raw features: linear model + ``weight`` * mean of the networks, as one network.

    ``encoded_weight`` is the weight, in that mean, of the networks that take the piecewise linear encoding. ``curves``
    are the learning curves of each kind of networks; a round is so many ``epochs``, passes over the rows. ``pace`` says
    how long the training took. ``members`` of each kind make up the mean; ``rows`` were trained on or judged.
    ``disagreement`` estimates the variance of the fold networks' outputs for a row that none of them was trained on.
    ``fold_networks`` and ``fold_linear`` are the models of the folds, each fitted without its held-out rows.
    """

    network: Network
    weight: float
    encoded_weight: float
    curves: tuple[LearningCurve, ...]
    members: int
    rows: int
    settings: Settings = field(default_factory=Settings)
    epochs: float = 1.0
    fold_networks: tuple[Network, ...] = ()
    fold_linear: tuple[Network, ...] = ()
    pace: Pace = field(default_factory=Pace)
    disagreement: float = 0.0

    @property
    def completed(self) -> float:
        """The fraction of the planned rounds that there was time for, 0 … 1."""
        return self.pace.completed

    @property
    def cut(self) -> bool:
        """True where the deadline shortened the training."""
        return self.pace.cut

    @property
    def epochs_done(self) -> int:
        """Passes over the rows of the kind that was trained longest."""
        return round(self.epochs * max(len(c.train) for c in self.curves))


@dataclass(frozen=True, eq=False)
class FoldNetworks:
    """The trained networks of all folds of one cross-validation.

    ``outputs[k]`` are the outputs of linear model + correction for the held-out rows of fold k; the rounds and both
    weights in them were chosen on the held-out rows of the other folds. ``unshrunk[k]`` are those with the weight of
    least loss, which may be more than was chosen (`choose_correction_weight`).
    """

    outputs: list[Array]
    unshrunk: list[Array]
    model: NetworkModel


def fit_folds(
    x: Array,
    y: Array,
    classes: int,
    folds: Sequence[Fold],
    fold_linear: Sequence[Network],
    linear: Network,
    seed: int,
    *,
    settings: Settings | None = None,
    deadline: float | None = None,
    watch: Watch | None = None,
    memory: TrainingMemory | None = None,
    task_map: TaskMap | None = None,
) -> FoldNetworks:
    """Train networks on each fold's training rows as a correction to its linear model; judge and merge them.

    For values the networks are fitted to the residuals of the linear model. Half of them take the standardised columns
    alone, which suits smooth functions, half also their piecewise linear encoding (`PiecewiseEncoding`), which suits
    rough ones; held-out rows choose the weights of both kinds in the correction, and the weight of the correction in
    linear + weight * correction. Outputs are values, the log odds of class 1 (two classes) or one number per class
    before the softmax.

    Parameters
    ----------
    x : array (n, features)
        Encoded features, not scaled.
    y : array (n,)
        Values, or class numbers.
    classes : int
        The number of classes; 0 for values.
    folds : sequence of (training rows, held-out rows)
    fold_linear : sequence of Network
        The linear model of each fold's training rows.
    linear : Network
        The linear model of all rows, which the final network corrects.
    seed : int
        Same arguments, same bits.
    settings : Settings, optional
        By default ``Settings.for_rows(n)``.
    deadline : float, optional
        ``time.monotonic()`` seconds at which the training ends early.
    watch : callable, optional
        Called with (rounds done, rounds planned).
    memory : TrainingMemory, optional
        How much memory rows and rounds may take; by default as the size of x suggests. Of more rows, those that are
        judged are trained on, and others at random.
    task_map : TaskMap, optional
        Makes tasks of the members' rounds, elsewhere; same bits.

    Returns
    -------
    FoldNetworks

    References
    ----------
    Cross-validated blending: Wolpert (1992), "Stacked generalization", Neural Networks 5.
    """
    settings, memory = settings or Settings.for_rows(len(y)), memory or TrainingMemory.of(*x.shape)
    data, kinds = _begin(x, y, classes, folds, fold_linear, seed, settings=settings, memory=memory)
    folds = data.folds
    settings = replace(settings, max_rounds=rounds_in_memory(kinds, settings, memory.rounds))
    pace = train_folds(data, kinds, settings, deadline=deadline, watch=watch, task_map=task_map)
    table = RoundTable.of(data, kinds)
    held_out = [_held_out_outputs(data, kinds, table, k) for k in range(len(folds))]
    rounds = table.best()
    corrections = [_corrections(data, kinds, rounds, k) for k in range(len(folds))]
    encoded_weight, (weight, _) = _weights(data, corrections, range(len(folds)), kinds[-1].differs)
    pairs = list(zip(kinds, rounds, strict=True))
    members = min(settings.members, len(folds))
    means = [
        mean_network([kind.network(data, k, r) for k in _spread(len(folds), members, n)])
        for n, (kind, r) in enumerate(pairs)
    ]
    return FoldNetworks(
        [shrunk for shrunk, _ in held_out],
        [unshrunk for _, unshrunk in held_out],
        NetworkModel(
            network=merged(kinds, means, linear, classes, encoded_weight, weight),
            weight=weight,
            encoded_weight=encoded_weight,
            curves=tuple(_curve(data, kind, r) for kind, r in pairs),
            members=members,
            rows=len(data.y),
            settings=settings,
            epochs=_epochs_per_round(settings, folds),
            fold_networks=tuple(
                merged(kinds, [kind.network(data, k, r) for kind, r in pairs], net, classes, encoded_weight, weight)
                for k, net in enumerate(fold_linear)
            ),
            fold_linear=tuple(fold_linear),
            pace=pace,
            disagreement=_disagreement(corrections, encoded_weight, weight),
        ),
    )


def fit_network(
    x: Array,
    y: Array,
    classes: int,
    linear: Network,
    seed: int,
    *,
    settings: Settings | None = None,
    deadline: float | None = None,
    watch: Watch | None = None,
    groups: Array | None = None,
    memory: TrainingMemory | None = None,
    task_map: TaskMap | None = None,
) -> NetworkModel:
    """The network model of all rows: as `fit_folds`, with folds at random.

    Parameters
    ----------
    x, y, classes, linear, seed, settings, deadline, watch, memory, task_map
        As in `fit_folds`.
    groups : array of int (n,), optional
        Rows of one group are held out together.

    Returns
    -------
    NetworkModel
    """
    groups = None if groups is None else np.unique(groups, return_inverse=True)[1]
    if groups is not None and groups.max() < 2:
        groups = None
    splitter = Splitter(len(y), y if classes else None, groups)
    folds = splitter.split(splitter.fold_count(fold_number(len(y))), [seed, 1])
    fold_linear = fit_linear_folds(x, y, classes, folds, seed)
    memory = memory or TrainingMemory.of(*x.shape)
    if len(y) > memory.most_rows(x.shape[1], len(folds)):
        folds = fewer_judged(folds, seed)
    return fit_folds(
        x,
        y,
        classes,
        folds,
        fold_linear,
        linear,
        seed,
        settings=settings,
        deadline=deadline,
        watch=watch,
        memory=memory,
        task_map=task_map,
    ).model


def _begin(
    x: Array,
    y: Array,
    classes: int,
    folds: Sequence[Fold],
    fold_linear: Sequence[Network],
    seed: int,
    *,
    settings: Settings,
    memory: TrainingMemory,
) -> tuple[FoldData, list[KindTraining]]:
    """The networks before the first round, of as many rows as there is memory for; nothing of x is kept."""
    rows = training_rows(folds, len(y), memory.most_rows(x.shape[1], len(folds)), seed)
    if rows is not None:
        x, y, folds = x[rows], y[rows], folds_among(folds, rows, len(y))
    data = FoldData.of(x, y, classes, folds, fold_linear)
    inputs = ScreenedInputs.of(x, y, classes, folds, fold_linear) if network_columns(x) < x.shape[1] else ()
    return data, KindTraining.begin_all(data, x, encodings(x, settings), settings, seed, inputs)


def fold_number(rows: int) -> int:
    """The number of folds for so many rows."""
    return next((folds for low, high, folds in MORE_FOLDS if low <= rows < high), FOLDS)


def encodings(x: Array, settings: Settings) -> list[PiecewiseEncoding]:
    """The inputs of both kinds of networks; the same for both where no column takes more than two values, or where
    there are too many columns for bins."""  # fmt: skip
    encoding = PiecewiseEncoding.of(x, settings.bins)
    return [encoding.without_bins(), encoding] if encoding.has_bins else [encoding, encoding]


def network_columns(x: Array) -> int:
    """How many of the columns of x (n, columns) a network takes: all, but of very many, without bins, a part."""
    return x.shape[1] if x.shape[1] <= MANY or bins_per_column(several_valued(x)) else TAKEN


def _corrections(data: FoldData, kinds: Sequence[KindTraining], rounds: Sequence[int], k: int) -> list[Array]:
    """The corrections (rows, k) by the networks of fold k, of each kind, for its held-out rows."""
    count = len(data.folds[k][1])
    return [data.correction(k, kind.outputs[r][k, :count]) for kind, r in zip(kinds, rounds, strict=True)]


def _held_out_outputs(data: FoldData, kinds: Sequence[KindTraining], table: RoundTable, k: int) -> tuple[Array, Array]:
    """Fold k's outputs, with the rounds and the weights chosen in the other folds; and those with the best weight."""
    rounds = table.best(without=k)
    corrections = [_corrections(data, kinds, rounds, j) for j in range(len(data.folds))]
    others = [j for j in range(len(data.folds)) if j != k]
    encoded_weight, (chosen, best) = _weights(data, corrections, others, kinds[-1].differs)
    correction = (1 - encoded_weight) * corrections[k][0] + encoded_weight * corrections[k][-1]
    return data.base[k] + chosen * correction, data.base[k] + best * correction


def _weights(
    data: FoldData, corrections: Sequence[list[Array]], folds: Sequence[int], differ: bool
) -> tuple[float, tuple[float, float]]:
    """The weight of the second kind in the correction, and the chosen and the best one of the correction, by these
    folds' held-out rows."""  # fmt: skip
    base, y = np.concatenate([data.base[k] for k in folds]), np.concatenate([data.y[data.folds[k][1]] for k in folds])
    plain, encoded = (np.concatenate([corrections[k][kind] for k in folds]) for kind in (0, -1))
    encoded_weight = 0.5
    if differ:
        encoded_weight = choose_encoded_weight(base, plain, encoded, y, data.classes)
    correction = (1 - encoded_weight) * plain + encoded_weight * encoded
    return encoded_weight, choose_correction_weight(base, correction, y, data.classes)


def _disagreement(corrections: Sequence[list[Array]], encoded_weight: float, weight: float) -> float:
    """The variance of a fold's blend of both kinds, from how far they are apart on rows that neither was trained on.

    Networks from other folds were trained on all but their own rows, where they agree more than on new ones; the two
    kinds of one fold were not. They also differ systematically, which no averaging removes: ``RANDOM`` of their squared
    difference is taken for chance.
    """
    difference = np.mean(np.concatenate([((own[0] - own[-1]) ** 2).ravel() for own in corrections]))
    return float(weight**2 * ((1 - encoded_weight) ** 2 + encoded_weight**2) * RANDOM * difference / 2)


def _spread(folds: int, members: int, start: int) -> list[int]:
    """So many of the folds, evenly spaced; the kinds have others where there are enough."""
    return [(start + round(m * folds / members)) % folds for m in range(members)]


def merged(
    kinds: Sequence[KindTraining],
    means: Sequence[Network],
    linear: Network,
    classes: int,
    encoded_weight: float,
    weight: float,
) -> Network:
    """Linear model and weighted networks as one network of raw features."""
    # for classes the networks have the full output, not the residual: linear + weight (net - linear)
    scaled_linear = linear if classes == 0 else _times(linear, 1 - weight)
    n = -1 if weight * encoded_weight > 0 else 0
    mean, encoding = means[n], kinds[n].encoding
    if n == -1 and encoded_weight < 1:
        mean = mean_network([encoding.extend(means[0]), mean], [1 - encoded_weight, encoded_weight])
    return encoding.add_to_linear(scaled_linear, mean, weight)


def _epochs_per_round(settings: Settings, folds: Sequence[Fold]) -> float:
    """Passes over a fold's training rows per round."""
    rows = float(np.mean([len(train) for train, _ in folds]))
    return minibatches_per_round(settings) * settings.batch_size / rows


def _times(linear: Network, factor: float) -> Network:
    layer = linear.layers[0]
    return Network.from_arrays([(factor * layer.W, factor * layer.b)], dtype=linear.dtype)


def _curve(data: FoldData, kind: KindTraining, best: int) -> LearningCurve:
    unit = np.ones(len(data.folds)) if data.scales is None else np.array([s.scale[0] ** 2 for s in data.scales])
    assert kind.stopped is not None
    return LearningCurve(
        encoded=kind.encoding.has_bins,
        train=np.array(kind.losses) * unit,
        held_out=np.array(kind.held_out_losses) * unit,
        best=best,
        stopped=kind.stopped,
    )
