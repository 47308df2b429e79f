"""`TextTime`: how the seconds of a budget are divided on a table with text, and what does not fit into them."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa

from ..arrays import Array
from ..data import Note, Problem
from .fit_data import FitData
from .plan import TRAINING_TIME
from .request import Request

LEAST_LENGTH, LENGTH_PER_SECOND = 2_000, 400  # characters of a text that are read, or so many for each second
FINAL, PAIRS = 0.4, 0.1  # of the budget at most: for the straight model of all rows, for word pairs
MARGIN = 0.05  # of the budget: for what follows
NOTABLE = 0.05  # of the texts: where more are cut, the absence of a bend in what was read is no answer
# one thread's seconds per character: n-grams counted, one output's weights fitted, each further output's
_COUNTING, _FITTING, _FITTING_OUTPUT = 1e-6, 4e-7, 8e-8


@dataclass(frozen=True)
class TextTime:
    """When the stages of a fit must end, in ``time.monotonic()`` seconds; None where the clock does not cut.

    The comparison has ``comparing`` seconds, also where the clock does not cut. The straight model is fitted to
    ``final_rows`` rows, to all of them in ``fitting`` seconds.
    """

    compared: float | None
    located: float | None
    end: float | None
    comparing: float
    final_rows: int
    fitting: float

    @classmethod
    def of(cls, request: Request, began: float, rows: int, characters: int, outputs: int) -> TextTime:
        """For so many rows with as many characters in all: the final model has its time first."""
        each = characters / max(1, rows) * (_COUNTING + _FITTING + outputs * _FITTING_OUTPUT)
        granted, fitting = FINAL * request.seconds, each * rows
        final_rows = rows if fitting <= granted else int(granted / each)
        locating = (1 - MARGIN) * request.seconds - min(granted, fitting)
        comparing = min(TRAINING_TIME * request.seconds, locating - PAIRS / 2 * request.seconds)
        if not request.by_clock:
            return cls(None, None, None, comparing, final_rows, fitting)
        return cls(began + comparing, began + locating, began + request.seconds, comparing, final_rows, fitting)

    @property
    def needed(self) -> float:
        """The budget in which the straight model is fitted to all rows."""
        return self.fitting / FINAL

    def budget_for(self, seconds: float) -> float:
        """The budget of which the comparison has so many seconds."""
        rest = 1 - MARGIN - PAIRS / 2
        return max(seconds / TRAINING_TIME, min((seconds + self.fitting) / rest, seconds / (rest - FINAL)))

    def pairs(self, seconds: float) -> float | None:
        """When the search for word pairs must end."""
        if self.located is None:
            return None
        return min(self.located, time.monotonic() + max(2.0, PAIRS * seconds))


def readable(data: FitData, seconds: float) -> tuple[FitData, list[Note], bool]:
    """The data with of each text as much as a budget lets be read; notes; whether that cuts many of the texts."""
    longest = max(LEAST_LENGTH, int(LENGTH_PER_SECOND * seconds))
    notes, many = [], False
    for column in data.problem.texts:
        lengths = [len(text or "") for text in data.problem.arrays.texts(column.name)]
        cut = sum(length > longest for length in lengths)
        if cut:
            values = {"count": cut, "column": column.name, "length": longest}
            notes.append(Note("verdict.text_cut", values))
            data = replace(
                data,
                problem=_beginnings(data.problem, column.name, longest),
                compared=_beginnings(data.compared, column.name, longest),
            )
        many = many or cut > NOTABLE * len(lengths)
    return data, notes, many


def final_rows(rows: int, compared: Array, most: int, seed: int) -> Array:
    """The rows that the final straight model is fitted to: those ``compared``, and others at random up to ``most``."""
    if most >= rows:
        return np.arange(rows)
    others = np.setdiff1d(np.arange(rows), compared)
    more = np.random.default_rng([seed, 9]).permutation(others)[: max(0, most - len(compared))]
    return np.sort(np.concatenate([compared, more]))


def final_notes(fitted: int, rows: int, needed: float, completed: float) -> list[Note]:
    """Notes on a final straight model of some rows alone, and on a final network whose training was cut."""
    notes = []
    if fitted < rows:
        values = {"rows": fitted, "all": rows, "budget": int(np.ceil(needed))}
        notes.append(Note("verdict.text_fitted_on", values))
    if completed < 1:
        notes.append(Note("verdict.final_cut", {"share": f"{100 * completed:.2g}\N{NO-BREAK SPACE}%"}))
    return notes


def _beginnings(problem: Problem, name: str, length: int) -> Problem:
    texts = [text and text[:length] for text in problem.arrays.texts(name)]
    at = problem.table.column_names.index(name)
    return replace(problem, table=problem.table.set_column(at, name, pa.chunked_array([pa.array(texts, pa.string())])))
