"""Where a command writes: results that cannot be written are refused before the work; a closed or full stdout."""

from __future__ import annotations

import contextlib
import os
import re
import sys
import tempfile
from pathlib import Path

from ..errors import DataError
from ..words import say


def check_writable(path: Path) -> None:
    """Raises ``DataError`` before a minute of work where no file could be written into the folder of ``path``.

    The test is a temporary file: permissions do not tell of read-only or virtual file systems such as /proc.
    """
    if re.match(r"\w{2,}:/", path.as_posix()):
        raise DataError("cli.remote_place", path=path)
    folder = path.parent
    made: list[Path] = []
    try:
        for parent in [*reversed(folder.parents), folder]:
            if not parent.exists():
                parent.mkdir()
                made.append(parent)
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError:
        raise DataError("cli.cannot_write", path=folder) from None
    finally:
        for parent in reversed(made):  # a command that fails later leaves no empty folders
            parent.rmdir()


def flush_output(code: int) -> int:
    """Flush stdout, whose failure would otherwise be a message of the interpreter at exit; the exit code."""
    try:
        sys.stdout.flush()
    except OSError as error:
        return output_failed(error)
    return code


def output_failed(error: OSError) -> int:
    """The exit code after stdout could not be written: 0 where the reader had enough, as `head`, else 2 and a line."""
    with contextlib.suppress(OSError):  # a stdout that is no file has no number
        devnull = os.open(os.devnull, os.O_WRONLY)
        os.dup2(devnull, sys.stdout.fileno())  # what is left in the buffer goes there at exit
        os.close(devnull)
    if isinstance(error, BrokenPipeError):
        return 0
    print(f"{say('cli.error')}: {say('cli.output_failed', reason=error.strerror or str(error))}", file=sys.stderr)
    return 2
