"""`Dataset`: training and validation rows of a toy data set or of the reader's own table, for the playground."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..arrays import Array
from ..data import Encoder, pose_problem
from ..data.parsed_table import ParsedTable
from ..errors import BadInput
from ..network import Scaler
from ..words import say
from .toy_datasets import TOY_DATASETS

MAX_ROWS, MAX_FEATURES = 5000, 30


@dataclass(frozen=True, eq=False)
class Dataset:
    """Features, targets and the split into training and validation rows.

    ``x`` (n, features); ``y`` (n,) values, or class numbers into ``classes``; row numbers ``train_rows`` and
    ``validation_rows``; scalers of an own table's columns (None: not scaled); ``notes`` on the data, as sentences.
    """

    x: Array
    y: Array
    names: tuple[str, ...]
    target: str
    classes: tuple[str, ...]
    train_rows: Array
    validation_rows: Array
    x_scaler: Scaler | None = None
    y_scaler: Scaler | None = None
    notes: tuple[str, ...] = ()

    @property
    def outputs(self) -> int:
        """Outputs that a network needs: one, or one per class where there are more than two."""
        return len(self.classes) if len(self.classes) > 2 else 1

    @property
    def axes(self) -> tuple[int, ...]:
        """The one or two features shown as axes: those with the largest absolute correlation with the target."""
        if len(self.names) <= 2:
            return tuple(range(len(self.names)))
        y = self.y.astype(float)
        spread = self.x.std(axis=0) * y.std()
        covariance = np.abs(((self.x - self.x.mean(axis=0)) * (y - y.mean())[:, None]).mean(axis=0))
        correlation = np.divide(covariance, spread, out=np.zeros_like(spread), where=spread > 0)
        return tuple(sorted(np.argsort(-correlation, kind="stable")[:2].tolist()))

    @property
    def box(self) -> Array:
        """(axes, 2): lower and upper ends of the axes."""
        values = self.x[:, self.axes]
        low, high = values.min(axis=0), values.max(axis=0)
        margin = np.where(high > low, 0.08 * (high - low), 1.0)
        return np.column_stack([low - margin, high + margin])

    def at(self, points: Array) -> Array:
        """Rows (n, features) with these values of the axes (n, axes), the other features at their medians."""
        rows = np.tile(np.median(self.x, axis=0), (len(points), 1))
        rows[:, self.axes] = points
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
        target="y",
        classes=classes,
        train_rows=train_rows,
        validation_rows=validation_rows,
    )


def table_dataset(reading: ParsedTable, target: str, validation: float, seed: int) -> Dataset:
    """A reader's table. Raises ``BadInput`` where a network cannot be trained on it."""
    problem = pose_problem(reading, target or reading.table.column_names[-1])
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
