"""Reading and writing files: atomic writes, and every failure as a ``ModelError``."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ..errors import ModelError

# what reading a damaged file may raise
_READ_ERRORS = (KeyError, TypeError, AttributeError, ArithmeticError, ValueError, RecursionError, OSError, MemoryError)


def write_file(path: str | Path, content: bytes | str) -> Path:
    """Atomic write: to a temporary file in the same folder, synced, then renamed; then the folder is synced.

    Raises ``ModelError`` where the place cannot be written (no folder, no permission, disk full).
    """
    place = Path(path)
    data = content.encode("utf-8") if isinstance(content, str) else content
    temporary = ""
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(prefix=f".{place.name[:40]}.", dir=place.parent)
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        os.chmod(temporary, 0o666 & ~_umask())
        os.replace(temporary, place)
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
