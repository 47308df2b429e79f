"""The network side: one recipe for every table, several small networks trained together and averaged."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np

from ..network import Dense, Loss, Network, Recipe, Scaler, Stack, fold, loss, optimizer
from ..network.dense import Array
from ..network.merge import mean_network
from ..train.history import Stopped
from ..train.loop import Judge, Outcome, Pairs, Plan, cosine, train_stack
from .hinges import Hinges
from .judging import ensemble_losses, hold_out, paired
from .settings import Settings
from .share import best_mix, share_of_bend
from .straight import unseen

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
    held out of a straight model that had no part in them either. Where the rows held out show values nearly free of
    noise, the training goes on, ``MORE`` times as long, and the better of both is kept. Same arguments, same bits.
    """
    settings = settings or Settings.for_rows(len(y))
    rng = np.random.default_rng([seed, 1])
    record = loss("squared" if classes == 0 else "logistic" if classes == 2 else "cross_entropy")
    base = straight(x)
    rest = y[:, None] - base if classes == 0 else y[:, None]
    scale_y = Scaler.of(rest) if classes == 0 else None
    targets = y if classes > 2 else (scale_y(rest) if scale_y else rest).astype(np.float32)
    kinds = [Hinges.of(x, 0), Hinges.of(x, settings.pieces)]
    if kinds[1].features == kinds[0].features:  # no column takes more than two values, or there are too many
        del kinds[1]
    members = settings.members * (3 - len(kinds))
    learn, judge = hold_out(len(y), members, settings.held_out, rng, y if classes else None, kin)
    if classes and penalty is not None:
        base = unseen(x, y, straight, penalty, learn, judge)
    each = -(-settings.steps // settings.rounds)
    planned = len(kinds) * settings.rounds
    unit = float(scale_y.size[0] ** 2) if scale_y else 1.0
    courses, means, bends = [], [], []
    for k, kind in enumerate(kinds):
        sizes = (kind.features, *settings.hidden)
        bending = [Dense(a, b, settings.activation) for a, b in pairwise(sizes)]
        layers = (*bending, Dense(sizes[-1], straight.outputs))
        starts = [Network(layers, seed=int(s)) for s in rng.integers(0, 2**31, members)]
        recipe = Recipe(layers, record, optimizer("adamw"), settings.batch_size, settings.decay)
        features = kind(x, np.float32)
        now = time.monotonic()
        latest = None if deadline is None else now + (deadline - now) / (len(kinds) - k)

        def learn_on(
            begun: Sequence[Pairs], rounds: int, seed: int, before: int,
            recipe: Recipe = recipe, features: Array = features, latest: float | None = latest, k: int = k,
        ) -> Outcome:  # fmt: skip
            plan = Plan(rounds, settings.rate, cosine, max(10, round(PATIENCE * rounds)), latest, each)
            told = None if watch is None else _watcher(watch, k * settings.rounds, before, settings.rounds, planned)
            return train_stack(recipe, begun, features, targets, learn, judge, plan, seed, watch=told,
                               judge=_judge(record, members))  # fmt: skip

        outcome = learn_on([net.arrays for net in starts], settings.rounds, seed + k, 0)
        if classes == 0 and outcome.stopped != "deadline" and _least(outcome) < CLEAN:
            more = learn_on(outcome.members, MORE * settings.rounds, seed + len(kinds) + k, settings.rounds)
            outcome = _better(outcome, more)
        nets = [_unscaled(net, pairs, scale_y) for net, pairs in zip(starts, outcome.members, strict=True)]
        bends.append(paired(np.stack([net(kind(x[rows])) - (0 if classes == 0 else base[rows])
                                      for net, rows in zip(nets, judge, strict=True)])))  # fmt: skip
        means.append(mean_network(nets))
        assert outcome.validation is not None
        courses.append(Course(k > 0, outcome.train * unit, outcome.validation * unit, outcome.best, outcome.stopped))
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
    return Bent(network, share, mix, tuple(courses), settings, each * settings.batch_size / learn.shape[1])


def _judge(record: Loss, members: int) -> Judge:
    """Every member's score is the loss of all members' mean answer, on rows that its pair held out."""

    def judge(outputs: Array, targets: Array) -> Array:
        answers, wanted = paired(outputs.astype(np.float64)), paired(targets)
        whole = ensemble_losses(answers, lambda o: record.per_row(o, wanted[: len(o)] if o.ndim == 3 else wanted[0])[0],
                                members)  # fmt: skip
        return np.full(len(outputs), whole.mean())

    return judge


def _times(straight: Network, factor: float) -> Network:
    layer = straight.layers[0]
    return Network.from_arrays([(factor * layer.W, factor * layer.b)], dtype=straight.dtype)


def _watcher(
    watch: Watch, first: int, before: int, rounds: int, planned: int
) -> Callable[[int, Array, Array | None, Stack], None]:
    """Tells all rounds but a kind's last: nobody knows beforehand which one that will be."""

    def tell(done: int, losses: Array, held_out: Array | None, stack: Stack) -> None:
        reached = first + min(before + done + 1, rounds - 1)
        if reached > 0:
            watch(reached, planned)

    return tell


def _least(outcome: Outcome) -> float:
    return np.inf if outcome.validation is None else float(outcome.validation.min())


def _better(first: Outcome, more: Outcome) -> Outcome:
    """A training and its continuation as one, with the weights of the best round of both."""
    assert first.validation is not None and more.validation is not None
    train, validation = np.concatenate([first.train, more.train]), np.concatenate([first.validation, more.validation])
    if _least(more) < _least(first):
        return Outcome(more.members, train, validation, more.best + len(first.train), more.stopped)
    return Outcome(first.members, train, validation, first.best, more.stopped)


def _unscaled(start: Network, pairs: Pairs, scale_y: Scaler | None) -> Network:
    """A member that answers in the target's unit, in float64: raw columns may be large next to their spread."""
    return fold(Network.from_arrays(pairs, [layer.activation for layer in start.layers], "float64"), None, scale_y)
