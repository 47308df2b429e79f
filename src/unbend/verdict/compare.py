"""Repeated cross-validation of both models on the same held-out rows, with all preprocessing inside each fold."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np

from .. import log
from ..arrays import Array
from ..data import Encoder, Problem
from .folds import Splitter
from .linear_model import fit_linear
from .network_model import Watch, fit_network
from .scores import constant_output, row_losses
from .settings import Settings

MODELS = ("constant", "linear", "network")
FIRST_CHECK = 5  # folds after which the answer may be clear, before the first repeat is complete


@dataclass(frozen=True)
class ExtraModel:
    """A model compared beside the three: ``predict`` gives (test rows, outputs) from (training rows, test rows)."""

    name: str
    predict: Callable[[Array, Array], Array]


@dataclass
class Comparison:
    """Mean held-out losses (folds, models) of constant, linear and network model, and their held-out outputs.

    An `ExtraModel` may follow the three. ``outputs[model]`` (rows, k) are the first repeat's held-out outputs, NaN for
    rows that were not reached; ``ratio`` is test rows / training rows of a fold, for the corrected test. ``repeats``
    counts the complete ones, of ``folds`` each; ``fold_seconds`` is what each fold took, ``uncut_seconds`` what it
    would have taken without a deadline.
    """

    ratio: float
    losses: Array = field(default_factory=lambda: np.empty((0, 3)))
    outputs: dict[str, Array] = field(default_factory=dict)
    repeats: int = 0
    folds: int = 0
    out_of_time: bool = False
    fold_seconds: list[float] = field(default_factory=list)
    uncut_seconds: list[float] = field(default_factory=list)
    models: tuple[str, ...] = MODELS

    @classmethod
    def empty(cls, problem: Problem, *extra: str) -> Comparison:
        """Before the first fold; ``extra`` are the names of further models."""
        classes, models = len(problem.classes), (*MODELS, *extra)
        shape = (problem.rows, 1 if classes in (0, 2) else classes)
        outputs = {model: np.full(shape, np.nan) for model in models}
        return cls(ratio=np.nan, losses=np.empty((0, len(models))), outputs=outputs, models=models)

    def add(self, losses: Sequence[float] | Array, seconds: float, uncut_seconds: float) -> None:
        """Append a fold: mean held-out losses (models,), seconds it took and would have taken without a deadline."""
        self.losses = np.vstack([self.losses, losses])
        self.fold_seconds.append(seconds)
        self.uncut_seconds.append(uncut_seconds)

    def of(self, model: str) -> Array:
        """The model's held-out loss in each fold, (folds,)."""
        losses: Array = self.losses[:, self.models.index(model)]
        return losses

    def mean(self, model: str) -> float:
        """The model's mean held-out loss."""
        return float(self.of(model).mean())

    @property
    def budget_needed(self) -> int:
        """Seconds that one repeat and the final training need, generously, by the folds so far."""
        needed = 1.3 * float(np.mean(self.uncut_seconds)) * (self.folds + 1) + 2
        return int(np.ceil(needed)) if needed < 20 else int(np.ceil(needed / 10) * 10)


def compare(
    problem: Problem,
    splitter: Splitter | None = None,
    *,
    seed: int,
    folds: int,
    max_repeats: int,
    stop: Callable[[Comparison], bool],
    settings: Settings | None = None,
    deadline: float | None = None,
    watch: Callable[[int, int, float], None] | None = None,
    extra: ExtraModel | None = None,
    resumed: Comparison | None = None,
    after_fold: Callable[[Comparison], None] | None = None,
) -> Comparison:
    """Repeated cross-validation; after ``FIRST_CHECK`` folds and after each repeat ``stop`` decides whether to end.

    Each fold fits the encoder, the linear and the network model on its training rows alone and scores both on the same
    held-out rows. ``deadline`` (``time.monotonic()`` seconds) ends it before a fold that would leave no time for the
    fold and for a final training, judged by the longest so far. ``watch`` is called with (repeat, fold, fraction of the
    fold done). ``splitter`` says which rows are held out together or come later; with times there is one repeat, and no
    check before its end. ``resumed`` has the folds of an interrupted comparison, which are taken as they are;
    ``after_fold`` is called after each new fold.
    """
    splitter = splitter or Splitter.of(problem)
    folds = splitter.fold_count(folds)
    result = Comparison.empty(problem, *([extra.name] if extra else []))
    sizes = [len(test) / len(train) for train, test in splitter.split(folds, [seed, 0])]
    result.ratio, result.folds = float(np.mean(sizes)), folds
    if resumed is not None:
        result.outputs = resumed.outputs
    for repeat in range(1 if splitter.one_repeat(folds) else max_repeats):
        for fold, (train, test) in enumerate(splitter.split(folds, [seed, repeat])):
            done = len(result.losses)
            if resumed is not None and done < len(resumed.losses):
                result.add(resumed.losses[done], resumed.fold_seconds[done], resumed.uncut_seconds[done])
            else:
                began = time.monotonic()
                if deadline is not None and began + 2 * max(result.fold_seconds, default=0.0) > deadline and done > 1:
                    result.out_of_time = True
                    return result
                outputs, completed = _fold_outputs(
                    problem,
                    (train, test),
                    linear_seed=seed,
                    network_seed=_training_seed(seed, repeat, fold),
                    settings=settings,
                    # a third of the remaining time at most, so that even a slow machine completes a few folds
                    deadline=None if deadline is None else began + (deadline - began) / 3,
                    watch=_fold_watch(watch, repeat, fold),
                    clusters=splitter.clusters,
                    extra=extra,
                )
                if repeat == 0:
                    for model in result.models:
                        result.outputs[model][test] = outputs[model]
                losses = [row_losses(outputs[m], problem.y[test], len(problem.classes)).mean() for m in result.models]
                seconds = time.monotonic() - began
                result.add(losses, seconds, seconds / completed)
                log.info(
                    "log.fold",
                    repeat=repeat + 1,
                    fold=fold + 1,
                    folds=folds,
                    seconds=f"{seconds:.1f}",
                    linear=f"{losses[1]:.4g}",
                    network=f"{losses[2]:.4g}",
                )
                if after_fold is not None:
                    after_fold(result)
            complete = fold == folds - 1
            result.repeats += complete
            if (complete or (len(result.losses) == FIRST_CHECK and splitter.times is None)) and stop(result):
                return result
    return result


def _fold_outputs(
    problem: Problem,
    fold: tuple[Array, Array],
    *,
    linear_seed: int,
    network_seed: int,
    settings: Settings | None,
    deadline: float | None,
    watch: Watch | None,
    clusters: Array | None,
    extra: ExtraModel | None,
) -> tuple[dict[str, Array], float]:
    """({model: (test rows, outputs)} of all models fitted on the training rows, the completed fraction of training)."""
    train, test = fold
    classes = len(problem.classes)
    encoder = Encoder.fit(problem, rows=train)
    x, x_test, y = _features(encoder, problem, train), _features(encoder, problem, test), problem.y[train]
    linear, penalty = fit_linear(x, y, classes, linear_seed)
    network_model = fit_network(
        x,
        y,
        classes,
        linear,
        network_seed,
        settings=settings,
        deadline=deadline,
        watch=watch,
        groups=None if clusters is None else clusters[train],
        penalty=penalty,
    )
    outputs = {"linear": linear(x_test), "network": network_model.network(x_test)}
    constant = np.broadcast_to(constant_output(y, classes), outputs["linear"].shape)
    further = {} if extra is None else {extra.name: extra.predict(train, test)}
    return {"constant": constant, **outputs, **further}, network_model.completed


def _features(encoder: Encoder, problem: Problem, rows: Array) -> Array:
    """The encoded rows; one column of zeros where no column varies in this fold."""
    x = encoder.transform(problem, rows)
    return x if x.shape[1] else np.zeros((len(rows), 1))


def _fold_watch(watch: Callable[[int, int, float], None] | None, repeat: int, fold: int) -> Watch | None:
    return None if watch is None else lambda done, planned: watch(repeat, fold, done / planned)


def _training_seed(seed: int, repeat: int, fold: int) -> int:
    """A different seed for every training, derived from the user's."""
    return int(np.random.SeedSequence([seed, repeat, fold]).generate_state(1)[0])
