"""What a verdict on texts must stand up to: few texts, a straight gain, another column's bend, pairs not found."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from ..arrays import Array
from ..data import Note, Problem
from .compare import Comparison
from .decide import LEAST_GAIN, Decision, Verdict
from .missed_bend import missed_bend
from .text.compare_texts import TextComparison
from .text.pair_records import WordPairs
from .text.text_answers import TextAnswers
from .text.text_fold import TextTable
from .text.word_pairs import find_word_pairs

LEAST_STUDENTS = 3  # folds
LEAST_TEXTS = 1_000  # different ones: of fewer, a planted bend was often found neither by the network nor by its pairs


def without_enough_texts(decision: Decision, comparison: Comparison, texts: int) -> tuple[Decision, list[Note]]:
    """That there is no bend, or nothing at all, can be said of at least ``LEAST_TEXTS`` different texts alone.

    That a network gains nothing is no evidence where it would not have found a bend either. The straight model is an
    exception where it is exact.
    """
    absent = decision.verdict in ("straight_is_enough", "nothing_to_learn")
    if not absent or comparison.linear_is_exact or texts >= LEAST_TEXTS:
        return decision, []
    note = Note("verdict.text_few", {"texts": texts, "least": LEAST_TEXTS})
    return replace(decision, verdict="cannot_tell", rows_needed=LEAST_TEXTS), [note]


def without_whole_texts(decision: Decision, many_cut: bool) -> Decision:
    """Where only the beginnings of many texts were read, nothing is said of what is absent."""
    absent = decision.verdict in ("straight_is_enough", "nothing_to_learn")
    return replace(decision, verdict="cannot_tell") if absent and many_cut else decision


def without_student(decision: Decision, student: Array | None) -> tuple[Decision, bool]:
    """*Bends pay* only where there was time for the straight model that is fitted to the network, in some folds; and
    whether there was none."""  # fmt: skip
    if student is None or len(student) >= LEAST_STUDENTS:
        return decision, False
    return replace(decision, verdict="cannot_tell"), True


def without_straight_gain(decision: Decision, answers: TextAnswers) -> tuple[Decision, list[Note]]:
    """*Bends pay* only where the network gains something over the straight model that was fitted to it."""
    if decision.verdict != "bends_pay" or answers.bend_pays == "yes":
        return decision, []
    verdict: Verdict = "straight_is_enough" if answers.bend_pays == "no" else "cannot_tell"
    return replace(decision, verdict=verdict), [Note("verdict.text_straight_gain", {})]


def without_missed_bend(
    decision: Decision, problem: Problem, table: TextTable, found: TextComparison
) -> tuple[Decision, list[Note]]:
    """*Straight is enough* only where none of the other columns bends by itself in what the straight model leaves."""
    if decision.verdict != "straight_is_enough" or not table.x.shape[1]:
        return decision, []
    bend = missed_bend(table.x, problem.y, found.comparison.outputs["linear"], len(problem.classes), table.sources)
    if bend is None or bend.share < LEAST_GAIN:
        return decision, []
    values = {"column": bend.column, "share": f"{bend.share:.1%}"}
    return replace(decision, verdict="cannot_tell"), [Note("verdict.missed_bend", values)]


def without_missed_pairs(decision: Decision, pairs: Mapping[str, WordPairs]) -> tuple[Decision, list[Note]]:
    """No clear answer without a bend where word pairs, confirmed on other rows, say what the network did not find."""
    for column, found in pairs.items():
        if found.pairs and found.gain >= LEAST_GAIN:
            first = found.pairs[0]
            values = {"column": column, "first": first.first, "second": first.second, "share": f"{found.gain:.1%}"}
            return replace(decision, verdict="cannot_tell"), [Note("verdict.text_missed_pairs", values)]
    return decision, []


def pairs_of_columns(
    problem: Problem, found: TextComparison, seed: int, deadline: float | None
) -> dict[str, WordPairs]:
    """Where the texts of each column bend."""
    comparison = found.comparison
    fold = np.zeros(problem.rows, np.int64)
    for k, one in enumerate(found.folds):
        fold[one.rows[1]] = k
    return {
        column.name: find_word_pairs(
            [text or "" for text in problem.arrays.texts(column.name)],
            problem.y,
            comparison.outputs["linear"],
            fold,
            len(problem.classes),
            gain=comparison.mean("linear") - comparison.mean("network"),
            seed=seed,
            deadline=deadline,
        )
        for column in problem.texts
    }
