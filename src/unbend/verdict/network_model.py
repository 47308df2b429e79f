"""`fit_network`: trains an ensemble as a correction to the linear model and merges both into one `Network`.

The network is on raw features; one recipe for every table.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np

from ..arrays import Array
from ..network import Dense, Network, Scaler, fold, loss
from ..network.merge import mean_network
from ..train.loop import Pairs
from .blending import choose_correction_weight, choose_encoded_weight
from .ensemble_training import LearningCurve, TrainingTask
from .holdout import hold_out, paired
from .linear_model import out_of_sample_outputs
from .piecewise_encoding import PiecewiseEncoding
from .settings import Settings
from .training_time import Stopwatch, TrainingTime


@dataclass(frozen=True, eq=False)
class NetworkModel:
    """The trained ``network`` on raw features: linear model + ``weight`` * mean of the members, as one network.

    ``encoded_weight`` is the weight, in that mean, of the networks that take the piecewise linear encoding. ``curves``
    are the learning curves of each kind of networks; a round is so many ``epochs``, passes over the rows. ``time`` is
    what the training takes without a deadline.
    """

    network: Network
    weight: float
    encoded_weight: float
    curves: tuple[LearningCurve, ...]
    settings: Settings = field(default_factory=Settings)
    epochs: float = 1.0
    time: TrainingTime = field(default_factory=TrainingTime)

    @property
    def completed(self) -> float:
        """The fraction of the planned rounds that there was time for, 0 … 1."""
        planned = self.settings.rounds
        return float(np.mean([len(c.train) / planned if c.stopped == "deadline" else 1.0 for c in self.curves]))

    @property
    def cut(self) -> bool:
        """True where the deadline ended the training."""
        return any(c.stopped == "deadline" for c in self.curves)

    @property
    def epochs_done(self) -> int:
        """Passes over the rows of the kind that was trained longest."""
        return round(self.epochs * max(len(c.train) for c in self.curves))


Watch = Callable[[int, int], None]  # rounds done, rounds planned


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
    penalty: float | None = None,
) -> NetworkModel:
    """Train an ensemble of networks as a correction to the linear model, and merge both into one network.

    For values the networks are fitted to the residuals of ``linear``, the linear model of the same rows. Half of them
    take the standardised columns alone, which suits smooth functions, half also their piecewise linear encoding
    (`PiecewiseEncoding`), which suits rough ones; held-out rows choose the weights of both kinds in the correction, and
    the weight of the correction in linear + weight * correction. Outputs are values, the log odds of class 1 (two
    classes) or one number per class before the softmax.

    Parameters
    ----------
    x : array (n, features)
        Encoded features, not scaled.
    y : array (n,)
        Values, or class numbers.
    classes : int
        The number of classes; 0 for values.
    linear : Network
        The linear model fitted to the same rows.
    seed : int
        Same arguments, same bits.
    settings : Settings, optional
        By default ``Settings.for_rows(n)``.
    deadline : float, optional
        ``time.monotonic()`` seconds at which the training ends early.
    watch : callable, optional
        Called with (rounds done, rounds planned).
    groups : array of int (n,), optional
        Rows of one group are held out together.
    penalty : float, optional
        The linear model's penalty; for classes, linear models without the held-out rows are fitted with it.

    Returns
    -------
    NetworkModel
    """
    settings = settings or Settings.for_rows(len(y))
    rng = np.random.default_rng([seed, 1])
    base = linear(x)
    targets = y[:, None] - base if classes == 0 else y[:, None]
    scale_y = Scaler.of(targets) if classes == 0 else None
    encodings = _encodings(x, settings)
    members = settings.members * (3 - len(encodings))
    training, validation = hold_out(
        len(y), members, settings.validation_fraction, rng, classes=y if classes else None, groups=groups
    )
    if classes and penalty is not None:
        base = out_of_sample_outputs(x, y, linear=linear, penalty=penalty, training=training, validation=validation)
    task = TrainingTask(
        loss=loss("squared" if classes == 0 else "logistic" if classes == 2 else "cross_entropy"),
        targets=y if classes > 2 else (scale_y(targets) if scale_y else targets).astype(np.float32),
        training=training,
        validation=validation,
        settings=settings,
        extend=classes == 0,
    )
    planned, kinds, times = len(encodings) * settings.rounds, [], []
    for k, encoding in enumerate(encodings):
        starts = _initial_networks(encoding.features, linear.outputs, members, settings, rng)
        now = time.monotonic()
        stopwatch = Stopwatch(now)
        outcome = task.train(
            starts,
            encoding(x, np.float32),
            seeds=(seed + k, seed + len(encodings) + k),
            deadline=None if deadline is None else now + (deadline - now) / (len(encodings) - k),
            watch=_offset(watch, k * settings.rounds, planned),
            stopwatch=stopwatch,
        )
        times.append(stopwatch.training_time(settings.rounds if outcome.stopped == "deadline" else 0))
        nets = [_unscaled(net, pairs, scale_y) for net, pairs in zip(starts, outcome.members, strict=True)]
        corrections = [
            net(encoding(x[rows])) - (0 if classes == 0 else base[rows])
            for net, rows in zip(nets, validation, strict=True)
        ]
        curve = LearningCurve.of(k > 0, outcome, float(scale_y.scale[0] ** 2) if scale_y else 1.0)
        kinds.append(_Kind(encoding, mean_network(nets), paired(np.stack(corrections)), curve))
    if watch is not None:
        watch(planned, planned)
    rows = paired(validation)[0]
    encoded_weight, weight = _weights(kinds, base[rows], y[rows], classes, members)
    return NetworkModel(
        network=_merged(kinds, linear, classes, encoded_weight, weight),
        weight=weight,
        encoded_weight=encoded_weight,
        curves=tuple(kind.curve for kind in kinds),
        settings=settings,
        epochs=task.epochs_per_round,
        time=sum(times, TrainingTime()),
    )


@dataclass(frozen=True, eq=False)
class _Kind:
    """The trained networks of one kind: their ``mean`` as one network of the encoded features, and the ``corrections``
    (2, rows, k) of the linear outputs by both members of each pair, on their validation rows."""  # fmt: skip

    encoding: PiecewiseEncoding
    mean: Network
    corrections: Array
    curve: LearningCurve


def _weights(kinds: Sequence[_Kind], base: Array, y: Array, classes: int, members: int) -> tuple[float, float]:
    """The weight of the encoded kind in the correction, and that of the correction; ``base`` (rows, k) and ``y``
    (rows,) are those of the validation rows."""  # fmt: skip
    plain, encoded = kinds[0].corrections, kinds[-1].corrections
    encoded_weight = 0.0
    if len(kinds) > 1:
        encoded_weight = choose_encoded_weight(base, plain, encoded, y, classes=classes, members=members)
    correction = (1 - encoded_weight) * plain + encoded_weight * encoded
    return encoded_weight, choose_correction_weight(base, correction, y, classes=classes, members=members)


def _merged(kinds: Sequence[_Kind], linear: Network, classes: int, encoded_weight: float, weight: float) -> Network:
    """Linear model and weighted networks as one network of raw features."""
    # for classes the networks have the full output, not the residual: linear + weight (net - linear)
    scaled_linear = linear if classes == 0 else _times(linear, 1 - weight)
    kind = kinds[weight * encoded_weight > 0]
    mean = kind.mean
    if kind is not kinds[0] and encoded_weight < 1:
        mean = mean_network([kind.encoding.extend(kinds[0].mean), mean], [1 - encoded_weight, encoded_weight])
    return kind.encoding.add_to_linear(scaled_linear, mean, weight)


def _encodings(x: Array, settings: Settings) -> list[PiecewiseEncoding]:
    """The inputs of both kinds of networks; one kind alone where no column takes more than two values, or where there
    are too many columns for bins."""  # fmt: skip
    encoding = PiecewiseEncoding.of(x, settings.bins)
    return [encoding.without_bins(), encoding] if encoding.has_bins else [encoding]


def _initial_networks(
    inputs: int, outputs: int, members: int, settings: Settings, rng: np.random.Generator
) -> list[Network]:
    sizes = (inputs, *settings.hidden)
    hidden = [Dense(a, b, settings.activation) for a, b in pairwise(sizes)]
    layers = (*hidden, Dense(sizes[-1], outputs))
    return [Network(layers, seed=int(s)) for s in rng.integers(0, 2**31, members)]


def _times(linear: Network, factor: float) -> Network:
    layer = linear.layers[0]
    return Network.from_arrays([(factor * layer.W, factor * layer.b)], dtype=linear.dtype)


def _offset(watch: Watch | None, before: int, planned: int) -> Callable[[int], None] | None:
    return None if watch is None else lambda done: watch(before + done, planned)


def _unscaled(start: Network, pairs: Pairs, scale_y: Scaler | None) -> Network:
    """A member with outputs in the target's unit, in float64: raw columns may be large relative to their deviation."""
    return fold(Network.from_arrays(pairs, [layer.activation for layer in start.layers], "float64"), None, scale_y)
