"""What the playground learns from: a toy set or a reader's own table, split into training and validation rows."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..arrays import Array
from ..data import Encoder, pose_problem
from ..data.parsed_table import ParsedTable
from ..errors import BadInput
from ..network import Scaler
from ..words import say
from .toy_sets import TOY_SETS

MOST_ROWS, MOST_FEATURES = 5000, 30


@dataclass(frozen=True, eq=False)
class Sample:
    """``x`` (n, features) and ``y`` ((n,) values, or class numbers into ``classes``), the rows that are learned from
    and held out, the scales of an own table's columns (None: left as they are), and what must be said."""  # fmt: skip

    x: Array
    y: Array
    names: tuple[str, ...]
    target: str
    classes: tuple[str, ...]
    learn: Array
    judge: Array
    x_scaler: Scaler | None = None
    y_scaler: Scaler | None = None
    notes: tuple[str, ...] = ()

    @property
    def outputs(self) -> int:
        """Outputs of a network for it: one, or one per class where there are more than two."""
        return len(self.classes) if len(self.classes) > 2 else 1

    @property
    def axes(self) -> tuple[int, ...]:
        """The one or two features a picture shows: those that go with the target most."""
        if len(self.names) <= 2:
            return tuple(range(len(self.names)))
        y = self.y.astype(float)
        spread = self.x.std(axis=0) * y.std()
        together = np.abs(((self.x - self.x.mean(axis=0)) * (y - y.mean())[:, None]).mean(axis=0))
        strength = np.divide(together, spread, out=np.zeros_like(spread), where=spread > 0)
        return tuple(sorted(np.argsort(-strength, kind="stable")[:2].tolist()))

    @property
    def box(self) -> Array:
        """(axes, 2): the ends a picture shows."""
        shown = self.x[:, self.axes]
        low, high = shown.min(axis=0), shown.max(axis=0)
        room = np.where(high > low, 0.08 * (high - low), 1.0)
        return np.column_stack([low - room, high + room])

    def at(self, points: Array) -> Array:
        """Rows (n, features) with the axes' values given, the other features at their medians."""
        rows = np.tile(np.median(self.x, axis=0), (len(points), 1))
        rows[:, self.axes] = points
        return rows


def toy(name: str, noise: float, held_out: float, seed: int) -> Sample:
    """A toy set with ``noise`` from 0 to 1 and the share ``held_out`` for validation."""
    rng = np.random.default_rng([seed, 2])
    x, y = TOY_SETS[name](rng, noise)
    classes = ("A", "B") if y.dtype.kind == "i" else ()
    learn, judge = _split(len(x), held_out, rng)
    return Sample(x, y, ("x1", "x2"), "y", classes, learn, judge)


def own(reading: ParsedTable, target: str, held_out: float, seed: int) -> Sample:
    """A reader's table. Raises ``BadInput``, in one line, where it cannot be learned from."""
    problem = pose_problem(reading, target or reading.table.column_names[-1])
    notes = [note.text() for note in problem.notes]
    rng = np.random.default_rng([seed, 2])
    if problem.rows > MOST_ROWS:
        notes.append(say("lab.some_rows", rows=MOST_ROWS, all=problem.rows))
        problem = problem.take(np.sort(rng.permutation(problem.rows)[:MOST_ROWS]))
    learn, judge = _split(problem.rows, held_out, rng)
    encoder = Encoder.fit(problem, rows=learn)
    x = encoder.transform(problem)
    if not 1 <= x.shape[1] <= MOST_FEATURES:
        raise BadInput("lab.features", got=x.shape[1], most=MOST_FEATURES)
    y_scaler = None if problem.classes else Scaler.of(problem.y[learn, None])
    return Sample(x, problem.y, tuple(encoder.names), problem.target, problem.classes, learn, judge,
                  Scaler.of(x[learn]), y_scaler, tuple(notes))  # fmt: skip


def _split(rows: int, held_out: float, rng: np.random.Generator) -> tuple[Array, Array]:
    mixed = rng.permutation(rows)
    held = min(max(round(held_out * rows), 1), rows - 1)
    return np.sort(mixed[held:]), np.sort(mixed[:held])
