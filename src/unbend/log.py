"""The logger "unbend": what a long call does, at level INFO, in the language in use. Silent unless asked for.

``logging.getLogger("unbend").setLevel("INFO")`` shows the messages on stderr, or wherever handlers were set up.
"""

from __future__ import annotations

import logging
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from .words import say

logger = logging.getLogger("unbend")
_muted = False


class _StderrWithoutSetup(logging.NullHandler):
    """Writes to stderr if the user gave this logger a level and nobody set up a handler; else a ``NullHandler``."""

    def handle(self, record: logging.LogRecord) -> bool:
        if logger.level != logging.NOTSET and logger.handlers == [self] and not logging.getLogger().handlers:
            print(record.getMessage(), file=sys.stderr)
        return True


logger.addHandler(_StderrWithoutSetup())


def info(key: str, /, **values: Any) -> None:
    """Log the message ``key`` of the catalogue at level INFO; nothing is put together where nobody listens."""
    if logger.isEnabledFor(logging.INFO):
        logger.info("%s", say(key, **values))


def notice(text: str) -> None:
    """Tell the user on stderr, or in the log where that is shown; silent within `muted`."""
    if logger.isEnabledFor(logging.INFO):
        logger.info("%s", text)
    elif not _muted:
        print(text, file=sys.stderr)


@contextmanager
def muted() -> Iterator[None]:
    """A context in which `notice` is silent."""
    global _muted
    before, _muted = _muted, True
    try:
        yield
    finally:
        _muted = before


class Stopwatch:
    """Logs the phases of a call, each with the seconds since the one before: ``phases.done("log.read")``."""

    def __init__(self) -> None:
        self._last = time.monotonic()

    def done(self, key: str, /, **values: Any) -> None:
        """The phase that ends now; its message may use ``{seconds}``."""
        now = time.monotonic()
        info(key, seconds=f"{now - self._last:.1f}", **values)
        self._last = now
