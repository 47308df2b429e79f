"""`compare`: repeated cross-validation of constant, linear, network and optional models; held-out losses per fold.

All models are compared on the same held-out rows. Everything that depends on the target is fitted to a fold's training
rows; only the encoding (medians, levels, bins), which does not, is that of all rows.
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
from ..network import Network
from .folds import Fold, Splitter
from .linear_model import fit_linear, fit_linear_folds
from .member_rounds import TaskMap
from .network_model import FoldNetworks, NetworkModel, fit_folds
from .plan import TRAINING_TIME
from .scores import constant_output, row_losses
from .settings import Settings
from .training_memory import TrainingMemory

MODELS = ("constant", "linear", "network")
EXACT = 1e-12  # of the constant's loss
ENOUGH = 0.5  # of the recipe's minibatches: a network trained for fewer says nothing about what a network could gain


@dataclass(frozen=True)
class ExtraModel:
    """A model compared beside the three: ``predict`` gives (test rows, outputs) from (training rows, test rows)."""

    name: str
    predict: Callable[[Array, Array], Array]


@dataclass
class Comparison:
    """Mean held-out losses (folds, models) of constant, linear and network model, and their held-out outputs.

    `ExtraModel`s may follow the three. ``outputs[model]`` (rows, k) are the held-out outputs, their mean over the
    ``repeats``, of ``folds`` each; NaN for rows that are never held out. ``ratio`` is test rows / training rows of a
    fold, for the corrected test. ``training`` is the network model that the first repeat's networks make up. Each
    repeat took ``seconds`` besides its training, ``training_seconds`` with all minibatches of the plan (NaN where that
    is unknown), and ``completed`` is the fraction of these that there was time for. ``steps_fraction`` is the fraction
    of the recipe's minibatches that the budget had let it plan; ``out_of_time`` says that further repeats were not made
    for want of time, ``far_target`` that the target has values far outside all others, which decide means of squared
    errors. ``unshrunk`` (folds,) are the network model's losses with as much correction as is best in the other folds,
    though their rows may not show that it helps.
    """

    ratio: float
    losses: Array = field(default_factory=lambda: np.empty((0, 3)))
    outputs: dict[str, Array] = field(default_factory=dict)
    repeats: int = 0
    folds: int = 0
    out_of_time: bool = False
    seconds: list[float] = field(default_factory=list)
    training_seconds: list[float] = field(default_factory=list)
    completed: list[float] = field(default_factory=list)
    steps_fraction: float = 1.0
    far_target: bool = False
    unshrunk: Array = field(default_factory=lambda: np.empty(0))
    models: tuple[str, ...] = MODELS
    training: NetworkModel | None = None

    @classmethod
    def empty(cls, rows: int, classes: int, *extra: str) -> Comparison:
        """Before the first fold; ``extra`` are the names of further models."""
        models = (*MODELS, *extra)
        shape = (rows, 1 if classes in (0, 2) else classes)
        outputs = {model: np.full(shape, np.nan) for model in models}
        return cls(ratio=np.nan, losses=np.empty((0, len(models))), outputs=outputs, models=models)

    @property
    def trained(self) -> float:
        """The mean fraction of the recipe's minibatches that the networks were trained on, 0 … 1."""
        return self.steps_fraction * float(np.mean(self.completed)) if self.completed else self.steps_fraction

    @property
    def is_cut(self) -> bool:
        """Whether the networks were trained for less than ``ENOUGH`` of their minibatches, so that the absence of a
        gain means nothing."""  # fmt: skip
        return self.trained < ENOUGH

    @property
    def linear_is_exact(self) -> bool:
        """Whether the linear model leaves nothing but rounding."""
        return self.mean("linear") <= EXACT * self.mean("constant")

    def of(self, model: str) -> Array:
        """The model's held-out loss in each fold, (folds,)."""
        losses: Array = self.losses[:, self.models.index(model)]
        return losses

    def mean(self, model: str) -> float:
        """The model's mean held-out loss."""
        return float(self.of(model).mean())

    def add(self, outputs: dict[str, Array], losses: Array, unshrunk: Array | None = None) -> None:
        """A further repeat: held-out outputs {model: (rows, k)}, mean losses (folds, models), ``unshrunk`` (folds,)."""
        n = self.repeats
        for model, output in outputs.items():
            self.outputs[model] = output if n == 0 else (n * self.outputs[model] + output) / (n + 1)
        self.losses = np.vstack([self.losses, losses])
        self.unshrunk = np.concatenate([self.unshrunk, () if unshrunk is None else unshrunk])
        self.repeats += 1


def compare(
    problem: Problem,
    splitter: Splitter | None = None,
    *,
    seed: int,
    folds: int,
    max_repeats: int,
    stop: Callable[[Comparison], bool],
    x: Array | None = None,
    rows: Array | None = None,
    linear: Network | None = None,
    settings: Settings | None = None,
    deadline: float | None = None,
    watch: Callable[[int, float], None] | None = None,
    extra: Sequence[ExtraModel] = (),
    steps_fraction: float = 1.0,
    resumed: Comparison | None = None,
    after_repeat: Callable[[Comparison], None] | None = None,
    memory: TrainingMemory | None = None,
    task_map: TaskMap | None = None,
) -> Comparison:
    """Repeated cross-validation; after each repeat ``stop`` decides whether to end.

    Each fold fits the linear and the network model to its training rows alone and scores both on the same held-out
    rows; the networks of all folds are trained together (`fit_folds`).

    Parameters
    ----------
    problem : Problem
    splitter : Splitter, optional
        Which rows are held out together or come later; with times there is one repeat.
    seed, folds, max_repeats : int
        Seed of splits and training; folds per repeat; the most repeats.
    stop : callable
        Called with the comparison so far; True ends it.
    x : array (n, features), optional
        The encoded rows; by default those of an `Encoder` fitted to the problem.
    rows : array of int, optional
        The rows on which the models are compared, sorted; by default all. All rows are trained on.
    linear : Network, optional
        The linear model of all rows.
    settings : Settings, optional
        Of the network's training.
    deadline : float, optional
        ``time.monotonic()`` seconds; shortens the training (`train_folds`), and no repeat begins that would not end in
        time.
    watch : callable, optional
        Called with (repeat, fraction of the repeat done).
    extra : sequence of ExtraModel, default ()
        Further models.
    steps_fraction : float, default 1
        The fraction of the recipe's minibatches in ``settings``.
    resumed : Comparison, optional
        The repeats of an interrupted comparison, which are used unchanged.
    after_repeat : callable, optional
        Called with the comparison after each new repeat.
    memory : TrainingMemory, optional
        What the networks' training may take.
    task_map : TaskMap, optional
        Makes tasks of the networks' training.

    Returns
    -------
    Comparison
    """
    splitter = splitter or Splitter.of(problem)
    classes, rows = len(problem.classes), np.arange(problem.rows) if rows is None else rows
    x = with_a_column(Encoder.fit(problem).transform(problem) if x is None else x)
    linear = fit_linear(x, problem.y, classes, seed)[0] if linear is None else linear
    folds = splitter.fold_count(folds)
    result = resumed or Comparison.empty(len(rows), classes, *(model.name for model in extra))
    result.folds, result.steps_fraction = folds, steps_fraction
    result.ratio = float(np.mean([len(test) / len(train) for train, test in splitter.split(folds, [seed, 0])]))
    result.far_target = not classes and len(far_rows(problem.y)) > 0
    began = time.monotonic()
    latest = None if deadline is None else began + TRAINING_TIME * (deadline - began)
    repeats = 1 if splitter.one_repeat(folds) else max_repeats
    while result.repeats < repeats and not (result.repeats and stop(result)):
        began = time.monotonic()
        if result.repeats and latest is not None and not began + 1.1 * _planned_seconds(result) <= latest:  # or NaN
            result.out_of_time = True
            break
        parts = splitter.split(folds, [seed, result.repeats])
        if len(rows) < problem.rows:
            parts = [(train, test[np.isin(test, rows)]) for train, test in parts]
        fold_linear = fit_linear_folds(x, problem.y, classes, parts, seed, latest)
        networks = fit_folds(
            x,
            problem.y,
            classes,
            parts,
            fold_linear,
            linear,
            _training_seed(seed, result.repeats),
            settings=settings,
            deadline=latest,
            watch=_repeat_watch(watch, result.repeats),
            memory=memory,
            task_map=task_map,
        )
        outputs, losses = _scored(problem, x, parts, fold_linear, networks, extra)
        unshrunk = [
            row_losses(output, problem.y[test], classes).mean()
            for (_, test), output in zip(parts, networks.unshrunk, strict=True)
        ]
        result.add({model: output[rows] for model, output in outputs.items()}, losses, np.array(unshrunk))
        result.training = result.training or networks.model
        pace = networks.model.pace
        result.seconds.append(max(0.0, time.monotonic() - began - pace.seconds))
        result.training_seconds.append(pace.planned_seconds)
        result.completed.append(pace.completed)
        log.info(
            "log.repeat",
            repeat=result.repeats,
            folds=folds,
            seconds=f"{time.monotonic() - began:.1f}",
            linear=f"{result.mean('linear'):.4g}",
            network=f"{result.mean('network'):.4g}",
        )
        if after_repeat is not None:
            after_repeat(result)
    return result


def with_a_column(x: Array) -> Array:
    """The features, or one column of zeros where no column varies."""
    return x if x.shape[1] else np.zeros((len(x), 1))


def _scored(
    problem: Problem,
    x: Array,
    folds: Sequence[Fold],
    fold_linear: Sequence[Network],
    networks: FoldNetworks,
    extra: Sequence[ExtraModel],
) -> tuple[dict[str, Array], Array]:
    """Held-out outputs {model: (n, k)}, NaN in rows that are not held out, and mean losses (folds, models)."""
    classes = len(problem.classes)
    models = (*MODELS, *(model.name for model in extra))
    outputs = {model: np.full((problem.rows, networks.outputs[0].shape[1]), np.nan) for model in models}
    losses = np.empty((len(folds), len(models)))
    for k, (train, test) in enumerate(folds):
        outputs["constant"][test] = constant_output(problem.y[train], classes)
        outputs["linear"][test] = fold_linear[k](x[test])
        outputs["network"][test] = networks.outputs[k]
        for model in extra:
            outputs[model.name][test] = model.predict(train, test)
        losses[k] = [row_losses(outputs[name][test], problem.y[test], classes).mean() for name in models]
    return outputs, losses


def _planned_seconds(result: Comparison) -> float:
    """What one more repeat takes, by those done; NaN where that is unknown."""
    return max(result.seconds) + float(np.max(result.training_seconds))


def _repeat_watch(watch: Callable[[int, float], None] | None, repeat: int) -> Callable[[int, int], None] | None:
    return None if watch is None else lambda done, planned: watch(repeat, done / planned)


def _training_seed(seed: int, repeat: int) -> int:
    """A different seed for every repeat, derived from the user's."""
    return int(np.random.SeedSequence([seed, repeat]).generate_state(1)[0])
