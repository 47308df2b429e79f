"""`compare_texts`: constant, bag of words, n-grams and a network on top of them, on the same held-out rows."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from ...arrays import Array
from ...threads import parallel_for, thread_count
from ..blending import choose_correction_weight
from ..compare import Comparison
from ..folds import Fold
from ..scores import constant_output, row_losses
from .bend_network import BendSettings
from .text_fold import TextFold, TextTable


@dataclass(frozen=True, eq=False)
class TextComparison:
    """The folds of a cross-validation and their losses, in the target's unit.

    ``comparison`` has the constant, the straight model (n-grams and the other columns) and the network on top of it;
    ``bag`` (folds,) are the losses of the straight model of words alone. ``epochs[k]`` and ``weights[k]`` are what the
    other folds chose for fold k's network; ``epoch`` and ``weight`` what all of them choose.
    """

    comparison: Comparison
    bag: Array
    folds: tuple[TextFold, ...]
    epochs: tuple[int, ...]
    weights: tuple[float, ...]
    epoch: int
    weight: float


def compare_texts(
    table: TextTable,
    folds: Sequence[Fold],
    settings: BendSettings,
    *,
    deadline: float | None = None,
    watch: Callable[[int, float], None] | None = None,
) -> TextComparison:
    """Fit every fold, on several threads, and compare the models on the rows that each held out.

    Each fold has its part of the time until the ``deadline`` (``time.monotonic()`` seconds).
    """
    began = time.monotonic()
    target, count = table.target, len(folds)
    threads = thread_count()
    found: dict[int, TextFold] = {}

    def fit(k: int) -> None:
        own = None
        if deadline is not None:
            rounds = -(-(count - k) // threads)
            own = time.monotonic() + max(0.0, deadline - time.monotonic()) / max(1, rounds)
        found[k] = TextFold.fit(table, folds[k], settings, table.seed * 1000 + k, own)
        if watch is not None:
            watch(0, len(found) / count)

    classes = len(target.classes)
    parallel_for(fit, count, len(table.x) * 1000)
    fitted = tuple(found[k] for k in range(count))
    done = min(len(fold.losses) for fold in fitted)
    epochs = tuple(_best_epoch([fold for fold in fitted if fold is not own], done) for own in fitted)
    weights = tuple(
        _weight(table, [fold for fold in fitted if fold is not own], epoch)
        for own, epoch in zip(fitted, epochs, strict=True)
    )
    comparison = Comparison.empty(len(table.x), classes)
    comparison.folds = count
    comparison.ratio = float(np.mean([len(test) / len(train) for train, test in folds]))
    comparison.add(*_scored(table, fitted, epochs, weights))
    comparison.seconds.append(time.monotonic() - began)
    comparison.training_seconds.append(float("nan"))
    comparison.completed.append(done / settings.epochs)
    epoch = _best_epoch(fitted, done)
    return TextComparison(
        comparison=comparison,
        bag=np.array([_loss(table, fold, fold.bag.output[fold.rows[1]]) for fold in fitted]) * target.unit**2,
        folds=fitted,
        epochs=epochs,
        weights=weights,
        epoch=epoch,
        weight=_weight(table, fitted, epoch),
    )


def _scored(
    table: TextTable, folds: Sequence[TextFold], epochs: Sequence[int], weights: Sequence[float]
) -> tuple[dict[str, Array], Array]:
    """Held-out outputs (n, k) by model, in the target's unit, and losses (folds, 3)."""
    target, classes = table.target, len(table.target.classes)
    shape = (len(table.x), 1 if classes in (0, 2) else classes)
    outputs = {name: np.full(shape, np.nan) for name in ("constant", "linear", "network")}
    losses = np.empty((len(folds), 3))
    for k, fold in enumerate(folds):
        train, test = fold.rows
        outputs["constant"][test] = constant_output(target.y[train], classes)
        outputs["linear"][test] = fold.order.output[test]
        outputs["network"][test] = fold.order.output[test] + weights[k] * fold.corrections[epochs[k]]
        losses[k] = [_loss(table, fold, output[test]) for output in outputs.values()]
    if not classes:
        outputs = {name: output * target.unit + target.centre for name, output in outputs.items()}
    return outputs, losses * target.unit**2


def _loss(table: TextTable, fold: TextFold, output: Array) -> float:
    """The mean loss of outputs (test rows, k) of a fold's test rows, in the unit of the fitted target."""
    return float(row_losses(output, table.target.y[fold.rows[1]], len(table.target.classes)).mean())


def _best_epoch(folds: Sequence[TextFold], done: int) -> int:
    """The epoch with the least mean loss of these folds' test rows."""
    return int(np.mean([fold.held_out[:done] for fold in folds], axis=0).argmin())


def _weight(table: TextTable, folds: Sequence[TextFold], epoch: int) -> float:
    """The weight of the correction that these folds' test rows choose."""
    rows = np.concatenate([fold.rows[1] for fold in folds])
    base = np.concatenate([fold.order.output[fold.rows[1]] for fold in folds])
    corrections = np.concatenate([fold.corrections[epoch] for fold in folds])
    return choose_correction_weight(base, corrections, table.target.y[rows], len(table.target.classes))[0]
