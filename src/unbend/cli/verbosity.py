"""``--quiet`` and ``--verbose`` of every command, and what is said beside an answer."""

from __future__ import annotations

import functools
import inspect
import logging
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Annotated, Any

import typer

from .. import log
from ..words import say

_quiet = False


def tell(text: str) -> None:
    """Print to stderr what is not part of the answer; nothing with ``--quiet``."""
    if not _quiet:
        print(text, file=sys.stderr)


def shows_progress() -> bool:
    """Whether a progress bar may be drawn: neither ``--quiet`` nor lines of a log beside it."""
    return not _quiet and not log.logger.isEnabledFor(logging.INFO)


def with_verbosity(function: Callable[..., Any]) -> Callable[..., Any]:
    """The command ``function`` with the options ``--quiet`` and ``--verbose``."""

    @functools.wraps(function)
    def command(quiet: bool = False, verbose: bool = False, **arguments: Any) -> Any:
        with _verbosity(quiet, verbose):
            return function(**arguments)

    options = {
        "quiet": Annotated[bool, typer.Option("--quiet", "-q", help=say("cli.quiet"))],
        "verbose": Annotated[bool, typer.Option("--verbose", "-v", help=say("cli.verbose"))],
    }
    signature = inspect.signature(function, eval_str=True)
    kind = inspect.Parameter.KEYWORD_ONLY
    added = [inspect.Parameter(name, kind, default=False, annotation=hint) for name, hint in options.items()]
    parameters = [*signature.parameters.values(), *added]
    command.__signature__ = signature.replace(parameters=parameters)  # type: ignore[attr-defined]
    command.__annotations__ = {parameter.name: parameter.annotation for parameter in parameters}
    del command.__wrapped__  # Typer reads the annotations of the function it wraps
    return command


@contextmanager
def _verbosity(quiet: bool, verbose: bool) -> Iterator[None]:
    global _quiet
    before, level = _quiet, log.logger.level
    _quiet = quiet
    handler = _handler()
    if verbose:
        log.logger.addHandler(handler)
        log.logger.setLevel(logging.INFO)
    try:
        if quiet:
            with log.muted():
                yield
        else:
            yield
    finally:
        _quiet = before
        log.logger.removeHandler(handler)
        log.logger.setLevel(level)


def _handler() -> logging.Handler:
    """Shows messages on stderr, each with the seconds since the command began."""
    began = time.monotonic()

    class _Handler(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            print(f"{time.monotonic() - began:7.1f} s  {record.getMessage()}", file=sys.stderr, flush=True)

    return _Handler(logging.INFO)
