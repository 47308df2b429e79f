"""The help pages of the command line, in the language in use and wrapped by the width of its letters.

Typer's own pages have English headings, and where lines wrap they cut letters that are two cells wide.
"""

from __future__ import annotations

import inspect
import re
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Annotated, Any, get_args, get_origin

from rich.cells import cell_len
from rich.console import Console
from rich.text import Text
from typer.core import TyperCommand, TyperGroup

from ..words import say
from .wrapping import wrap

_WIDEST_NAME = 28  # cells; the description of a wider one starts on the next line
_VALUES = {int: "NUMBER", float: "NUMBER", Path: "PATH"}  # what stands for a value of this type; others are TEXT
_OWN = {"help", "install_completion", "show_completion"}  # Typer's own options

Entry = tuple[str, str]  # what is typed, and what it means


class Command(TyperCommand):
    """A command whose help page is `page`."""

    def format_help(self, ctx: Any, formatter: Any) -> None:
        """Write the help page."""
        parameters = self.get_params(ctx)
        arguments = [p for p in parameters if p.param_type_name == "argument"]
        names = " ".join(_argument(p) for p in arguments)
        formatter.write(page(
            f"{ctx.command_path} [{say('cli.help_options').lower()}] {names}".rstrip(),
            self.help or "",
            {
                say("cli.help_arguments"): [(_argument(p), _meaning(p, ctx)) for p in arguments],
                say("cli.help_options"): list(_options(self, ctx)),
            },
        ))  # fmt: skip


class Group(TyperGroup):
    """The application, whose help page lists its commands."""

    def format_help(self, ctx: Any, formatter: Any) -> None:
        """Write the help page."""
        commands = [(name, self.get_command(ctx, name)) for name in self.list_commands(ctx)]
        formatter.write(page(
            f"{ctx.command_path} [{say('cli.help_options').lower()}] {say('cli.help_command')} …",
            self.help or "",
            {
                say("cli.help_commands"): [(name, c.help or "") for name, c in commands if c is not None],
                say("cli.help_options"): list(_options(self, ctx)),
            },
            self.epilog or "",
        ))  # fmt: skip


def page(usage: str, about: str, sections: dict[str, list[Entry]], epilog: str = "") -> str:
    """A help page; headings are bold on a terminal."""
    console = Console(file=sys.stdout, highlight=False)
    width = max(40, console.width)
    text = Text()
    text.append(say("cli.help_usage"), "bold").append(f" {usage}\n\n{wrap(about, width)}\n")
    for title, entries in sections.items():
        if entries:
            text.append(f"\n{title}\n", "bold")
            text.append("".join(_lines(entries, width)))
    if epilog:
        text.append(f"\n{wrap(epilog, width)}\n")
    with console.capture() as printed:
        console.print(text, end="", soft_wrap=True)
    return printed.get()


def _lines(entries: Iterable[Entry], width: int) -> Iterator[str]:
    entries = list(entries)
    column = min(max(cell_len(name) for name, _ in entries), _WIDEST_NAME) + 4
    for name, meaning in entries:
        first, *others = wrap(meaning, width - column).split("\n")
        if cell_len(name) + 4 > column:
            yield f"  {name}\n{' ' * column}{first}\n"
        else:
            yield f"  {name}{' ' * (column - 2 - cell_len(name))}{first}\n"
        for line in others:
            yield f"{' ' * column}{line}\n"


def _options(command: Any, ctx: Any) -> Iterator[Entry]:
    types = _types(command.callback)
    for option in command.get_params(ctx):
        if option.param_type_name != "option":
            continue
        names = ", ".join(sorted((*option.opts, *option.secondary_opts), key=lambda name: name.startswith("--")))
        value = "" if option.is_flag else option.metavar or _VALUES.get(types.get(option.name, str), "TEXT")
        yield f"{names} {value}".rstrip(), _meaning(option, ctx)


def _argument(argument: Any) -> str:
    name = (argument.metavar or argument.name).upper()
    return name if argument.required else f"[{name}]"


def _meaning(parameter: Any, ctx: Any) -> str:
    """The help text, and the default where there is one."""
    text = say(f"cli.help_{parameter.name}") if parameter.name in _OWN else parameter.help or ""
    default = parameter.get_default(ctx, call=False)
    if default is None or default in ("", (), []) or isinstance(default, bool) or callable(default):
        return text
    return f"{text} {say('cli.help_default', value=re.sub(r'[.]0$', '', str(default)))}"


def _types(function: Any) -> dict[str, Any]:
    """The type of a value of each parameter: int of ``Annotated[int | None, …]`` and of ``list[int]``."""
    found = {}
    for name, parameter in inspect.signature(function).parameters.items():
        kind = parameter.annotation
        if get_origin(kind) is Annotated:
            kind = get_args(kind)[0]
        inner = [inside for inside in get_args(kind) if inside is not type(None)]
        found[name] = inner[0] if inner else kind
    return found
