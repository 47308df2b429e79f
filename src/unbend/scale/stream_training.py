"""`train_on_stream`: the networks of a table that does not fit into memory, trained on all its rows in turn.

The recipe is that of a table in memory (`fit_folds`): a correction to the linear model, by networks of the columns
alone and of their piecewise linear encoding, annealed once held-out rows show no more gain. Cuts and scales come from a
sample; each round's rows are drawn from a shuffle buffer over all shards, and weights and optimizer state go on from
one round to the next.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from ..arrays import Array
from ..engine import BinnedRows
from ..network import Network, Scaler
from ..network.merge import mean_network
from ..verdict.blending import choose_correction_weight, choose_encoded_weight
from ..verdict.fold_training import Watch, anneal, minibatches_per_round
from ..verdict.kind_training import FoldData, KindTraining
from ..verdict.member_rounds import TaskMap, TrainingRounds
from ..verdict.network_model import encodings, merged
from ..verdict.scores import row_losses
from ..verdict.settings import Settings
from .shuffle_buffer import Rows

ROUNDS = 120  # in all rows, if each is short enough for the memory
PATIENCE = 0.1  # rounds without improvement, as a fraction of all

Reason = Literal["all_rows", "no_gain", "budget", "not_better"]


@dataclass(frozen=True, eq=False)
class StreamTraining:
    """The better ``network`` of the two, and why the training ended.

    ``reason``: "all_rows" were read; held-out rows showed "no_gain" from more; the "budget" was used; or the new
    network was "not_better" than the sample's, which then stays. ``rows`` were trained on; ``losses`` are the mean
    held-out losses of the sample's network and of the new one, on rows that chose nothing.
    """

    network: Network
    rows: int
    reason: Reason
    losses: tuple[float, float]


def train_on_stream(
    draw: Callable[[int], Rows | None],
    rows: int,
    *,
    sample: Rows,
    held_out: Rows,
    classes: int,
    linear: Network,
    network: Network,
    seed: int,
    settings: Settings | None = None,
    most_rows: int = 1 << 18,
    deadline: float | None = None,
    watch: Watch | None = None,
    task_map: TaskMap | None = None,
) -> StreamTraining:
    """Train the recipe's networks on rows as they are drawn, and keep them if they beat the sample's on held-out rows.

    Parameters
    ----------
    draw : callable
        ``draw(n)`` gives n more rows, x (n, features) not scaled and y (n,), in random order; fewer at the end, then
        None. None of them is held out.
    rows : int
        How many there are to be drawn.
    sample : (x, y)
        Rows in memory, for cuts and scales.
    held_out : (x, y)
        Rows by which rounds and weights are chosen and the result is judged, by one half each.
    classes : int
        0 for values.
    linear, network : Network
        The linear model, which is corrected, and the sample's network, both of features.
    seed : int
        Same arguments and same draws, same bits.
    settings : Settings, optional
        By default those for so many rows.
    most_rows : int
        Rows of one round, at most: what is in memory.
    deadline : float, optional
        ``time.monotonic()`` seconds at which the training ends early.
    watch : callable, optional
        Called with (rounds done, rounds planned).
    task_map : TaskMap, optional
        Makes a task of each member's rounds, with as many rounds' rows as ``most_rows`` holds; same bits.

    Returns
    -------
    StreamTraining
    """
    settings = settings or Settings.for_rows(rows)
    size = min(most_rows, max(8 * settings.batch_size, -(-rows // ROUNDS)))
    first = draw(size)
    if first is None:
        return StreamTraining(network, 0, "all_rows", (np.nan, np.nan))
    planned, size = max(1, -(-rows // size)), len(first[1])
    settings = replace(settings, max_rounds=planned, steps=planned * -(-size // settings.batch_size))
    stream = _Stream.begin(
        draw, first, sample, held_out, classes=classes, linear=linear, settings=settings, seed=seed, rounds=planned
    )
    pace = anneal(
        stream.data,
        stream.kinds,
        settings,
        planned,
        PATIENCE,
        supply=lambda most: stream.supply(min(most, max(1, most_rows // size)), size),
        deadline=deadline,
        watch=watch,
        task_map=task_map,
    )
    new, losses = stream.judged(linear, network)
    if not losses[1] < losses[0]:
        return StreamTraining(network, stream.rows, "not_better", losses)
    patient = all(kind.stopped == "patience" for kind in stream.kinds)
    return StreamTraining(new, stream.rows, "budget" if pace.cut else "no_gain" if patient else "all_rows", losses)


@dataclass(eq=False)
class _Stream:
    """The networks in training, and the rows of the next rounds.

    Each member sees the same rows in an order of its own; the "folds" of ``data``, the held-out rows and the first
    round's, differ in nothing else. ``waiting`` is the first round's until it is trained; ``rows`` were trained on.
    """

    draw: Callable[[int], Rows | None]
    waiting: Rows | None
    data: FoldData
    kinds: list[KindTraining]
    linear: Network
    held_out: Rows
    minibatches: int
    rounds: int
    rows: int = 0

    @classmethod
    def begin(
        cls,
        draw: Callable[[int], Rows | None],
        first: Rows,
        sample: Rows,
        held_out: Rows,
        *,
        classes: int,
        linear: Network,
        settings: Settings,
        seed: int,
        rounds: int,
    ) -> _Stream:
        """Before the first round."""
        x, y = (np.concatenate(pair) for pair in zip(held_out, first, strict=True))
        count = len(held_out[1])
        scale = None if classes else Scaler.of(sample[1][:, None] - linear(sample[0]))
        targets = _targets(x, y, classes, linear, scale)
        fold = np.arange(count, len(y)), np.arange(count)
        data = FoldData(
            y=y,
            classes=classes,
            folds=[fold] * settings.members,
            base=[linear(held_out[0])] * settings.members,
            targets=targets if scale is None else np.broadcast_to(targets, (settings.members, *targets.shape)),
            scales=None if scale is None else [scale] * settings.members,
        )
        kinds = KindTraining.begin_all(data, x, encodings(sample[0], settings), settings, seed)
        for kind in kinds:
            kind.features = None
        return cls(draw, first, data, kinds, linear, held_out, minibatches_per_round(settings), rounds)

    def supply(self, most: int, size: int) -> tuple[TrainingRounds, int] | None:
        """The rows of the next rounds, at most so many, each of ``size`` rows; None where there are no more.

        Of the rounds that were, only each kind's best one is kept.
        """
        for kind in self.kinds:
            for r in range(len(kind.weights)):
                if r != kind.best:
                    kind.weights[r], kind.outputs[r] = [], np.empty(0)
        parts: list[Rows] = []
        while len(parts) < most and (rows := self.waiting or self.draw(size)) is not None:
            parts.append(rows)
            self.waiting = None
        return (self._training(parts), len(parts)) if parts else None

    def _training(self, parts: Sequence[Rows]) -> TrainingRounds:
        x, y = (np.concatenate(arrays) if len(parts) > 1 else arrays[0] for arrays in zip(*parts, strict=True))
        self.rows += len(y)
        ends = np.cumsum([len(own) for _, own in parts])
        members, scale = len(self.data.folds), None if self.data.scales is None else self.data.scales[0]
        features = self.kinds[-1].encoding.binned(x)
        return TrainingRounds(
            recipes=tuple(kind.recipe for kind in self.kinds),
            features=tuple(
                features if kind.encoding.has_bins else BinnedRows.of_columns(features.columns) for kind in self.kinds
            ),
            held_out=tuple(kind.held_out for kind in self.kinds),
            targets=_targets(x, y, self.data.classes, self.linear, scale),
            rows=[[np.arange(end - len(own), end)] * members for end, (_, own) in zip(ends, parts, strict=True)],
            minibatches=self.minibatches,
            calls=self.rounds * members,
        )

    def judged(self, linear: Network, network: Network) -> tuple[Network, tuple[float, float]]:
        """The new network, and the losses of ``network`` and of it; one half of the held-out rows chose the weights."""
        (x, y), classes, kinds, base = self.held_out, self.data.classes, self.kinds, self.data.base[0]
        plain, encoded = (self._correction(kind) for kind in (kinds[0], kinds[-1]))
        chosen, judged = slice(0, None, 2), slice(1, None, 2)
        encoded_weight = 0.5
        if kinds[-1].encoding.has_bins:
            encoded_weight = choose_encoded_weight(base[chosen], plain[chosen], encoded[chosen], y[chosen], classes)
        correction = (1 - encoded_weight) * plain + encoded_weight * encoded
        weight, _ = choose_correction_weight(base[chosen], correction[chosen], y[chosen], classes)
        outputs = network(x[judged]), (base + weight * correction)[judged]
        before, after = (float(row_losses(output, y[judged], classes).mean()) for output in outputs)
        members = range(len(self.data.folds))
        means = [mean_network([kind.network(self.data, k, kind.best) for k in members]) for kind in kinds]
        return merged(kinds, means, linear, classes, encoded_weight, weight), (before, after)

    def _correction(self, kind: KindTraining) -> Array:
        """The mean of the members' corrections (held-out rows, k) in the kind's best round."""
        outputs = kind.outputs[kind.best]
        return np.asarray(np.mean([self.data.correction(k, own) for k, own in enumerate(outputs)], axis=0))


def _targets(x: Array, y: Array, classes: int, linear: Network, scale: Scaler | None) -> Array:
    """What the networks are fitted to: standardised residuals (n, 1), 0 and 1 (n, 1), or class numbers (n,)."""
    if scale is not None:
        return scale(y[:, None] - linear(x)).astype(np.float32)
    return y[:, None].astype(np.float32) if classes == 2 else y.astype(np.int64)
