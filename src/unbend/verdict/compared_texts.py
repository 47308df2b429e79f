"""`ComparedTexts`: the rows of a table with text on which the models are compared, as many as the budget allows."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..arrays import Array
from ..data import Problem
from .fit_data import FitData
from .folds import Splitter
from .text.text_plan import TextPlan


@dataclass(frozen=True, eq=False)
class ComparedTexts:
    """The ``rows`` among all, the problem of them, and their splitter; ``fewer`` than were to be compared."""

    rows: Array
    problem: Problem
    splitter: Splitter
    fewer: bool

    @classmethod
    def of(cls, data: FitData, work: TextPlan, seed: int) -> ComparedTexts:
        """Those that are compared anyway, or as many of them as the plan has."""
        if work.rows >= len(data.rows):
            return cls(data.rows, data.compared, data.compared_splitter, fewer=False)
        some = np.sort(np.random.default_rng([seed, 8]).permutation(len(data.rows))[: work.rows])
        problem, whole = data.compared.take(some), data.compared_splitter
        groups = None if whole.groups is None else np.unique(whole.groups[some], return_inverse=True)[1]
        times = None if whole.times is None else whole.times[some]
        return cls(data.rows[some], problem, Splitter.of(problem, groups, times), fewer=True)

    @property
    def texts(self) -> int:
        """The number of different texts among them."""
        groups = self.splitter.groups
        return self.problem.rows if groups is None else int(groups.max()) + 1


def characters_of(problem: Problem) -> int:
    """The characters of all its texts."""
    return sum(len(text or "") for column in problem.texts for text in problem.arrays.texts(column.name))
