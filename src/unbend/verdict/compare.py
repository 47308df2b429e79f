"""Both models on the same held-out rows, fold after fold, preprocessing inside each fold."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np

from ..arrays import Array
from ..data import Encoder, Problem
from .bent import fit_bent
from .folds import Deal
from .scores import constant_output, row_losses
from .settings import Settings
from .straight import fit_straight

MODELS = ("constant", "straight", "bent")
FIRST_LOOK = 5  # folds after which the answer may be clear, before the first repeat is whole
Further = Callable[[Array, Array], Array]


@dataclass
class Comparison:
    """Mean held-out losses (folds, models) of constant, straight and bent model, and what they predicted.

    A further model may stand behind the three. ``outputs[model]`` (rows, k) are the first repeat's held-out outputs,
    NaN for rows that were not reached; ``ratio`` is test rows / training rows of a fold, for the corrected test.
    ``repeats`` counts the whole ones, of ``folds`` each; each fold ``took`` so many seconds, and would have taken so
    many ``seconds`` without a deadline.
    """

    ratio: float
    losses: Array = field(default_factory=lambda: np.empty((0, 3)))
    outputs: dict[str, Array] = field(default_factory=dict)
    repeats: int = 0
    folds: int = 0
    out_of_time: bool = False
    took: list[float] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)
    models: tuple[str, ...] = MODELS

    @classmethod
    def begin(cls, problem: Problem, *further: str) -> Comparison:
        """Before the first fold."""
        classes, models = len(problem.classes), (*MODELS, *further)
        shape = (problem.rows, 1 if classes in (0, 2) else classes)
        return cls(np.nan, np.empty((0, len(models))), {m: np.full(shape, np.nan) for m in models}, models=models)

    def add(self, losses: Sequence[float] | Array, took: float, seconds: float) -> None:
        """Take in a fold: mean held-out losses (models,), seconds it took and would have taken without a deadline."""
        self.losses = np.vstack([self.losses, losses])
        self.took.append(took)
        self.seconds.append(seconds)

    def of(self, model: str) -> Array:
        """The model's held-out loss in each fold, (folds,)."""
        losses: Array = self.losses[:, self.models.index(model)]
        return losses

    def mean(self, model: str) -> float:
        """The model's mean held-out loss."""
        return float(self.of(model).mean())

    @property
    def budget_needed(self) -> int:
        """Seconds in which one repeat and a last training would be done, generously, by the folds so far."""
        needed = 1.3 * float(np.mean(self.seconds)) * (self.folds + 1) + 2
        return int(np.ceil(needed)) if needed < 20 else int(np.ceil(needed / 10) * 10)


def compare(
    problem: Problem,
    seed: int,
    enough: Callable[[Comparison], bool],
    folds: int,
    most_repeats: int,
    settings: Settings | None = None,
    deadline: float | None = None,
    watch: Callable[[int, int, float], None] | None = None,
    further: tuple[str, Further] | None = None,
    deal: Deal | None = None,
    begun: Comparison | None = None,
    keep: Callable[[Comparison], None] | None = None,
) -> Comparison:
    """Repeated cross-validation; after ``FIRST_LOOK`` folds and after each repeat ``enough`` decides whether to stop.

    Each fold fits the encoder, the straight and the bent model on its training rows alone and judges both on the same
    held-out rows. ``deadline`` (``time.monotonic()`` seconds) stops before a fold that would leave no time for it and
    for a last training, judged by the longest so far. ``watch`` is told (repeat, fold, share of the fold done).
    ``further`` names one more model and predicts its (test rows, outputs) from (training rows, test rows). ``deal``
    says which rows stay together or come later; in order of time there is one repeat, and no look before its end.
    ``begun`` has the folds of a comparison that was cut, which are taken as they are; ``keep`` is told after each fold.
    """
    classes = len(problem.classes)
    deal = deal or Deal.of(problem)
    folds = deal.count(folds)
    if deal.once(folds):
        most_repeats = 1
    result = Comparison.begin(problem, *(further[:1] if further else ()))
    result.ratio = float(np.mean([len(test) / len(train) for train, test in deal.folds(folds, [seed, 0])]))
    result.folds = folds
    if begun is not None:
        result.outputs = begun.outputs
    width, kin = result.outputs["constant"].shape[1], deal.kin
    for repeat in range(most_repeats):
        for fold, (train, test) in enumerate(deal.folds(folds, [seed, repeat])):
            done = len(result.losses)
            if begun is not None and done < len(begun.losses):
                result.add(begun.losses[done], begun.took[done], begun.seconds[done])
            else:
                began = time.monotonic()
                if deadline is not None and began + 2 * max(result.took, default=0.0) > deadline and done > 1:
                    result.out_of_time = True
                    return result
                encoder = Encoder.fit(problem, rows=train)
                x, x_test = _features(encoder, problem, train), _features(encoder, problem, test)
                y, y_test = problem.y[train], problem.y[test]
                straight, penalty = fit_straight(x, y, classes, seed)
                told = None if watch is None else (lambda done, of, r=repeat, f=fold: watch(r, f, done / of))
                # a third of what is left at most, so that even a slow machine sees a few folds
                latest = None if deadline is None else began + (deadline - began) / 3
                own_seed = _seed(seed, repeat, fold)
                bent = fit_bent(x, y, classes, straight, own_seed, settings, latest, told, _of(kin, train),
                                penalty)  # fmt: skip
                outputs = {
                    "constant": np.broadcast_to(constant_output(y, classes), (len(test), width)),
                    "straight": straight(x_test),
                    "bent": bent.network(x_test),
                }
                if further is not None:
                    outputs[further[0]] = further[1](train, test)
                losses = [float(row_losses(outputs[m], y_test, classes).mean()) for m in result.models]
                if repeat == 0:
                    for model in result.models:
                        result.outputs[model][test] = outputs[model]
                took = time.monotonic() - began
                result.add(losses, took, took / bent.done)
                if keep is not None:
                    keep(result)
            whole = fold == folds - 1
            result.repeats += whole
            if (whole or (len(result.losses) == FIRST_LOOK and deal.times is None)) and enough(result):
                return result
    return result


def _features(encoder: Encoder, problem: Problem, rows: Array) -> Array:
    """The encoded rows; one column of zeros where no column varies in this fold."""
    x = encoder.transform(problem, rows)
    return x if x.shape[1] else np.zeros((len(rows), 1))


def _of(kin: Array | None, rows: Array) -> Array | None:
    return None if kin is None else kin[rows]


def _seed(seed: int, repeat: int, fold: int) -> int:
    """Another seed for every training, made from the user's."""
    return int(np.random.SeedSequence([seed, repeat, fold]).generate_state(1)[0])
