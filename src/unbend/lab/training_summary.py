"""Results of a training run as text: loss, accuracy or R², confusion matrix, one prediction."""

from __future__ import annotations

import numpy as np

from ..arrays import Array
from ..network import softmax
from ..words import say
from .dataset import Dataset
from .training_run import TrainingRun

MAX_CLASSES = 6  # with a confusion matrix


def loss_name(dataset: Dataset) -> str:
    """Name and unit of the loss."""
    return say("lab_playground.nats") if dataset.classes else say("lab_playground.rmse", target=dataset.target)


def score_name(dataset: Dataset) -> str:
    """Name of the score beside the loss."""
    return say("lab_playground.accuracy") if dataset.classes else "R²"


def validation_summary(run: TrainingRun) -> str:
    """Epoch, validation loss and validation score in one sentence."""
    return say(
        "lab_playground.validation_summary",
        epoch=run.epoch,
        unit=loss_name(run.dataset),
        loss=f"{run.losses[-1][1]:.4g}",
        name=score_name(run.dataset),
        score=f"{run.scores()[1]:.3f}",
    )


def score_rows(run: TrainingRun) -> list[list[str]]:
    """Table rows [name, training, validation]: epoch, loss, score, and a row of the confusion matrix for each class."""
    (train, valid), score, dataset = run.losses[-1], run.scores(), run.dataset
    rows = [
        [say("lab_playground.epoch"), str(run.epoch), ""],
        [loss_name(dataset), f"{train:.4g}", f"{valid:.4g}"],
        [score_name(dataset), f"{score[0]:.3g}", f"{score[1]:.3g}"],
    ]
    if dataset.classes and len(dataset.classes) <= MAX_CLASSES:
        for true, counts in zip(dataset.classes, run.confusion(), strict=True):
            predicted = ", ".join(f"{c}: {n}" for c, n in zip(dataset.classes, counts, strict=True))
            rows.append([say("lab_playground.confusion", name=true), "", predicted])
    return rows


def with_comparison(rows: list[list[str]], other: list[list[str]]) -> list[list[str]]:
    """The rows with the validation column of another run appended; rows that only the other run has come last."""
    values = {row[0]: row[2] or row[1] for row in other}
    joined = [[*row, values.pop(row[0], "")] for row in rows]
    return joined + [[name, "", "", value] for name, value in values.items()]


def prediction_text(dataset: Dataset, output: Array) -> str:
    """The prediction that one row's output (outputs,) means: a value, or a class with its probability."""
    if not dataset.classes:
        return f"{dataset.target} = {output[0]:.4g}"
    p = 1 / (1 + np.exp(-output[0])) if len(output) == 1 else 0.0
    probabilities = np.array([1 - p, p]) if len(output) == 1 else softmax(output)
    best = int(probabilities.argmax())
    return f"{dataset.target} = {dataset.classes[best]} ({100 * probabilities[best]:.0f} %)"
