"""`train_on_stream`: the networks of a table that does not fit into memory, trained on all its rows in turn.

The recipe is that of a table in memory (`fit_folds`): a correction to the linear model, by networks of the columns
alone and of their piecewise linear encoding, annealed once held-out rows show no more gain. Cuts and scales come from a
sample; each round's rows are drawn from a shuffle buffer over all shards, and weights and optimizer state go on from
one round to the next.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from ..arrays import Array
from ..network import Network, Scaler
from ..network.merge import mean_network
from ..verdict.blending import choose_correction_weight, choose_encoded_weight
from ..verdict.fold_training import FoldData, KindTraining, Watch, anneal
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
    stream = _Stream.begin(first, sample, held_out, classes=classes, linear=linear, settings=settings, seed=seed)
    pace = anneal(
        stream.data,
        stream.kinds,
        settings,
        planned,
        PATIENCE,
        deadline=deadline,
        watch=watch,
        next_rows=lambda: stream.take(draw(size)),
    )
    new, losses = stream.judged(linear, network)
    if not losses[1] < losses[0]:
        return StreamTraining(network, stream.rows, "not_better", losses)
    patient = all(kind.stopped == "patience" for kind in stream.kinds)
    return StreamTraining(new, stream.rows, "budget" if pace.cut else "no_gain" if patient else "all_rows", losses)


@dataclass(eq=False)
class _Stream:
    """The networks in training: rows held out first, then those of the buffer, which `take` replaces by the next ones.

    Each member sees the same rows in an order of its own; the "folds" of ``data`` differ in nothing else. ``targets``
    (n, 1) are those that all members share. ``rows`` were read.
    """

    data: FoldData
    kinds: list[KindTraining]
    targets: Array
    linear: Network
    held_out: Rows
    rows: int

    @classmethod
    def begin(
        cls, first: Rows, sample: Rows, held_out: Rows, *, classes: int, linear: Network, settings: Settings, seed: int
    ) -> _Stream:
        """With the rows of the first round."""
        x, y = (np.concatenate(pair) for pair in zip(held_out, first, strict=True))
        count = len(held_out[1])
        scale = None if classes else Scaler.of(sample[1][:, None] - linear(sample[0]))
        targets = _targets(x, y, classes, linear, scale)
        data = FoldData(
            y=y,
            classes=classes,
            folds=[(np.arange(count, len(y)), np.arange(count))] * settings.members,
            base=[linear(held_out[0])] * settings.members,
            targets=targets if scale is None else np.broadcast_to(targets, (settings.members, *targets.shape)),
            scales=None if scale is None else [scale] * settings.members,
        )
        kinds = KindTraining.begin_all(data, x, encodings(sample[0], settings), settings, seed)
        return cls(data, kinds, targets, linear, held_out, len(first[1]))

    def take(self, rows: Rows | None) -> bool:
        """Put the next rows in place of the last ones; False where there are none.

        Of the rounds that were, only each kind's best one is kept.
        """
        for kind in self.kinds:
            for r in range(len(kind.weights)):
                if r != kind.best:
                    kind.weights[r], kind.outputs[r] = [], np.empty(0)
        if rows is None:
            return False
        x, y = rows
        own = slice(len(self.held_out[1]), len(self.held_out[1]) + len(y))
        scale = None if self.data.scales is None else self.data.scales[0]
        self.data.y[own], self.targets[own] = y, _targets(x, y, self.data.classes, self.linear, scale)
        new, features = self.kinds[-1].encoding.binned(x), self.kinds[-1].features
        assert features is not None
        features.columns[own], features.bins[own], features.position[own] = new.columns, new.bins, new.position
        self.rows += len(y)
        return True

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
