"""`header_lines`: the comment at the top of exported code, the same lines in every language."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ..version import __version__
from ..words import say
from .export_model import ExportModel

_MOST_NAMES = 20


def header_lines(model: ExportModel, title: str, precision: str, *, has_encode: bool = False) -> list[str]:
    """What goes in, in which order and unit, what comes out, and how exactly; for code that may have ``encode``."""
    lines = [head_made(model, title)]
    lines.append(say("export.head_encoded" if model.is_encoded else "export.head_columns", count=len(model.columns)))
    for i, name in enumerate(model.columns):
        unit = model.units[i] if model.units and model.units[i] else ""
        lines.append(f"  {i}: {name}{f' ({unit})' if unit else ''}")
    if has_encode:
        lines.append(say("export.head_encode"))
    if model.features is not None:
        lines.append(say("export.head_filled"))
    lines.append(say("export.head_outputs", names=_listed(model.outputs)))
    if model.classes:
        key = "export.head_lone" if model.has_log_odds else "export.head_classes"
        lines.append(say(key, names=_listed(model.classes), last=model.classes[-1]))
    return [*lines, precision]


def head_made(model: ExportModel, title: str) -> str:
    """What the file is, of which sizes, and what wrote it."""
    network = model.network
    sizes = "-".join(str(n) for n in (network.inputs, *(layer.outputs for layer in network.layers)))
    return say("export.head_made", name=title, sizes=sizes, dtype=network.dtype, version=__version__)


def comment_line(text: str) -> str:
    """Text that stays inside its comment, whatever a column is called: one line, no end or start of a comment."""
    text = "".join(c if c.isprintable() else " " for c in text)
    return re.sub(r"(?<=\?)(?=\?)|(?<=\*)(?=/)|(?<=/)(?=\*)", " ", text).rstrip("\\ ")


def _listed(names: Sequence[str]) -> str:
    return ", ".join([*names[:_MOST_NAMES], "…"] if len(names) > _MOST_NAMES else names)


def c_identifier(name: str) -> str:
    """The name as one that C takes, outside those reserved: letters, digits and single underscores."""
    cleaned = re.sub(r"_+", "_", re.sub(r"[^A-Za-z0-9]", "_", name)).strip("_")
    return cleaned if re.match(r"[A-Za-z]", cleaned) else f"model_{cleaned}".rstrip("_")
