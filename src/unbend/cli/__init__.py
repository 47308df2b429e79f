"""The command line: ``unbend COMMAND``. Data to stdout, talk to stderr; exit 0 fine, 1 "no", 2 bad input."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib import import_module
from typing import Any

from ..errors import BadInput
from ..language import set_language
from ..words import LANGUAGES, language, say
from .encoding import tolerate_encodings

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
    "figures",
    "article",
    "bench",
    "lab",
)


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line and exit with its code."""
    tolerate_encodings()
    sys.exit(run(sys.argv[1:] if arguments is None else arguments))


def run(arguments: Sequence[str]) -> int:
    """Run one command; the exit code. Errors are one line on stderr."""
    import typer

    try:
        remaining = _parse_language(list(arguments))  # before the help texts are made
        result = _app(remaining)(remaining, prog_name="unbend", standalone_mode=False)
    except BadInput as error:
        return _fail(str(error))
    except (KeyboardInterrupt, typer.Abort):
        print(say("cli.interrupted"), file=sys.stderr)
        return 130
    except BrokenPipeError:  # the reading end of the pipe was closed, as by `head`
        sys.stderr.close()
        return 0
    except Exception as error:
        message = getattr(error, "format_message", None)  # Typer's own errors; it does not export their classes
        if message is None:
            raise
        context = getattr(error, "ctx", None)
        if context is not None and type(error).__name__ == "NoArgsIsHelpError":
            print(context.get_help())
            return 0
        return _fail(f"{message()} {say('cli.see_help', command=context.command_path if context else 'unbend')}")
    return result if isinstance(result, int) else 0


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

    languages = say("cli.languages", known="|".join(LANGUAGES))
    app = typer.Typer(no_args_is_help=True, help=say("cli.help"), epilog=languages)

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

    command = next((word for word in arguments if not word.startswith("-")), None)
    for name in [command] if command in COMMANDS else COMMANDS:
        app.command(name, help=say(f"cli.{name}"))(getattr(import_module(f".{name}", __name__), name))
    return app
