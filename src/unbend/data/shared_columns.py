"""`share_columns`: the columns of a large table become views of its features, so that both are in memory once."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pyarrow as pa

from .encoder import Encoder
from .problem import Problem


def share_columns(problem: Problem, encoder: Encoder, features: np.ndarray) -> Problem:
    """The problem with the same table, whose float32 columns are taken from ``features`` (rows, features) if these
    hold them unchanged, column by column: no missing cell was filled, and the array is in column order."""  # fmt: skip
    if features.dtype != np.float32 or not features.flags.f_contiguous:
        return problem
    table, start = problem.table, 0
    for column in encoder.column_encoders:
        position = table.schema.get_field_index(column.name)
        if column.kind == "number" and column.plain and position >= 0:
            values = pa.chunked_array([pa.array(features[:, start])])
            if values.equals(table.column(position)):
                table = table.set_column(position, table.field(position), values)
        start += len(column.names)
    return replace(problem, table=table)
