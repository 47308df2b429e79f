"""What exported code says about itself: the same lines in every language."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ..words import say
from .carried import Carried


def heading(what: Carried, title: str, precision: str) -> list[str]:
    """The lines of the comment on top: what goes in, in which order and unit, what comes out, how exactly."""
    from ..version import __version__

    net = what.network
    sizes = "-".join(str(n) for n in (net.inputs, *(layer.outputs for layer in net.layers)))
    lines = [say("export.head_made", name=title, sizes=sizes, dtype=net.dtype, version=__version__)]
    lines.append(say("export.head_encoded" if what.encoded else "export.head_columns", count=len(what.columns)))
    for i, name in enumerate(what.columns):
        unit = what.units[i] if what.units and what.units[i] else ""
        lines.append(f"  {i}: {name}{f' ({unit})' if unit else ''}")
    if what.features is not None:
        lines.append(say("export.head_filled"))
    lines.append(say("export.head_outputs", names=", ".join(_shown(what.outputs))))
    if what.classes:
        key = "export.head_lone" if what.lone else "export.head_classes"
        lines.append(say(key, names=", ".join(_shown(what.classes)), last=what.classes[-1]))
    return [*lines, precision]


def _shown(names: Sequence[str]) -> list[str]:
    return [*names[:20], "…"] if len(names) > 20 else list(names)


def plain_line(text: str) -> str:
    """Text that stays inside its comment, whatever a column is called: one line, no end or start of a comment."""
    text = "".join(c if c.isprintable() else " " for c in text)
    return re.sub(r"(?<=\?)(?=\?)|(?<=\*)(?=/)|(?<=/)(?=\*)", " ", text).rstrip("\\ ")
