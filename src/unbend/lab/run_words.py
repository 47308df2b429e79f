"""What a run of the playground came to, in words and numbers."""

from __future__ import annotations

import numpy as np

from ..arrays import Array
from ..network import softmax
from ..words import say
from .run import Run
from .sample import Sample

MOST_CLASSES = 6  # whose confusion is shown


def unit(sample: Sample) -> str:
    """What the losses are measured in."""
    return say("lab_playground.nats") if sample.classes else say("lab_playground.rmse", target=sample.target)


def score_name(sample: Sample) -> str:
    """What is scored beside the loss."""
    return say("lab_playground.accuracy") if sample.classes else "R²"


def came_to(run: Run) -> str:
    """Epoch, loss and score of the rows held out, in one sentence."""
    return say("lab_playground.came_to", epoch=run.epoch, unit=unit(run.sample), loss=f"{run.losses[-1][1]:.4g}",
               name=score_name(run.sample), score=f"{run.scores()[1]:.3f}")  # fmt: skip


def scores(run: Run) -> list[list[str]]:
    """Rows [name, training, validation]: epoch, loss, score, and of each class how its rows were answered."""
    (train, valid), score, sample = run.losses[-1], run.scores(), run.sample
    rows = [[say("lab_playground.epoch"), str(run.epoch), ""], [unit(sample), f"{train:.4g}", f"{valid:.4g}"],
            [score_name(sample), f"{score[0]:.3g}", f"{score[1]:.3g}"]]  # fmt: skip
    if sample.classes and len(sample.classes) <= MOST_CLASSES:
        for true, counts in zip(sample.classes, run.confusion(), strict=True):
            told = ", ".join(f"{c}: {n}" for c, n in zip(sample.classes, counts, strict=True))
            rows.append([say("lab_playground.confusion", name=true), "", told])
    return rows


def beside(rows: list[list[str]], kept: list[list[str]]) -> list[list[str]]:
    """The rows with a kept run's validation beside them; what only the kept run has stands below."""
    older = {row[0]: row[2] or row[1] for row in kept}
    both = [[*row, older.pop(row[0], "")] for row in rows]
    return both + [[name, "", "", value] for name, value in older.items()]


def answer(sample: Sample, output: Array) -> str:
    """What one row's output (outputs,) says."""
    if not sample.classes:
        return f"{sample.target} = {output[0]:.4g}"
    p = 1 / (1 + np.exp(-output[0])) if len(output) == 1 else 0.0
    shares = np.array([1 - p, p]) if len(output) == 1 else softmax(output)
    best = int(shares.argmax())
    return f"{sample.target} = {sample.classes[best]} ({100 * shares[best]:.0f} %)"
