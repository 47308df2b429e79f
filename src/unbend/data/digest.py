"""`digest`: a content hash of a table, independent of the source it was read from."""

from __future__ import annotations

import hashlib
from typing import Any

import numpy as np
import pyarrow as pa


def digest(table: Any) -> str:
    """16 hex digits made from an Arrow table's column names, types and values.

    Hashed are values, not buffers: neither the bytes under a null nor the chunking of the rows matters.
    """
    hasher = hashlib.sha256()
    for name, column in zip(table.column_names, table.columns, strict=True):
        if pa.types.is_float32(column.type):
            column = column.cast(pa.float64())
        kind = column.type
        hasher.update(f"{name!r} {kind} {len(column)}".encode())
        hasher.update(np.packbits(column.is_valid().to_numpy()).data)
        if pa.types.is_boolean(kind) or pa.types.is_timestamp(kind):
            column = column.cast(pa.int64())
        if pa.types.is_floating(column.type) or pa.types.is_integer(column.type):
            hasher.update(np.ascontiguousarray(column.fill_null(0).to_numpy()).data)
        else:
            for value in column.to_pylist():
                text = repr(value).encode("utf-8", "surrogatepass")
                hasher.update(len(text).to_bytes(8, "little") + text)
    return hasher.hexdigest()[:16]
