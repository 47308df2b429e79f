"""`Effects`: partial dependence of both models on a column, for all rows or at fixed values of another column."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import pyarrow as pa

from ..arrays import Array
from ..data import Column, Encoder, Problem
from ..data.column import Kind
from ..engine import BinnedRows, infer
from ..network import Network
from ..network.epoch import Recipe
from ..threads import parallel_for, thread_count
from .kind_training import OPTIMIZER, training_loss
from .scores import probabilities

GRID, SAMPLE = 25, 200  # values of a column; rows averaged over
PERTURBED = 50  # rows whose features are perturbed, to find the columns worth a curve
EXACT_WORK = 1e8  # multiplications up to which curves are computed in double precision


@dataclass(frozen=True, eq=False)
class Effect:
    """Partial dependence (Friedman 2001, eq. 53) of one column.

    ``values`` are the column's values, numbers or labels; ``linear`` and ``network`` (len(values),) the mean
    predictions of both models: in the target's unit, or the probability of class ``of``. ``given``: the fixed value of
    another column, None where all others have the values of the rows. ``kind`` is the column's.
    """

    column: str
    values: list[float] | list[str]
    linear: Array
    network: Array
    of: str | None
    given: float | str | None = None
    kind: Kind = "number"

    @property
    def amplitude(self) -> float:
        """The larger of both curves' ranges."""
        return float(max(np.ptp(self.linear), np.ptp(self.network)))


@dataclass(frozen=True, eq=False)
class Effects:
    """The effects of a problem's columns, except text, in both models, averaged over ``SAMPLE`` of its rows."""

    problem: Problem
    encoder: Encoder
    linear: Network
    network: Network
    seed: int
    positive: str | None = None

    def of(self, names: Sequence[str]) -> list[Effect]:
        """One effect for each column that takes two values or more, in that order."""
        for name in names:
            if name not in self._known:
                self._known[name] = self._effect(self._sample(), self._column(name))
        return [self._known[name] for name in names if len(self._known[name].values) > 1]

    def strongest(self, most: int) -> list[Effect]:
        """The effects of all columns, strongest first, at most ``most``.

        In a wide table only the columns whose features influence either model most are considered.
        """
        columns = most_influential(self.problem, self.encoder, (self.linear, self.network), 2 * most)
        return sorted(self.of([column.name for column in columns]), key=lambda e: -e.amplitude)[:most]

    def conditional(self, name: str, other: str, count: int = 3) -> list[Effect]:
        """The effect of one column at ``count`` values of another, low to high (its most frequent labels)."""
        table, column = self._sample(), self._column(other)
        grid = _grid(self.problem.table[other], column)
        at = np.unique(np.linspace(0.1, 0.9, count) * (len(grid) - 1) + 0.5).astype(np.int64)
        if column.kind in ("category", "boolean") and column.calendar is None:
            at = np.arange(min(count, len(grid)))
        effects: list[Effect] = []
        for i in np.unique(at):
            value = grid.slice(i, 1)
            effect = self._effect(_with(table, other, value), self._column(name))
            effects.append(replace(effect, given=_plain(value)[0]))
        return effects

    @cached_property
    def _known(self) -> dict[str, Effect]:
        """The effects that were computed before, by column."""
        return {}

    def _sample(self) -> pa.Table:
        rows = np.random.default_rng([self.seed, 3]).permutation(self.problem.rows)[:SAMPLE]
        return self.problem.table.take(pa.array(np.sort(rows)))

    def _column(self, name: str) -> Column:
        return next(column for column in self.problem.inputs if column.name == name)

    @cached_property
    def shown_class(self) -> int:
        """The class whose probability all effects show: the positive one, the second of two, or the one whose
        probability varies most between the rows."""  # fmt: skip
        classes = self.problem.classes
        if self.positive is not None:
            return classes.index(self.positive)
        if len(classes) <= 2:
            return max(0, len(classes) - 1)
        return int(probabilities(self.network(self.encoder.transform(self._sample()))).std(axis=0).argmax())

    def _effect(self, table: pa.Table, column: Column) -> Effect:
        classes = self.problem.classes
        grid = _grid(self.problem.table[column.name], column)
        big = pa.concat_tables([_with(table, column.name, grid.slice(i, 1)) for i in range(len(grid))])
        x = self.encoder.transform(big)
        linear, network = (_curves(model, x, len(grid), len(classes)) for model in (self.linear, self.network))
        k = self.shown_class
        return Effect(
            column=column.name,
            values=_plain(grid),
            linear=linear[:, k],
            network=network[:, k],
            of=classes[k] if classes else None,
            kind=column.kind,
        )


def most_influential(problem: Problem, encoder: Encoder, models: Sequence[Network], most: int) -> Sequence[Column]:
    """The ``most`` columns whose features, perturbed by a standard deviation, change either model's output most,
    relative to the model's largest change."""  # fmt: skip
    columns = [column for column in problem.inputs if column.kind != "text"]
    if len(columns) <= most:
        return columns
    x = encoder.transform(problem)
    size, rows = x.std(axis=0), x[np.linspace(0, len(x) - 1, PERTURBED).round().astype(np.int64)]
    weight = np.zeros(len(size))
    for model in models:
        output = model(rows)
        change = np.array([np.abs(model(rows + step) - output).mean() for step in np.diag(size)])
        weight = np.maximum(weight, change / max(change.max(), 1e-300))
    ordered = dict.fromkeys(encoder.sources[i] for i in np.argsort(-weight, kind="stable"))
    chosen = set(list(ordered)[:most])
    return [column for column in columns if column.name in chosen]


def _grid(values: pa.ChunkedArray, column: Column) -> pa.Array:
    """Up to ``GRID`` values: quantiles of a number's or date's distinct values, the most frequent labels otherwise,
    months, weekdays and hours in their own order."""  # fmt: skip
    import pyarrow.compute as pc

    known = values.drop_null()
    if column.calendar is not None:
        return pa.array([label for label in column.calendar.labels if label in column.levels])
    if column.kind in ("category", "boolean"):
        counts = pc.value_counts(known.combine_chunks())
        order = pc.sort_indices(counts.field("counts"), sort_keys=[("", "descending")])
        return counts.field("values").take(order[:GRID])
    distinct = pc.sort_indices(pc.unique(known))
    sorted_values = pc.unique(known).take(distinct)
    at = np.unique(np.linspace(0, len(sorted_values) - 1, GRID).round().astype(np.int64))
    return sorted_values.take(pa.array(at))


def _with(table: pa.Table, name: str, value: pa.Array) -> pa.Table:
    """The table with one value in all rows of a column."""
    repeated = value.take(pa.array(np.zeros(table.num_rows, dtype=np.int64)))
    return table.set_column(table.column_names.index(name), name, repeated)


def _curves(model: Network, x: Array, count: int, classes: int) -> Array:
    """(values, outputs): mean prediction at each value of the grid."""
    output = _output(model, x, classes)
    if classes:
        output = probabilities(output)
    return np.asarray(output.reshape(count, -1, output.shape[1]).mean(axis=1))


def _output(model: Network, x: Array, classes: int) -> Array:
    """The network's output, exact enough for a picture: a large network's in single precision, in which it was trained.

    The first layer, which takes columns as they are, possibly far from 0, is computed in double precision; the others
    by the kernel that trained them, so that no other one needs to be compiled.
    """
    first, *others = model.layers
    if len(x) * sum(layer.W.size for layer in others) < EXACT_WORK:
        return model(x)
    recipe = Recipe(tuple(layer.dense for layer in others), training_loss(classes), OPTIMIZER, batch_size=1)
    pairs = [(layer.W[None].astype(np.float32), layer.b[None, None].astype(np.float32)) for layer in others]
    rows = np.array_split(first(x).astype(np.float32), min(thread_count(), len(x)))
    outputs: list[Array] = [rows[0]] * len(rows)

    def infer_part(k: int) -> None:
        outputs[k] = infer(recipe, pairs, BinnedRows.of_columns(rows[k]), calls=len(rows))[0]

    parallel_for(infer_part, len(rows), work=len(rows[0]) * sum(layer.W.size for layer in others))
    return np.concatenate(outputs, dtype=np.float64)


def _plain(grid: pa.Array) -> list[float] | list[str]:
    values = grid.to_pylist()
    if all(isinstance(v, int | float) and not isinstance(v, bool) for v in values):
        return [float(v) for v in values]
    return [str(v) for v in values]
