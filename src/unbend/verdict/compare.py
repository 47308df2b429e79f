"""`compare`: repeated cross-validation of constant, linear, network and optional models; held-out losses per fold.

All models are compared on the same held-out rows, with all preprocessing inside each fold.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np

from .. import log
from ..arrays import Array
from ..data import Encoder, Problem
from ..data.far_values import far_rows
from .folds import Splitter
from .linear_model import fit_linear
from .network_model import NetworkModel, Watch, fit_network
from .scores import constant_output, row_losses
from .settings import Settings

MODELS = ("constant", "linear", "network")
ENOUGH = 0.5  # of the recipe's minibatches: a network trained for fewer says nothing about what a network could gain
FIRST_CHECK = 5  # folds after which the answer may be clear, before the first repeat is complete


@dataclass(frozen=True)
class ExtraModel:
    """A model compared beside the three: ``predict`` gives (test rows, outputs) from (training rows, test rows)."""

    name: str
    predict: Callable[[Array, Array], Array]


@dataclass
class Comparison:
    """Mean held-out losses (folds, models) of constant, linear and network model, and their held-out outputs.

    `ExtraModel`s may follow the three. ``outputs[model]`` (rows, k) are the first repeat's held-out outputs, NaN for
    rows that were not reached; ``ratio`` is test rows / training rows of a fold, for the corrected test. ``repeats``
    counts the complete ones, of ``folds`` each. Each fold took ``fold_seconds``; without a deadline it would have
    taken ``fixed_seconds`` and, for the networks' minibatches, ``round_seconds`` (NaN where that is unknown), and
    ``completed`` is the fraction of its minibatches that there was time for. ``steps_fraction`` is the fraction of the
    recipe's minibatches that the budget had let it plan; ``far_target`` says that the target has values far outside
    all others, which decide means of squared errors.
    """

    ratio: float
    losses: Array = field(default_factory=lambda: np.empty((0, 3)))
    outputs: dict[str, Array] = field(default_factory=dict)
    repeats: int = 0
    folds: int = 0
    out_of_time: bool = False
    fold_seconds: list[float] = field(default_factory=list)
    fixed_seconds: list[float] = field(default_factory=list)
    round_seconds: list[float] = field(default_factory=list)
    completed: list[float] = field(default_factory=list)
    steps_fraction: float = 1.0
    far_target: bool = False
    models: tuple[str, ...] = MODELS

    @classmethod
    def empty(cls, problem: Problem, *extra: str) -> Comparison:
        """Before the first fold; ``extra`` are the names of further models."""
        classes, models = len(problem.classes), (*MODELS, *extra)
        shape = (problem.rows, 1 if classes in (0, 2) else classes)
        outputs = {model: np.full(shape, np.nan) for model in models}
        return cls(ratio=np.nan, losses=np.empty((0, len(models))), outputs=outputs, models=models)

    def add(
        self, losses: Sequence[float] | Array, seconds: float, fixed: float, rounds: float, completed: float
    ) -> None:
        """Append a fold: mean held-out losses (models,) and one number of each list."""
        self.losses = np.vstack([self.losses, losses])
        self.fold_seconds.append(seconds)
        self.fixed_seconds.append(fixed)
        self.round_seconds.append(rounds)
        self.completed.append(completed)

    @property
    def trained(self) -> float:
        """The mean fraction of the recipe's minibatches that the networks were trained on, 0 … 1."""
        return self.steps_fraction * float(np.mean(self.completed)) if self.completed else self.steps_fraction

    @property
    def folds_missing(self) -> bool:
        """Whether the deadline came before the first repeat was complete."""
        return self.out_of_time and self.repeats == 0

    @property
    def is_cut(self) -> bool:
        """Whether time was too short for the absence of a gain to mean anything: folds are missing, or the networks
        were trained for less than ``ENOUGH`` of their minibatches."""  # fmt: skip
        return self.folds_missing or self.trained < ENOUGH

    def of(self, model: str) -> Array:
        """The model's held-out loss in each fold, (folds,)."""
        losses: Array = self.losses[:, self.models.index(model)]
        return losses

    def mean(self, model: str) -> float:
        """The model's mean held-out loss."""
        return float(self.of(model).mean())


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
    extra: Sequence[ExtraModel] = (),
    steps_fraction: float = 1.0,
    resumed: Comparison | None = None,
    after_fold: Callable[[Comparison], None] | None = None,
) -> Comparison:
    """Repeated cross-validation; after ``FIRST_CHECK`` folds and after each repeat ``stop`` decides whether to end.

    Each fold fits the encoder, the linear and the network model on its training rows alone and scores both on the same
    held-out rows.

    Parameters
    ----------
    problem : Problem
    splitter : Splitter, optional
        Which rows are held out together or come later; with times there is one repeat, and no check before its end.
    seed, folds, max_repeats : int
        Seed of splits and training; folds per repeat; the most repeats.
    stop : callable
        Called with the comparison so far; True ends it.
    settings : Settings, optional
        Of the network's training.
    deadline : float, optional
        ``time.monotonic()`` seconds; ends it before a fold that would leave no time for the fold and for a final
        training, judged by the longest so far.
    watch : callable, optional
        Called with (repeat, fold, fraction of the fold done).
    extra : sequence of ExtraModel, default ()
        Further models.
    steps_fraction : float, default 1
        The fraction of the recipe's minibatches in ``settings``.
    resumed : Comparison, optional
        The folds of an interrupted comparison, which are used unchanged.
    after_fold : callable, optional
        Called with the comparison after each new fold.

    Returns
    -------
    Comparison
    """
    splitter = splitter or Splitter.of(problem)
    folds = splitter.fold_count(folds)
    result = Comparison.empty(problem, *(model.name for model in extra))
    sizes = [len(test) / len(train) for train, test in splitter.split(folds, [seed, 0])]
    result.ratio, result.folds, result.steps_fraction = float(np.mean(sizes)), folds, steps_fraction
    result.far_target = not problem.classes and len(far_rows(problem.y)) > 0
    if resumed is not None:
        result.outputs = resumed.outputs
    for repeat in range(1 if splitter.one_repeat(folds) else max_repeats):
        for fold, (train, test) in enumerate(splitter.split(folds, [seed, repeat])):
            done = len(result.losses)
            if resumed is not None and done < len(resumed.losses):
                result.add(
                    resumed.losses[done],
                    resumed.fold_seconds[done],
                    resumed.fixed_seconds[done],
                    resumed.round_seconds[done],
                    resumed.completed[done],
                )
            else:
                began = time.monotonic()
                if deadline is not None and began + 2 * max(result.fold_seconds, default=0.0) > deadline and done > 1:
                    result.out_of_time = True
                    return result
                outputs, training = _fold_outputs(
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
                fixed = max(0.0, seconds - training.time.elapsed) + training.time.fixed
                result.add(losses, seconds, fixed, training.time.rounds, training.completed)
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
    extra: Sequence[ExtraModel],
) -> tuple[dict[str, Array], NetworkModel]:
    """({model: (test rows, outputs)} of all models fitted on the training rows, the network model)."""
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
    further = {model.name: model.predict(train, test) for model in extra}
    return {"constant": constant, **outputs, **further}, network_model


def _features(encoder: Encoder, problem: Problem, rows: Array) -> Array:
    """The encoded rows; one column of zeros where no column varies in this fold."""
    x = encoder.transform(problem, rows)
    return x if x.shape[1] else np.zeros((len(rows), 1))


def _fold_watch(watch: Callable[[int, int, float], None] | None, repeat: int, fold: int) -> Watch | None:
    return None if watch is None else lambda done, planned: watch(repeat, fold, done / planned)


def _training_seed(seed: int, repeat: int, fold: int) -> int:
    """A different seed for every training, derived from the user's."""
    return int(np.random.SeedSequence([seed, repeat, fold]).generate_state(1)[0])
