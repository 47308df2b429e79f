"""Options of a command in a TOML file: ``--settings FILE`` reads, ``--save-settings FILE`` writes those of a run."""

from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path
from typing import Any

import typer

from ..errors import DataError
from ..file_access import write_file
from ..words import say
from .usage_errors import value_error

# options that are about one run and its places, not about what is fitted
NOT_SAVED = {
    "out", "out_of_fold", "test", "figures", "checkpoint", "resume", "json", "quiet", "verbose", "settings",
    "save_settings", "help",
}  # fmt: skip


def read_settings(context: typer.Context, value: Path | None) -> Path | None:
    """The callback of ``--settings``: the file's values become the defaults of the other options.

    Raises ``DataError`` with the line of the first entry that is no option or not one of its values.
    """
    if value is None or context.resilient_parsing:
        return value
    text = _read(value)
    try:
        entries = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise DataError("cli.settings_not_toml", path=value, reason=str(error)) from None
    options = _options(context)
    defaults: dict[str, Any] = {}
    for key, entry in entries.items():
        name = key.replace("-", "_")
        where = {"path": value, "line": _line(text, key), "key": key}
        if name not in options:
            raise _unknown(where, key, options)
        defaults[name] = _checked(context, options[name], entry, where)
    context.default_map = {**(context.default_map or {}), **defaults}
    return value


def save_settings(context: typer.Context, path: Path) -> None:
    """Write the options of this run, those left at their defaults too, so that the file repeats it later."""
    lines = [f"# {say('cli.settings_header', command=context.command_path, path=path)}"]
    for name in _options(context):
        entry = context.params.get(name)
        if entry is None or entry in ((), []):
            continue
        if name == "target" and len(entry) == 1:
            entry = entry[0]
        lines.append(f"{name.replace('_', '-')} = {_toml(entry)}")
    write_file(path, "\n".join(lines) + "\n")


def _options(context: typer.Context) -> dict[str, Any]:
    """The command's options that a file may hold, by name."""
    return {
        parameter.name: parameter
        for parameter in context.command.params
        if parameter.name is not None and parameter.param_type_name == "option" and parameter.name not in NOT_SAVED
    }


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise DataError("cli.settings_unreadable", path=path, reason=reason) from None


def _line(text: str, key: str) -> int:
    """The line that assigns ``key``, from 1."""
    pattern = re.compile(rf"""\s*["']?{re.escape(key)}["']?\s*[=.\]]""")
    lines = text.splitlines()
    return next((n for n, line in enumerate(lines, 1) if pattern.match(line.lstrip("[ "))), 1)


def _unknown(where: dict[str, Any], key: str, options: dict[str, Any]) -> DataError:
    from difflib import get_close_matches

    names = [name.replace("_", "-") for name in options]
    near = get_close_matches(key.replace("_", "-"), names, 1)
    if near:
        return DataError("cli.settings_unknown_near", near=near[0], **where)
    return DataError("cli.settings_unknown", known=", ".join(names), **where)


def _checked(context: typer.Context, option: Any, entry: Any, where: dict[str, Any]) -> Any:
    """``entry`` as the command line would give it, if the option can take it."""
    flag = bool(getattr(option, "is_flag", False))
    items = entry if option.multiple and isinstance(entry, list) else [entry]
    kinds = bool if flag else (str, int, float)
    try:
        if any(not isinstance(item, kinds) or isinstance(item, bool) is not flag for item in items):
            raise TypeError(say("cli.settings_type_flag" if flag else "cli.settings_type"))
        words = items if flag else [str(item) for item in items]
        value = words if option.multiple else words[0]
        option.process_value(context, value)
    except Exception as error:  # Typer does not export the class of its errors
        reason = value_error(str(getattr(error, "message", None) or error))
        raise DataError("cli.settings_value", got=entry, reason=reason, **where) from None
    return value


def _toml(entry: Any) -> str:
    if isinstance(entry, bool):
        return "true" if entry else "false"
    if isinstance(entry, int | float):
        return repr(entry)
    if isinstance(entry, list | tuple):
        return "[" + ", ".join(_toml(item) for item in entry) + "]"
    return json.dumps(str(entry), ensure_ascii=False).replace("\x7f", "\\u007f")
