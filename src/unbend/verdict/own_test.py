"""A test set of the user's own: both final models scored on rows that played no part in fitting or choosing."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.types as pt

from ..arrays import Array
from ..data import ColumnArrays, Encoder, Note, Problem
from ..data.column_reading import check_column
from ..data.column_types import as_labels
from ..data.notes import join_names
from ..data.reader import convert_table, load_table
from ..display import Displayed
from ..errors import DataError
from .gain import Gain
from .grouping import distinct_rows
from .scored_model import ScoredModel
from .scores import constant_output, row_losses

LEAST_ROWS = 2
OVERLAP = 0.01  # of the test rows: more of them than of the training rows have a copy among the training rows


@dataclass(frozen=True, eq=False)
class OwnTestRows:
    """The rows of a test set with a target: their columns, ``y`` as in the problem, their ``groups`` (rows,), notes."""

    table: ColumnArrays
    y: Array
    groups: Array | None
    notes: tuple[Note, ...]


@dataclass(frozen=True, kw_only=True)
class OwnTest(Displayed):
    """Scores of both final models on the user's own test set.

    Attributes
    ----------
    rows : int
        Its rows with a target.
    linear, network : ScoredModel
        Both models with their scores there; ``score`` is relative to the constant of the training rows.
    gain : Gain
        What the network removes of the linear model's loss there, with an interval from the rows, or from the groups
        where groups were held out and the test set names them.
    constant_loss : float
        The mean loss of the training rows' constant.
    groups : int or None
        The number of those groups.
    notes : tuple of Note
        What was found in the test set.
    """

    rows: int
    linear: ScoredModel
    network: ScoredModel
    gain: Gain
    constant_loss: float
    groups: int | None = None
    notes: tuple[Note, ...] = ()

    def agreement(self, interval: tuple[float, float]) -> Literal["higher", "lower", "agrees"]:
        """Whether the gain's interval lies above or below that of the cross-validation, or meets it."""
        if self.gain.interval[0] > interval[1]:
            return "higher"
        return "lower" if self.gain.interval[1] < interval[0] else "agrees"

    def to_json(self) -> dict[str, Any]:
        """Everything by name."""
        return {
            "rows": self.rows,
            "groups": self.groups,
            "linear": self.linear.to_json(),
            "network": self.network.to_json(),
            **self.gain.to_json(),
            "notes": [note.text() for note in self.notes],
        }


def read_own_test(source: Any, problem: Problem, encoder: Encoder, group: str | None) -> OwnTestRows:
    """The test set, its columns read as those of the problem were.

    Raises ``DataError`` where a column is missing or of another type, where the target has a label that the training
    table does not have, and where fewer than two rows have a target.
    """
    loaded = load_table(source, what="test")
    names = loaded.table.column_names
    check_column(problem.target, names)
    table = encoder.convert(loaded).table
    text = pt.is_string(problem.table[problem.target].type) or pt.is_dictionary(problem.table[problem.target].type)
    only_target = replace(loaded, table=loaded.table.select([problem.target]))
    target = convert_table(only_target, {problem.target: "text"} if text else None, what="test")
    column = target.table[problem.target]
    known = np.asarray(column.is_valid().to_numpy(zero_copy_only=False))
    notes = []
    if known.sum() < LEAST_ROWS:
        raise DataError("verdict.test_rows", rows=int(known.sum()), target=problem.target)
    if not known.all():
        notes.append(Note("verdict.test_dropped", {"count": int((~known).sum()), "target": problem.target}))
        table, target = table.filter(known), replace(target, table=target.table.filter(known))
    y = _target(target.table[problem.target], problem)
    groups = None
    if group is not None and group in names:
        codes = loaded.table[group].filter(known).combine_chunks().dictionary_encode(null_encoding="encode")
        groups = np.unique(codes.indices.to_numpy(zero_copy_only=False), return_inverse=True)[1]
    arrays = ColumnArrays(table)
    notes += [*encoder.notes(arrays), *_overlap(problem, encoder, arrays, y)]
    return OwnTestRows(arrays, y, groups, tuple(notes))


def score_own_test(
    test: OwnTestRows, problem: Problem, linear: ScoredModel, network: ScoredModel, positive: str | None
) -> OwnTest:
    """The scores of both models, fitted to ``problem``, on the test set."""
    classes, y = len(problem.classes), test.y
    outputs = {name: scored.model.output(test.table) for name, scored in (("linear", linear), ("network", network))}
    constant = np.broadcast_to(constant_output(problem.y, classes), outputs["linear"].shape)
    constant_loss = float(row_losses(constant, y, classes).mean())
    losses = {name: row_losses(output, y, classes) for name, output in outputs.items()}
    if test.groups is not None:  # rows of one group are not independent: its sum counts once
        losses = {name: np.bincount(test.groups, weights=loss) for name, loss in losses.items()}
    scored = [
        ScoredModel.on_rows(model.model, outputs[name], y, problem.classes, constant_loss, positive)
        for name, model in (("linear", linear), ("network", network))
    ]
    return OwnTest(
        rows=len(y),
        linear=scored[0],
        network=scored[1],
        gain=Gain.over(losses["linear"], losses["network"], 0.0),
        constant_loss=constant_loss,
        groups=None if test.groups is None else int(test.groups.max()) + 1,
        notes=test.notes,
    )


def _target(column: Any, problem: Problem) -> Array:
    """(rows,) values, or class numbers of the problem."""
    if not problem.classes:
        values = ColumnArrays(pa.table({problem.target: column})).numbers(problem.target)
        if not np.isfinite(values).all():
            raise DataError("verdict.test_not_finite", target=problem.target)
        return values
    labels = as_labels(column)
    codes = pc.index_in(labels, value_set=pa.array(problem.classes, pa.string()))
    if codes.null_count:
        unknown = sorted(set(labels.filter(codes.is_null()).to_pylist()))
        shown, known = join_names(unknown, 5), join_names(problem.classes)
        raise DataError("verdict.test_labels", target=problem.target, labels=shown, known=known)
    return np.asarray(codes.to_numpy(), dtype=np.int64)


def _overlap(problem: Problem, encoder: Encoder, test: ColumnArrays, y: Array) -> tuple[Note, ...]:
    """A note where more of the test rows than of the training rows have a copy among the training rows."""
    rows = problem.rows
    training = np.column_stack([encoder.transform(problem), problem.y])
    both = np.vstack([training, np.column_stack([encoder.transform(test), y])])
    number, first = distinct_rows([*both.T, *(_text_numbers(problem, test, c.name) for c in problem.texts)])
    copies = np.bincount(number[:rows], minlength=len(first))
    count = int((copies[number[rows:]] > 0).sum())
    repeated = float(np.mean(copies[number[:rows]] > 1))
    if count / len(y) <= repeated + OVERLAP:
        return ()
    return (Note("verdict.test_overlap", {"count": count, "rows": len(y)}),)


def _text_numbers(problem: Problem, test: ColumnArrays, name: str) -> Array:
    """A number for each training row's text and each test row's, the same for equal ones."""
    texts = [text or "" for text in (*problem.arrays.texts(name), *test.texts(name))]
    known: dict[str, int] = {}
    return np.array([known.setdefault(text, len(known)) for text in texts], np.float64)
