"""The network side: one recipe for every table, several small networks trained together and averaged."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np

from ..arrays import Array
from ..network import Dense, Network, Scaler, fold, loss
from ..network.merge import mean_network
from ..train.loop import Pairs
from .course import Course, Lesson
from .hinges import Hinges
from .judging import hold_out, paired
from .settings import Settings
from .share import best_mix, share_of_bend
from .straight import unseen


@dataclass(frozen=True, eq=False)
class Bent:
    """The trained ``network`` on raw features: straight model + ``share`` * mean of the members, as one network.

    ``mix`` is the curved networks' share in that mean. ``courses`` say how each kind learned; a round was so many
    ``epochs``, passes over the rows.
    """

    network: Network
    share: float
    mix: float
    courses: tuple[Course, ...]
    settings: Settings = field(default_factory=Settings)
    epochs: float = 1.0

    @property
    def done(self) -> float:
        """The share of the planned rounds that there was time for, 0 … 1."""
        planned = self.settings.rounds
        return float(np.mean([len(c.train) / planned if c.stopped == "deadline" else 1.0 for c in self.courses]))

    @property
    def cut(self) -> bool:
        """True where the deadline ended the training."""
        return any(c.stopped == "deadline" for c in self.courses)

    @property
    def epochs_done(self) -> int:
        """Passes over the rows of the kind that learned longest."""
        return round(self.epochs * max(len(c.train) for c in self.courses))


Watch = Callable[[int, int], None]  # rounds done, rounds planned


def fit_bent(
    x: Array,
    y: Array,
    classes: int,
    straight: Network,
    seed: int,
    settings: Settings | None = None,
    deadline: float | None = None,
    watch: Watch | None = None,
    kin: Array | None = None,
    penalty: float | None = None,
) -> Bent:
    """Train the ensemble on x (n, features) and y (n,): values when ``classes`` is 0, else class numbers.

    It stands on the straight model of the same rows: for values the networks learn what that leaves over. Half of them
    see the columns alone, which suits smooth tables, half also the columns' curves (`Hinges`), which suits rough ones;
    rows held out say how much of either goes into the bend. The answer is straight + share * bend, with the ``share``
    that the rows held out ask for. Outputs are values, the log odds of class 1 (two classes) or one number per class
    before the softmax. ``deadline`` (``time.monotonic()`` seconds) ends the training early. Members hold out rows with
    the same number in ``kin`` (n,) together. ``penalty`` is the straight model's; for classes it serves to ask the rows
    held out of a straight model that had no part in them either. Same arguments, same bits.
    """
    settings = settings or Settings.for_rows(len(y))
    rng = np.random.default_rng([seed, 1])
    record = loss("squared" if classes == 0 else "logistic" if classes == 2 else "cross_entropy")
    base = straight(x)
    rest = y[:, None] - base if classes == 0 else y[:, None]
    scale_y = Scaler.of(rest) if classes == 0 else None
    targets = y if classes > 2 else (scale_y(rest) if scale_y else rest).astype(np.float32)
    hinges = Hinges.of(x, settings.pieces)
    # without pieces where no column takes more than two values, or where there are too many
    kinds = [hinges.alone, hinges] if hinges.curved else [hinges]
    members = settings.members * (3 - len(kinds))
    learn, judge = hold_out(len(y), members, settings.held_out, rng, y if classes else None, kin)
    if classes and penalty is not None:
        base = unseen(x, y, straight, penalty, learn, judge)
    lesson = Lesson(record, targets, learn, judge, settings, classes == 0)
    planned = len(kinds) * settings.rounds
    unit = float(scale_y.size[0] ** 2) if scale_y else 1.0
    courses, means, bends = [], [], []
    for k, kind in enumerate(kinds):
        sizes = (kind.features, *settings.hidden)
        bending = [Dense(a, b, settings.activation) for a, b in pairwise(sizes)]
        layers = (*bending, Dense(sizes[-1], straight.outputs))
        starts = [Network(layers, seed=int(s)) for s in rng.integers(0, 2**31, members)]
        now = time.monotonic()
        latest = None if deadline is None else now + (deadline - now) / (len(kinds) - k)
        outcome = lesson.teach(starts, kind(x, np.float32), (seed + k, seed + len(kinds) + k), latest,
                               _told(watch, k * settings.rounds, planned))  # fmt: skip
        nets = [_unscaled(net, pairs, scale_y) for net, pairs in zip(starts, outcome.members, strict=True)]
        own = [net(kind(x[rows])) - (0 if classes == 0 else base[rows]) for net, rows in zip(nets, judge, strict=True)]
        bends.append(paired(np.stack(own)))
        means.append(mean_network(nets))
        courses.append(Course.of(k > 0, outcome, unit))
    if watch is not None:
        watch(planned, planned)
    rows = paired(judge)[0]
    mix = best_mix(base[rows], bends[0], bends[1], y[rows], classes, members) if len(kinds) > 1 else 0.0
    bend = (1 - mix) * bends[0] + mix * bends[-1]
    share = share_of_bend(base[rows], bend, y[rows], classes, members)
    # for classes the networks answer the whole, not the rest: straight + share (net - straight)
    under = straight if classes == 0 else _times(straight, 1 - share)
    curved = share * mix > 0
    seen, mean = kinds[curved], means[curved]
    if curved and mix < 1:
        mean = mean_network([seen.lift(means[0]), mean], [1 - mix, mix])
    network = seen.stand(mean, under, share)
    return Bent(
        network, share, mix, tuple(courses), settings, lesson.minibatches * settings.batch_size / learn.shape[1]
    )


def _times(straight: Network, factor: float) -> Network:
    layer = straight.layers[0]
    return Network.from_arrays([(factor * layer.W, factor * layer.b)], dtype=straight.dtype)


def _told(watch: Watch | None, before: int, planned: int) -> Callable[[int], None] | None:
    return None if watch is None else lambda done: watch(before + done, planned)


def _unscaled(start: Network, pairs: Pairs, scale_y: Scaler | None) -> Network:
    """A member that answers in the target's unit, in float64: raw columns may be large next to their spread."""
    return fold(Network.from_arrays(pairs, [layer.activation for layer in start.layers], "float64"), None, scale_y)
