"""`Dataset`: training and validation rows of a toy data set or of the reader's own table, for the playground."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from ..arrays import Array
from ..data import Encoder, pose_problem
from ..data.parsed_table import ParsedTable
from ..errors import BadInput
from ..network import Scaler
from ..words import say
from .plot_axes import PlotAxis, plot_axes
from .toy_datasets import TOY_DATASETS

MAX_ROWS, MAX_FEATURES = 5000, 300


@dataclass(frozen=True, eq=False)
class Dataset:
    """Features, targets and the split into training and validation rows.

    ``x`` (n, features) of the ``columns``; ``y`` (n,) values, or class numbers into ``classes``; row numbers
    ``train_rows`` and ``validation_rows``; ``shown``: names of the columns to be axes, () for those most associated
    with the target; scalers of a table's columns (None: not scaled); ``notes`` on the data, as sentences.
    """

    x: Array
    y: Array
    names: tuple[str, ...]
    columns: tuple[PlotAxis, ...]
    target: str
    classes: tuple[str, ...]
    train_rows: Array
    validation_rows: Array
    shown: tuple[str, ...] = ()
    x_scaler: Scaler | None = None
    y_scaler: Scaler | None = None
    notes: tuple[str, ...] = ()

    @property
    def outputs(self) -> int:
        """Outputs that a network needs: one, or one per class where there are more than two."""
        return len(self.classes) if len(self.classes) > 2 else 1

    @cached_property
    def axes(self) -> tuple[PlotAxis, ...]:
        """The one or two columns shown as axes; those not chosen have the largest association with the target."""
        chosen = [column for name in self.shown for column in self.columns if column.name == name][:2]
        y = self.y.astype(float)
        others = [column for column in self.columns if column not in chosen]
        others.sort(key=lambda column: -column.association(self.x, y))
        chosen += others[: 2 - len(chosen)]
        return tuple(chosen if self.shown else sorted(chosen, key=self.columns.index))

    @property
    def box(self) -> Array:
        """(axes, 2): lower and upper ends of the axes."""
        return np.array([axis.interval(self.x) for axis in self.axes])

    @cached_property
    def typical_row(self) -> Array:
        """(features,): the median of every column of numbers, the most frequent level of every category."""
        row = np.empty(self.x.shape[1])
        for column in self.columns:
            row[list(column.features)] = column.typical(self.x)
        return row

    def at(self, points: Array) -> Array:
        """Rows (n, features) at these places on the axes (n, axes), the other columns at their typical values."""
        rows = np.tile(self.typical_row, (len(points), 1))
        for axis, places in zip(self.axes, points.T, strict=True):
            axis.write(rows, places)
        return rows


def toy_dataset(name: str, noise: float, validation: float, seed: int) -> Dataset:
    """A toy data set with ``noise`` from 0 to 1 and the fraction ``validation`` held out."""
    rng = np.random.default_rng([seed, 2])
    x, y = TOY_DATASETS[name](rng, noise)
    classes = ("A", "B") if y.dtype.kind == "i" else ()
    train_rows, validation_rows = _split(len(x), validation, rng)
    return Dataset(
        x=x,
        y=y,
        names=("x1", "x2"),
        columns=(PlotAxis("x1", (0,)), PlotAxis("x2", (1,))),
        target="y",
        classes=classes,
        train_rows=train_rows,
        validation_rows=validation_rows,
    )


def table_dataset(
    reading: ParsedTable,
    target: str,
    validation: float,
    seed: int,
    left_out: Collection[str] = (),
    shown: tuple[str, ...] = (),
) -> Dataset:
    """A table, some columns ``left_out``. Raises ``BadInput`` where a network cannot be trained on it."""
    target = target or reading.table.column_names[-1]
    selected = [name for name in reading.table.column_names if name == target or name not in left_out]
    if selected == [target]:
        raise BadInput("lab.no_column_left")
    reading = replace(reading, table=reading.table.select(selected))
    problem = pose_problem(reading, target, keep=[name for name in shown if name in selected and name != target])
    notes = [note.text() for note in problem.notes]
    rng = np.random.default_rng([seed, 2])
    if problem.rows > MAX_ROWS:
        notes.append(say("lab.some_rows", rows=MAX_ROWS, all=problem.rows))
        problem = problem.take(np.sort(rng.permutation(problem.rows)[:MAX_ROWS]))
    train_rows, validation_rows = _split(problem.rows, validation, rng)
    encoder = Encoder.fit(problem, rows=train_rows)
    x = encoder.transform(problem)
    if not 1 <= x.shape[1] <= MAX_FEATURES:
        raise BadInput("lab.features", got=x.shape[1], most=MAX_FEATURES)
    y_scaler = None if problem.classes else Scaler.of(problem.y[train_rows, None])
    return Dataset(
        x=x,
        y=problem.y,
        names=tuple(encoder.names),
        columns=plot_axes(encoder.column_encoders),
        shown=shown,
        target=problem.target,
        classes=problem.classes,
        train_rows=train_rows,
        validation_rows=validation_rows,
        x_scaler=Scaler.of(x[train_rows]),
        y_scaler=y_scaler,
        notes=tuple(notes),
    )


def _split(rows: int, validation: float, rng: np.random.Generator) -> tuple[Array, Array]:
    """(training, validation) row numbers, each in order; at least one row on either side."""
    shuffled = rng.permutation(rows)
    count = min(max(round(validation * rows), 1), rows - 1)
    return np.sort(shuffled[count:]), np.sort(shuffled[:count])
