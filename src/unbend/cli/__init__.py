"""The command line ``unbend COMMAND``: data to stdout, messages to stderr; exit codes 0 success, 1 negative answer, 2
invalid input.

The application is made for each call, with the requested command alone: so nothing else is imported.
"""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Iterable, Sequence
from difflib import get_close_matches
from importlib import import_module
from pathlib import Path
from typing import Any

from ..errors import BadInput
from ..language import set_language
from ..words import LANGUAGES, language, say
from .encoding import tolerate_encodings
from .output import flush_output, output_failed
from .usage_errors import usage_error
from .verbosity import with_verbosity

# one module each, with one public function of that name; heavy imports are inside the function
COMMANDS = (
    "fit",
    "predict",
    "check",
    "axioms",
    "collapse",
    "regions",
    "explain",
    "shrink",
    "export",
    "vectors",
    "figures",
    "article",
    "bench",
    "lab",
    "doctor",
)

OBJECTS_BEFORE_COLLECTION = 20_000  # Python's default of 700 searches what was just imported again and again


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line and exit with its code."""
    tolerate_encodings()
    gc.set_threshold(OBJECTS_BEFORE_COLLECTION)
    sys.exit(flush_output(run(sys.argv[1:] if arguments is None else arguments)))


def run(arguments: Sequence[str]) -> int:
    """Run one command; the exit code. Errors are one line on stderr."""
    from ..file_access import recorded_writes

    with recorded_writes() as written:
        return _run(arguments, written)


def _run(arguments: Sequence[str], written: Iterable[Path]) -> int:
    import typer

    try:
        remaining = _as_help(_parse_language(list(arguments)))  # before the help texts are made
        result = _app(remaining)(remaining, prog_name="unbend", standalone_mode=False)
        if result == 130:  # Typer's answer to a KeyboardInterrupt
            raise KeyboardInterrupt
    except BadInput as error:
        return _fail(str(error))
    except (KeyboardInterrupt, typer.Abort):
        print(_interrupted(list(written)), file=sys.stderr)
        return 130
    except SystemExit as error:  # so Rich ends where the reading end of a pipe was closed
        if isinstance(error.__context__, BrokenPipeError):
            return output_failed(error.__context__)
        raise
    except OSError as error:
        if error.filename is not None:
            raise
        return output_failed(error)
    except Exception as error:
        if not hasattr(error, "format_message"):  # Typer's own errors have it; it does not export their classes
            raise
        context = getattr(error, "ctx", None)
        if context is not None and type(error).__name__ == "NoArgsIsHelpError":
            print(context.get_help())
            return 0
        command = context.command_path if context is not None else _command_path(arguments)
        text = usage_error(error)
        return _fail(f"{text}{'' if text.endswith('?') else '.'} {say('cli.see_help', command=command)}")
    return result if isinstance(result, int) else 0


def _interrupted(written: Sequence[Path]) -> str:
    """What is kept of an interrupted run: the files that it has written so far."""
    from ..train.checkpoint import FILE_NAME

    if not written:
        return say("cli.interrupted")
    key = "interrupted_resume" if any(path.name == FILE_NAME for path in written) else "interrupted_kept"
    return say(f"cli.{key}", paths=", ".join(map(str, written)))


def _fail(text: str) -> int:
    print(f"{say('cli.error')}: {text}", file=sys.stderr)
    return 2


def _parse_language(arguments: list[str]) -> list[str]:
    """Set the language from ``--lang ko`` or ``--lang=ko`` at any position; returns the remaining arguments."""
    for i, word in enumerate(arguments):
        if word == "--":
            break
        if word == "--lang" or word.startswith("--lang="):
            value = word.partition("=")[2] or (arguments[i + 1] if i + 1 < len(arguments) and "=" not in word else "")
            set_language(value)
            return arguments[:i] + arguments[i + (1 if "=" in word else 2) :]
    set_language(language())
    return arguments


def _app(arguments: Sequence[str]) -> Any:
    """The Typer application, with the requested command alone, or with all commands for the help text."""
    import typer

    from .help_page import Command, Group

    languages = say("cli.languages", known="|".join(LANGUAGES))
    names = {"help_option_names": ["-h", "--help"]}
    app = typer.Typer(cls=Group, no_args_is_help=True, help=say("cli.help"), epilog=languages, context_settings=names)

    def version(requested: bool) -> None:
        if requested:
            from ..version import __version__

            print(__version__)
            raise typer.Exit

    @app.callback()
    def root(
        version: bool = typer.Option(False, "--version", callback=version, is_eager=True, help=say("cli.version")),
    ) -> None:
        pass

    for name in _commands(arguments):
        function = getattr(import_module(f".{name}", __name__), name)
        app.command(name, cls=Command, help=say(f"cli.{name}"))(with_verbosity(function))
    return app


def _commands(arguments: Sequence[str]) -> Sequence[str]:
    """The command that is requested or being completed; all of them where none is. Raises ``BadInput`` for others."""
    completing = os.environ.get("_TYPER_COMPLETE_ARGS") or os.environ.get("COMP_WORDS", "")
    words = completing.split()[1:] if "_UNBEND_COMPLETE" in os.environ else arguments
    command = next((word for word in words if not word.startswith("-")), None)
    if command in COMMANDS:
        return [command]
    if arguments and command is not None and not arguments[0].startswith("-"):
        near = get_close_matches(command, COMMANDS, 1)
        if near:
            raise BadInput("cli.no_such_command_near", got=command, near=near[0])
        raise BadInput("cli.no_such_command", got=command, known=", ".join(COMMANDS))
    return COMMANDS


def _command_path(arguments: Sequence[str]) -> str:
    return " ".join(["unbend", *[word for word in arguments if word in COMMANDS][:1]])


def _as_help(arguments: list[str]) -> list[str]:
    """``help`` and ``help COMMAND`` as ``--help`` and ``COMMAND --help``."""
    return [*arguments[1:], "--help"] if arguments[:1] == ["help"] else arguments
