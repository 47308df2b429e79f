"""What the stages of every fit share: the choice of the model, and notes on the time it had and on the rows' order."""

from __future__ import annotations

import numpy as np

from ..data import Note, Problem
from .compare import Comparison
from .decide import LEAST_GAIN, Decision
from .drift import order_notes
from .folds import Splitter
from .request import Request
from .result import Choice
from .scores import probabilities


def choice(request: Request, decision: Decision, comparison: Comparison) -> Choice:
    """The model that predicts: the network if bends pay, and, where rows were too few to tell, if its held-out loss was
    less than the constant's, and less than the linear model's by ``LEAST_GAIN``: the better guess, though chance may
    explain it."""  # fmt: skip
    if request.model != "auto":
        return "network" if request.model == "network" else "linear"
    better = decision.gain >= LEAST_GAIN and comparison.mean("network") < comparison.mean("constant")
    unclear = decision.verdict == "cannot_tell" and not decision.cut
    return "network" if decision.verdict == "bends_pay" or (unclear and better) else "linear"


def time_notes(request: Request, comparison: Comparison, decision: Decision) -> list[Note]:
    """Notes on repeats for which there was no time, and on losses that differ much between folds."""
    values = {"budget": request.budget, "done": len(comparison.losses), "planned": comparison.folds}
    notes = [Note("verdict.repeats_cut", values)] if comparison.out_of_time else []
    if decision.uneven:
        times = max(float(a.max() / np.median(a)) for a in (comparison.of("linear"), comparison.of("network")))
        notes.append(Note("verdict.uneven", {"times": times}))
    return notes


def order_notes_of(problem: Problem, splitter: Splitter, comparison: Comparison) -> tuple[Note, ...]:
    """Notes on the order of the rows, from the network's held-out errors; of many classes there are none."""
    output = comparison.outputs["network"]
    if len(problem.classes) > 2:
        errors = np.full(len(output), np.nan)
    else:
        errors = np.asarray(problem.y - (probabilities(output)[:, 1] if problem.classes else output[:, 0]))
    return order_notes(problem, splitter.times, errors)
