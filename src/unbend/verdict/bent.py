"""The network side: one recipe for every table, several small networks trained together and averaged."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np

from ..network import Dense, Loss, Network, Recipe, Scaler, Stack, fold, loss, optimizer
from ..network.dense import Array
from ..network.merge import add_straight, mean_network
from ..train.loop import Judge, Outcome, Pairs, Plan, cosine, train_stack
from .judging import ensemble_losses, hold_out, paired
from .scores import row_losses

SURE = 2.0  # standard errors
PATIENCE = 0.3  # share of the rounds without a better one after which a training that only overfits ends
CLEAN = 0.25  # where less of what the straight model leaves is missed than this share, more training is tried
MORE = 2  # so many times as long


@dataclass(frozen=True)
class Settings:
    """Everything that decides how a network is trained; adapts to the number of rows alone.

    ``members`` networks of ``hidden`` layers are trained on standardised columns with AdamW and a cosine schedule, each
    holding out a ``held_out`` share of the rows (each two the same) to keep the best weights by. ``steps`` minibatches
    per member, in ``rounds``: after each the rows held out are looked at. Where these show values nearly free of noise,
    the training goes on, ``MORE`` times as long, and the better of both is kept.
    """

    members: int = 8
    hidden: tuple[int, ...] = (64, 64)
    activation: str = "gelu"
    rate: float = 0.01
    decay: float = 0.01
    held_out: float = 0.125
    batch_size: int = 32
    steps: int = 3000
    most_rounds: int = 60

    @classmethod
    def for_rows(cls, rows: int) -> Settings:
        """Small batches for few rows (at least eight to an epoch), larger ones and more of them for many."""
        batch = 32 if rows < 5_000 else 128 if rows < 20_000 else 256
        return cls(batch_size=min(batch, max(4, rows // 8)), steps=3000 if rows < 5_000 else 6000)

    @property
    def rounds(self) -> int:
        """How often the rows held out are looked at."""
        return max(1, min(self.most_rounds, self.steps))


@dataclass(frozen=True, eq=False)
class Bent:
    """The trained ``network`` on raw features: straight model + ``share`` * mean of the members, as one network.

    ``train`` (rounds, members) are the members' losses in the loss's unit (y² or nats) and ``validation`` the loss of
    their mean on rows held out, the same for every member; ``best`` the round of which each member's weights were kept;
    ``epochs`` how many passes over the rows a round was.
    """

    network: Network
    share: float
    train: Array
    validation: Array
    best: Array
    stopped: str
    settings: Settings = field(default_factory=Settings)
    epochs: float = 1.0


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
) -> Bent:
    """Train the ensemble on x (n, features) and y (n,): values when ``classes`` is 0, else class numbers.

    It stands on the straight model of the same rows: for values the networks learn what that leaves over. The answer
    is straight + share * bend, with the ``share`` that the rows held out by the members ask for. Outputs are values,
    the log odds of class 1 (two classes) or one number per class before the softmax. ``deadline``
    (``time.monotonic()`` seconds) ends the training early. Members hold out rows with the same number in ``kin`` (n,)
    together. Same arguments, same bits.
    """
    settings = settings or Settings.for_rows(len(y))
    n = len(y)
    rng = np.random.default_rng([seed, 1])
    record = loss("squared" if classes == 0 else "logistic" if classes == 2 else "cross_entropy")
    scale_x = Scaler.of(x)
    base = straight(x)
    rest = y[:, None] - base if classes == 0 else y[:, None]
    scale_y = Scaler.of(rest) if classes == 0 else None
    sizes = (x.shape[1], *settings.hidden)
    layers = (
        *(Dense(a, b, settings.activation) for a, b in pairwise(sizes)),
        Dense(sizes[-1], straight.outputs),
    )
    starts = [Network(layers, seed=int(s)) for s in rng.integers(0, 2**31, settings.members)]
    targets = y if classes > 2 else (scale_y(rest) if scale_y else rest).astype(np.float32)
    learn, judge = hold_out(n, settings.members, settings.held_out, rng, y if classes else None, kin)
    each = -(-settings.steps // settings.rounds)
    columns = scale_x(x).astype(np.float32)

    def learn_on(members: Sequence[Pairs], rounds: int, seed: int, before: int = 0) -> Outcome:
        return train_stack(
            Recipe(layers, record, optimizer("adamw"), settings.batch_size, settings.decay),
            members, columns, targets, learn, judge,
            Plan(rounds, settings.rate, cosine, max(10, round(PATIENCE * rounds)), deadline, each),
            seed,
            watch=None if watch is None else _watcher(watch, before, settings.rounds),
            judge=_judge(record, settings.members),
        )  # fmt: skip

    outcome = learn_on([net.arrays for net in starts], settings.rounds, seed)
    if classes == 0 and outcome.stopped != "deadline" and _least(outcome) < CLEAN:
        outcome = _better(outcome, learn_on(outcome.members, MORE * settings.rounds, seed + 1, settings.rounds))
    if watch is not None:
        watch(settings.rounds, settings.rounds)
    members = _folded(starts, outcome, scale_x, scale_y)
    bends = [net(x[rows]) - (0 if classes == 0 else base[rows]) for net, rows in zip(members, judge, strict=True)]
    rows = paired(judge)[0]
    share = share_of_bend(base[rows], paired(np.stack(bends)), y[rows], classes, settings.members)
    # for classes the networks answer the whole, not the rest: straight + share (net - straight)
    under = straight if classes == 0 else _times(straight, 1 - share)
    whole = add_straight(mean_network(members), under, share)
    unit = float(scale_y.size[0] ** 2) if scale_y else 1.0
    assert outcome.validation is not None
    return Bent(
        whole, share, outcome.train * unit, outcome.validation * unit, outcome.best, outcome.stopped, settings,
        each * settings.batch_size / learn.shape[1],
    )  # fmt: skip


def share_of_bend(base: Array, bends: Array, y: Array, classes: int, members: int = 1) -> float:
    """How much of the bend to add to the straight outputs ``base`` (n, k), 0 … 1, by the losses of rows held out.

    ``bends`` (2, n, k), or (1, n, k), are those of members that had no part in the rows; the losses are those that
    ``members`` would have together. The best share where it beats 0 by ``SURE`` standard errors of the rows'
    differences; otherwise the least share within one standard error of the best (Breiman et al. 1984): where rows do
    not show that bending helps, the answer stays straight.
    """
    shares = np.linspace(0.0, 1.0, 41)

    def row_by_row(outputs: Array) -> Array:
        flat = outputs.reshape(-1, outputs.shape[-1])
        return row_losses(flat, np.resize(y, len(flat)), classes).reshape(outputs.shape[:-1])

    losses = np.stack([ensemble_losses(base + s * bends, row_by_row, members) for s in shares])
    best = int(losses.mean(axis=1).argmin())
    more = losses - losses[best]
    error = more.std(axis=1, ddof=1) / np.sqrt(len(y)) if len(y) > 1 else np.full(len(shares), np.inf)
    if more[0].mean() > SURE * error[0]:
        return float(shares[best])
    return float(shares[np.argmax(more.mean(axis=1) <= error)])


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


def _watcher(watch: Watch, before: int, rounds: int) -> Callable[[int, Array, Array | None, Stack], None]:
    """Tells all rounds but the last: nobody knows beforehand which one that will be."""

    def tell(done: int, losses: Array, held_out: Array | None, stack: Stack) -> None:
        reached = min(before + done + 1, rounds - 1)
        if reached > 0:
            watch(reached, rounds)

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


def _folded(starts: Sequence[Network], outcome: Outcome, scale_x: Scaler, scale_y: Scaler | None) -> list[Network]:
    """The members on raw features, in float64: raw columns may be large next to their spread."""
    return [
        fold(Network.from_arrays(pairs, [layer.activation for layer in net.layers], "float64"), scale_x, scale_y)
        for net, pairs in zip(starts, outcome.members, strict=True)
    ]
