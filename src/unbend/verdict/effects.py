"""What a column does in both models, alone or at fixed values of another: the mean prediction as it runs through its
values."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa

from ..arrays import Array
from ..data import Column, Encoder, Problem
from ..network import Network
from .scores import probabilities

GRID, SAMPLE = 25, 200  # values of a column; rows averaged over
MOVED = 50  # rows whose features are moved, to find the columns worth a curve


@dataclass(frozen=True, eq=False)
class Effect:
    """Partial dependence (Friedman 2001, eq. 53) of one column.

    ``values`` are the column's values, numbers or labels; ``straight`` and ``bent`` (len(values),) the mean predictions
    of both models: in the target's unit, or the probability of class ``of``. ``given``: the value at which another
    column was held, None where all others kept those of real rows.
    """

    column: str
    values: list[float] | list[str]
    straight: Array
    bent: Array
    of: str | None
    given: float | str | None = None

    @property
    def spread(self) -> float:
        """Highest minus lowest of either curve, whichever is larger."""
        return float(max(np.ptp(self.straight), np.ptp(self.bent)))


@dataclass(frozen=True, eq=False)
class Effects:
    """The effects of a problem's columns in both models, averaged over ``SAMPLE`` of its rows."""

    problem: Problem
    encoder: Encoder
    straight: Network
    bent: Network
    seed: int

    def of(self, names: Sequence[str]) -> list[Effect]:
        """One effect for each column that takes two values or more, in that order."""
        found = [self._effect(self._sample(), self._column(name)) for name in names]
        return [e for e in found if len(e.values) > 1]

    def strongest(self, most: int) -> list[Effect]:
        """The effects of all columns, strongest first, at most ``most``.

        In a wide table only the columns that weigh most in either model's first layer are looked at.
        """
        columns = _heaviest(self.problem, self.encoder, self.straight, self.bent, 2 * most)
        return sorted(self.of([column.name for column in columns]), key=lambda e: -e.spread)[:most]

    def together(self, name: str, other: str, count: int = 3) -> list[Effect]:
        """The effect of one column at ``count`` values of another, low to high (its most frequent labels)."""
        table, held = self._sample(), self._column(other)
        grid = _grid(self.problem.table[other], held.kind)
        at = np.unique(np.linspace(0.1, 0.9, count) * (len(grid) - 1) + 0.5).astype(np.int64)
        if held.kind in ("category", "boolean"):
            at = np.arange(min(count, len(grid)))
        found: list[Effect] = []
        for i in np.unique(at):
            effect = self._effect(
                _with(table, other, grid.slice(i, 1)), self._column(name), found[0].of if found else None
            )
            found.append(replace(effect, given=_plain(grid.slice(i, 1))[0]))
        return found

    def _sample(self) -> pa.Table:
        rows = np.random.default_rng([self.seed, 3]).permutation(self.problem.rows)[:SAMPLE]
        return self.problem.table.take(pa.array(np.sort(rows)))

    def _column(self, name: str) -> Column:
        return next(column for column in self.problem.inputs if column.name == name)

    def _effect(self, table: pa.Table, column: Column, of: str | None = None) -> Effect:
        classes = self.problem.classes
        grid = _grid(self.problem.table[column.name], column.kind)
        big = pa.concat_tables([_with(table, column.name, grid.slice(i, 1)) for i in range(len(grid))])
        x = self.encoder.transform(big)
        straight, bent = (_curves(model, x, len(grid), len(classes)) for model in (self.straight, self.bent))
        k = classes.index(of) if of is not None else _liveliest(bent, self.problem) if classes else 0
        return Effect(column.name, _plain(grid), straight[:, k], bent[:, k], classes[k] if classes else None)


def _heaviest(problem: Problem, encoder: Encoder, straight: Network, bent: Network, most: int) -> Sequence[Column]:
    """The ``most`` columns whose features, moved by a standard deviation, move either model most, each model's on the
    scale of its own largest."""  # fmt: skip
    if len(problem.inputs) <= most:
        return problem.inputs
    x = encoder.transform(problem)
    size, rows = x.std(axis=0), x[np.linspace(0, len(x) - 1, MOVED).round().astype(np.int64)]
    weight = np.zeros(len(size))
    for model in (straight, bent):
        still = model(rows)
        own = np.array([np.abs(model(rows + step) - still).mean() for step in np.diag(size)])
        weight = np.maximum(weight, own / max(own.max(), 1e-300))
    heaviest = dict.fromkeys(encoder.sources[i] for i in np.argsort(-weight, kind="stable"))
    chosen = set(list(heaviest)[:most])
    return [column for column in problem.inputs if column.name in chosen]


def _grid(values: pa.ChunkedArray, kind: str) -> pa.Array:
    """Up to ``GRID`` values: quantiles of a number's or date's distinct values, the most frequent labels otherwise."""
    import pyarrow.compute as pc

    known = values.drop_null()
    if kind in ("category", "boolean"):
        counts = pc.value_counts(known.combine_chunks())
        order = pc.sort_indices(counts.field("counts"), sort_keys=[("", "descending")])
        return counts.field("values").take(order[:GRID])
    distinct = pc.sort_indices(pc.unique(known))
    sorted_values = pc.unique(known).take(distinct)
    at = np.unique(np.linspace(0, len(sorted_values) - 1, GRID).round().astype(np.int64))
    return sorted_values.take(pa.array(at))


def _with(table: pa.Table, name: str, value: pa.Array) -> pa.Table:
    """The table with one value all down a column."""
    repeated = value.take(pa.array(np.zeros(table.num_rows, dtype=np.int64)))
    return table.set_column(table.column_names.index(name), name, repeated)


def _curves(model: Network, x: Array, count: int, classes: int) -> Array:
    """(values, outputs): mean prediction at each value of the grid."""
    output = model(x)
    if classes:
        output = probabilities(output)
    return np.asarray(output.reshape(count, -1, output.shape[1]).mean(axis=1))


def _liveliest(curves: Array, problem: Problem) -> int:
    """The class drawn: the second of two, else the one whose probability moves most."""
    return 1 if len(problem.classes) == 2 else int(np.argmax(np.ptp(curves, axis=0)))


def _plain(grid: pa.Array) -> list[float] | list[str]:
    values = grid.to_pylist()
    if all(isinstance(v, int | float) and not isinstance(v, bool) for v in values):
        return [float(v) for v in values]
    return [str(v) for v in values]
