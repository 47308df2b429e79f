"""Reading and writing files: atomic writes, and every failure as a ``ModelError``.

A tensor file is a safetensors file with a JSON object, its header, in the metadata under ``unbend``.
"""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np

from .arrays import Array
from .errors import ModelError

# what reading a damaged file may raise
_READ_ERRORS = (KeyError, TypeError, AttributeError, ArithmeticError, ValueError, RecursionError, OSError, MemoryError)

_records: list[dict[Path, None]] = []


@contextmanager
def recorded_writes() -> Iterator[dict[Path, None]]:
    """A context that yields the paths, in order, that `write_file` has written in it so far, on any thread."""
    record: dict[Path, None] = {}
    _records.append(record)
    try:
        yield record
    finally:
        _records.remove(record)


def write_file(path: str | Path, content: bytes | str | Iterator[str]) -> Path:
    """Atomic write: to a temporary file in the same folder, synced, then renamed; then the folder is synced.

    ``content`` may come in parts, which need not fit into memory together.

    Raises ``ModelError`` where the place cannot be written (no folder, no permission, disk full).
    """
    place = Path(path)
    parts = (content,) if isinstance(content, bytes | str) else content
    temporary = ""
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(prefix=f".{place.name[:40]}.", dir=place.parent)
        with os.fdopen(handle, "wb") as file:
            for part in parts:
                file.write(part.encode("utf-8") if isinstance(part, str) else part)
            file.flush()
            os.fsync(file.fileno())
        os.chmod(temporary, 0o666 & ~_umask())
        os.replace(temporary, place)
        for record in _records:
            record[place] = None
        _sync_folder(place.parent)
    except BaseException as error:  # also a KeyboardInterrupt removes the temporary file
        if temporary and os.path.exists(temporary):
            os.unlink(temporary)
        if not isinstance(error, OSError):
            raise
        raise ModelError("network.cannot_write", path=place, reason=error.strerror or str(error)) from error
    return place


def _sync_folder(folder: Path) -> None:
    """Flush the rename to disk; not needed on Windows, where folders cannot be opened."""
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


@contextmanager
def reading(path: str | Path, damaged: str = "network.not_a_model") -> Iterator[Path]:
    """A context in which the file at ``path`` is read and every failure to do so is raised as ``ModelError``.

    Yields the path. ``damaged`` is the key of the message for contents that cannot be read.
    """
    from safetensors import SafetensorError

    place = Path(path)
    try:
        if not place.is_file():
            raise ModelError("network.no_such_model", path=place)
        yield place
    except ModelError:
        raise
    except (SafetensorError, *_READ_ERRORS) as error:
        reason = (str(error).splitlines() or [type(error).__name__])[0]
        raise ModelError(damaged, path=place, reason=reason[:120]) from error


def tensors_with_header(arrays: Mapping[str, Array], header: Mapping[str, Any]) -> bytes:
    """A safetensors file's bytes: arrays by name, and ``header``, a JSON object in its metadata."""
    from safetensors.numpy import save as to_bytes

    tensors = {name: np.ascontiguousarray(a) for name, a in arrays.items()}
    text = json.dumps(header, ensure_ascii=False)
    if any("\ud800" <= c <= "\udfff" for c in text):  # surrogates without their other half have no form in UTF-8
        text = json.dumps(header)
    return to_bytes(tensors, metadata={"unbend": text})


def tensor_format(path: Path) -> str:
    """The format that a tensor file's header names; "" where the file is no tensor file."""
    from safetensors import SafetensorError, safe_open

    try:
        with safe_open(path, framework="numpy") as file:
            return str(json.loads((file.metadata() or {})["unbend"])["format"])
    except (SafetensorError, *_READ_ERRORS):
        return ""


def check_header(header: Any, path: Path, wanted: str, version: int) -> None:
    """Raises ``ModelError`` where a header's format and version are not these."""
    name, number = header.get("format"), header.get("version")
    if name != wanted:
        raise ModelError("network.other_format", path=path, got=str(name)[:40], wanted=wanted)
    if type(number) is not int or number != version:
        raise ModelError("network.other_version", path=path, got=str(number)[:40], known=version)
