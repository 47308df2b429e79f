"""Counts of n-grams as the rows of a linear model: the kernel, compiled by ``kernels/sources.py``.

A row's value in a column is log2(1 + count) times the column's inverse document frequency, divided by the row's length.
"""

from typing import Any

import numpy as np

from ..kernels.declare import (
    Float32s,
    Float64s,
    Int32s,
    Int64s,
    ReadFloat32s,
    ReadFloat64s,
    ReadInt32s,
    ReadInt64s,
    entry_point,
    inlined,
)


@inlined
def log_count(count: Any) -> Any:
    """log2(1 + count), of which most are 1."""
    return 1.0 if count == 1.0 else np.log2(1.0 + np.float64(count))


@entry_point
def keep_columns(row_starts: Int64s, columns: Int32s, values: Float32s, number: ReadInt32s) -> int:
    """Renumber the columns of CSR rows in place, without those whose ``number`` is -1; returns the entries left."""
    total, begin = np.int64(0), row_starts[0]
    for row in range(len(row_starts) - 1):
        end = row_starts[row + 1]
        for p in range(begin, end):
            column = number[columns[p]]
            if column >= 0:
                columns[total], values[total] = column, values[p]
                total += 1
        begin, row_starts[row + 1] = end, total
    return int(total)


@entry_point
def count_rows(
    row_starts: ReadInt64s, columns: ReadInt32s, group: ReadInt32s, groups: int, begin: int, end: int, out: Int32s
) -> None:
    """Add to ``out`` (columns * groups,) how many of the rows from ``begin`` to ``end`` have an entry in each column.

    They are counted by their ``group`` (rows,), those of -1 not at all.
    """
    for row in range(begin, end):
        if group[row] >= 0:
            for p in range(row_starts[row], row_starts[row + 1]):
                out[np.int64(columns[p]) * groups + group[row]] += 1


@entry_point
def weigh_rows(
    row_starts: ReadInt64s,
    columns: ReadInt32s,
    counts: ReadFloat32s,
    idf: ReadFloat32s,
    begin: int,
    end: int,
    values: Float32s,
) -> None:
    """The values of the rows from ``begin`` to ``end``; ``values`` may be ``counts``."""
    for row in range(begin, end):
        squares = 0.0
        for p in range(row_starts[row], row_starts[row + 1]):
            value = idf[columns[p]] * log_count(counts[p])
            squares += value * value
            values[p] = value
        scale = 1.0 / np.sqrt(squares) if squares > 0.0 else 0.0
        for p in range(row_starts[row], row_starts[row + 1]):
            values[p] = values[p] * scale


@entry_point
def scale_entries(columns: ReadInt32s, values: ReadFloat32s, scale: ReadFloat32s, out: Float32s) -> None:
    """Each entry's value times its column's ``scale``; ``out`` may be ``values``."""
    for p in range(len(columns)):
        out[p] = values[p] * scale[columns[p]]


@entry_point
def score_counts(
    row_starts: ReadInt64s,
    buckets: ReadInt32s,
    counts: ReadFloat32s,
    number: ReadInt32s,
    idf: ReadFloat32s,
    weights: ReadFloat32s,
    intercepts: ReadFloat64s,
    out: Float64s,
) -> None:
    """Outputs of a linear model of weighted n-grams, written to ``out`` (texts * outputs,).

    ``number`` (buckets,) is a bucket's column, -1 where it has none, ``weights`` (columns * outputs,) are by columns.
    The weighted row is log2(1 + count) * idf, divided by its length.
    """
    width = len(intercepts)
    for row in range(len(row_starts) - 1):
        at = row * width
        squares = 0.0
        for p in range(row_starts[row], row_starts[row + 1]):
            column = np.int64(number[buckets[p]])
            if column >= 0:
                value = idf[column] * log_count(counts[p])
                squares += value * value
                for k in range(width):
                    out[at + k] += value * np.float64(weights[column * width + k])
        scale = 1.0 / np.sqrt(squares) if squares > 0.0 else 0.0
        for k in range(width):
            out[at + k] = out[at + k] * scale + intercepts[k]
