"""`compare_texts`: constant, bag of words, n-grams and a network on top of them, on the same held-out rows."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from ...arrays import Array
from ...data.far_values import far_rows
from ...threads import parallel_for, thread_count
from ..blending import choose_correction_weight
from ..compare import Comparison
from ..folds import Fold
from ..scores import constant_output, row_losses
from .bend_network import BendSettings
from .text_fold import TextFold, TextTable


@dataclass(frozen=True, eq=False)
class TextComparison:
    """Cross-validations, one or more, and their losses, in the target's unit.

    ``comparison`` has the constant, the straight model (n-grams and the other columns) and the network on top of it;
    ``bag`` (folds,) are the losses of the straight model of words alone. The models are those of the first
    cross-validation's ``folds``: ``rounds[k]`` and ``weights[k]`` are what the other folds chose for fold k's network;
    ``round`` and ``weight`` what all of them choose.
    """

    comparison: Comparison
    bag: Array
    folds: tuple[TextFold, ...]
    rounds: tuple[int, ...]
    weights: tuple[float, ...]
    round: int
    weight: float


def compare_texts(
    table: TextTable,
    splits: Sequence[Sequence[Fold]],
    settings: BendSettings,
    *,
    stop: Callable[[Comparison], bool],
    deadline: float | None = None,
    watch: Callable[[int, float], None] | None = None,
) -> TextComparison:
    """One cross-validation after another, until ``stop`` says that the losses so far tell.

    Parameters
    ----------
    table : TextTable
    splits : sequence of sequence of Fold
        The folds of each cross-validation.
    settings : BendSettings
    stop : callable
        Called with the comparison so far.
    deadline : float, optional
        Of ``time.monotonic()``. Each fold has its part of the time, and no further cross-validation begins that would
        not end in time.
    watch : callable, optional
        Called with the number of cross-validations done and the fraction of the present one.
    """
    first: TextComparison | None = None
    for folds in splits:
        began = time.monotonic()
        if first is not None:
            comparison = first.comparison
            if stop(comparison):
                break
            if deadline is not None and began + 1.1 * max(comparison.seconds) > deadline:
                comparison.out_of_time = True
                break
        first = _added(first, _cross_validated(table, folds, settings, first, deadline, watch), began)
    assert first is not None
    return first


def _added(first: TextComparison | None, new: TextComparison, began: float) -> TextComparison:
    """The first cross-validation with the losses of a new one."""
    new.comparison.seconds.append(time.monotonic() - began)
    new.comparison.training_seconds.append(float("nan"))
    return new if first is None else replace(first, bag=np.concatenate([first.bag, new.bag]))


def _cross_validated(
    table: TextTable,
    folds: Sequence[Fold],
    settings: BendSettings,
    first: TextComparison | None,
    deadline: float | None,
    watch: Callable[[int, float], None] | None,
) -> TextComparison:
    """Fit every fold, on several threads; the losses are added to those of the ``first`` cross-validation."""
    target, count, classes = table.target, len(folds), len(table.target.classes)
    comparison = Comparison.empty(len(table.x), classes) if first is None else first.comparison
    repeat, threads = comparison.repeats, thread_count()
    found: dict[int, TextFold] = {}

    def fit(k: int) -> None:
        own = None
        if deadline is not None:
            rounds = -(-(count - k) // threads)
            own = time.monotonic() + max(0.0, deadline - time.monotonic()) / max(1, rounds)
        found[k] = TextFold.fit(table, folds[k], settings, table.seed * 1000 + repeat * count + k, own)
        if watch is not None:
            watch(repeat, len(found) / count)

    parallel_for(fit, count, len(table.x) * 1000)
    fitted = tuple(found[k] for k in range(count))
    done = min(len(fold.losses) for fold in fitted)
    others = [[fold for fold in fitted if fold is not own] for own in fitted]
    rounds = tuple(_best_round(some, done) for some in others)
    weights = [_weights(table, some, number) for some, number in zip(others, rounds, strict=True)]
    comparison.folds = count
    comparison.far_target = not classes and len(far_rows(target.y)) > 0
    comparison.ratio = float(np.mean([len(test) / len(train) for train, test in folds]))
    outputs, losses = _scored(table, fitted, rounds, [chosen for chosen, _ in weights])
    comparison.add(outputs, losses, _scored(table, fitted, rounds, [best for _, best in weights])[1][:, 2])
    comparison.completed.append(min(fold.training.completed for fold in fitted))
    number = _best_round(fitted, done)
    return TextComparison(
        comparison=comparison,
        bag=np.array([_loss(table, fold, fold.bag.output[fold.rows[1]]) for fold in fitted]) * target.unit**2,
        folds=fitted,
        rounds=rounds,
        weights=tuple(chosen for chosen, _ in weights),
        round=number,
        weight=_weights(table, fitted, number)[0],
    )


def _scored(
    table: TextTable, folds: Sequence[TextFold], rounds: Sequence[int], weights: Sequence[float]
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
        outputs["network"][test] = fold.order.output[test] + weights[k] * fold.corrections[rounds[k]]
        losses[k] = [_loss(table, fold, output[test]) for output in outputs.values()]
    if not classes:
        outputs = {name: output * target.unit + target.centre for name, output in outputs.items()}
    return outputs, losses * target.unit**2


def _loss(table: TextTable, fold: TextFold, output: Array) -> float:
    """The mean loss of outputs (test rows, k) of a fold's test rows, in the unit of the fitted target."""
    return float(row_losses(output, table.target.y[fold.rows[1]], len(table.target.classes)).mean())


def _best_round(folds: Sequence[TextFold], done: int) -> int:
    """The round with the least mean loss of these folds' test rows."""
    return int(np.mean([fold.held_out[:done] for fold in folds], axis=0).argmin())


def _weights(table: TextTable, folds: Sequence[TextFold], number: int) -> tuple[float, float]:
    """The weight of the correction that these folds' test rows choose, and the one that is best on them."""
    rows = np.concatenate([fold.rows[1] for fold in folds])
    base = np.concatenate([fold.order.output[fold.rows[1]] for fold in folds])
    corrections = np.concatenate([fold.corrections[number] for fold in folds])
    return choose_correction_weight(base, corrections, table.target.y[rows], len(table.target.classes))
