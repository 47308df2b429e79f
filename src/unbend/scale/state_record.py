"""`to_record`, `from_record`: sums and samples as arrays and JSON, and back; nothing in a record is executed."""

from __future__ import annotations

import sys
from typing import Any

import numpy as np
import pyarrow as pa

from ..train.checkpoint import Arrays

_OWN = __name__.partition(".")[0]


def to_record(state: Any) -> tuple[Arrays, Any]:
    """(arrays by name, JSON) of numbers, texts, lists, arrays, Arrow tables and objects of this package's classes."""
    arrays: Arrays = {}
    return arrays, _write(state, arrays)


def from_record(arrays: Arrays, record: Any) -> Any:
    """The state that `to_record` was given. Raises ``ValueError`` for what it cannot have written.

    Of classes only those of this package that are loaded are made, without calling them.
    """
    try:
        return _read(record, arrays)
    except (KeyError, TypeError, AttributeError, IndexError, pa.ArrowException) as error:
        raise ValueError(f"no record of a state: {str(error)[:60]}") from error


def _write(value: Any, arrays: Arrays) -> Any:
    if value is None or isinstance(value, bool | int | float | str):
        return value
    if isinstance(value, np.generic):
        return value.item()
    if isinstance(value, list | tuple):
        return [type(value).__name__, *(_write(one, arrays) for one in value)]
    if isinstance(value, dict):
        return ["dict", *([_write(key, arrays), _write(one, arrays)] for key, one in value.items())]
    if isinstance(value, np.ndarray) and value.dtype.kind in "OU":
        return ["labels", value.dtype.kind, *(_write(one, arrays) for one in value.tolist())]
    name = str(len(arrays))
    if isinstance(value, np.ndarray):
        arrays[name] = value
        return ["array", name]
    if isinstance(value, pa.Table):
        sink = pa.BufferOutputStream()
        with pa.ipc.new_stream(sink, value.schema) as writer:
            writer.write_table(value)
        arrays[name] = np.frombuffer(sink.getvalue(), np.uint8)
        return ["table", name]
    kind = type(value)
    if kind.__module__.partition(".")[0] != _OWN:
        raise TypeError(f"{kind} has no record")
    return ["object", kind.__module__, kind.__name__, _write(value.__getstate__() or {}, arrays)]


def _read(record: Any, arrays: Arrays) -> Any:
    if not isinstance(record, list):
        return record
    tag, *rest = record
    if tag in ("list", "tuple"):
        values = [_read(one, arrays) for one in rest]
        return tuple(values) if tag == "tuple" else values
    if tag == "dict":
        return {_read(key, arrays): _read(one, arrays) for key, one in rest}
    if tag == "labels":
        return np.array([_read(one, arrays) for one in rest[1:]], object if rest[0] == "O" else str)
    if tag == "array":
        return arrays[rest[0]]
    if tag == "table":
        return pa.ipc.open_stream(pa.py_buffer(arrays[rest[0]])).read_all()
    if tag == "object":
        module, name, state = rest
        kind = getattr(sys.modules[module], name)
        if module.partition(".")[0] != _OWN or not isinstance(kind, type):
            raise ValueError(f"{module}.{name} is no class of this package")
        made: Any = object.__new__(kind)
        vars(made).update(_read(state, arrays))
        return made
    raise ValueError(f"unknown part {str(tag)[:20]}")
