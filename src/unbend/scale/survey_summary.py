"""`summarize`: what a survey says of each column: counts, quantiles and most frequent labels, with their errors."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from scipy import special

from ..arrays import Array
from ..data.column_reading import TypeName
from ..verdict.surveyed_column import LevelRows, SurveyedColumn
from .column_survey import ColumnSurvey, as_floats
from .survey import Survey
from .table_form import TableForm

SHARES = (0.01, 0.25, 0.5, 0.75, 0.99)
MOST_LEVELS = 10
CERTAINTY = 0.99  # that all bounds from the sample hold at once


def summarize(found: Survey, form: TableForm) -> tuple[SurveyedColumn, ...]:
    """Every column of the ``form``, in its order.

    What was counted is exact. Where a column has more different values than are counted, quantiles and labels are those
    of the uniform sample of rows with a target, which is the same in whatever order the table was read. The bounds of a
    share of rows: Dvoretzky, Kiefer & Wolfowitz with the constant of Massart (1990), Annals of Probability 18, for
    quantiles; Clopper & Pearson (1934), Biometrika 26, for labels. Both hold for draws with replacement; those without
    vary less. Bonferroni's inequality makes them hold for all columns and labels at once.
    """
    found.sample.uniform.settle()
    drawn, rows = found.sample.uniform.table, found.rows - found.columns[form.target].missing
    if drawn is None:
        drawn = pa.table({name: pa.array([], pa.null()) for name in form.types})
    chance = (1 - CERTAINTY) / len(form.types) if drawn.num_rows < rows else 0.0
    return tuple(
        _summary(name, form.types[name].name, column, _Sample(drawn[name], rows, chance))
        for name, column in found.columns.items()
    )


class _Sample(NamedTuple):
    """A column's ``cells`` in the drawn rows, of so many ``rows`` with a target, and the ``chance`` that a bound fails:
    0 where all rows were drawn."""  # fmt: skip

    cells: Any
    rows: int
    chance: float


def _summary(name: str, kind: TypeName, column: ColumnSurvey, sample: _Sample) -> SurveyedColumn:
    distinct = column.distinct
    quantiles: tuple[tuple[float, float], ...] = ()
    levels: tuple[LevelRows, ...] = ()
    error = 0.0
    if kind in ("category", "text"):
        most = distinct.most_frequent(MOST_LEVELS)
        if most is not None:
            levels = tuple(LevelRows(label, rows, rows, rows) for label, rows in most)
        elif kind == "category":
            levels = _estimated_levels(sample, distinct.count)
    elif column.rows > column.missing:
        if distinct.exact:
            order = np.argsort(distinct.values.astype(np.float64))
            values, counts = distinct.values[order].astype(np.float64), distinct.counts[order]
        else:
            values = _known(sample.cells)
            counts = np.ones(len(values), np.int64)
            if sample.chance:
                error = min(1.0, float(np.sqrt(np.log(2 / sample.chance) / (2 * max(1, len(values))))))
        between = zip(SHARES, _quantiles(values, counts), strict=True) if len(values) else ()
        quantiles = ((0.0, column.least), *between, (1.0, column.greatest))
    return SurveyedColumn(
        name=name,
        type=kind,
        rows=column.rows,
        missing=column.missing,
        distinct=min(distinct.count, column.rows - column.missing),  # an estimate may be more
        distinct_error=distinct.error,
        quantiles=quantiles,
        quantile_error=error,
        levels=levels,
    )


def _known(cells: Any) -> Array:
    """The finite numbers of a column, sorted."""
    values = as_floats(cells)
    return np.sort(values[np.isfinite(values)])


def _quantiles(values: Array, counts: Array) -> list[float]:
    """The least of the sorted ``values``, each ``counts`` times, at or below which there are these shares of all."""
    up_to = np.cumsum(counts)
    return [float(values[np.searchsorted(up_to, share * up_to[-1])]) for share in SHARES]


def _estimated_levels(sample: _Sample, distinct: int) -> tuple[LevelRows, ...]:
    """The most frequent labels of the drawn rows, of about so many ``distinct`` ones."""
    counted = sorted(((-n, label) for label, n in _label_counts(sample.cells)))[:MOST_LEVELS]
    drawn, side = len(sample.cells), sample.chance / (2 * distinct)  # whichever labels are shown
    levels = []
    for negative, label in counted:
        share = low = high = (k := -negative) / drawn
        if sample.chance:
            low = special.betaincinv(k, drawn - k + 1, side)
            high = special.betainccinv(k + 1, drawn - k, side) if k < drawn else 1.0
        levels.append(LevelRows(label, *(round(float(part) * sample.rows) for part in (share, low, high))))
    return tuple(levels)


def _label_counts(cells: Any) -> list[tuple[str, int]]:
    counts = pc.value_counts(cells.drop_null())
    return list(zip(counts.field("values").to_pylist(), counts.field("counts").to_pylist(), strict=True))
