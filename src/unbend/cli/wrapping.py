"""Wrap text for a terminal without parting what belongs together: a number and its unit, an option and its hyphens."""

from __future__ import annotations

import re

from rich.cells import cell_len

# spaces that are no places for a line break: before a unit, after a bullet, before a value, in p = 0.2, p < 0.1
_GLUE = re.compile(r"(?<=\d) (?=(?:s|ms|MB|GB)\b|%)|(?<=^·) |(?<=\w [=<>]) (?=[\d−-])|(?<=\w) (?=[=<>] [\d−-])")
_GLUED = "\ue000"  # as wide as such a space; a no-break space would be no space to the shell it is pasted into
_OPTION = re.compile(r"(--[\w-]+) (?=[\w'\"])")


def wrap(text: str, width: int) -> str:
    """``text`` in lines of at most ``width`` cells, broken at ordinary spaces alone; a longer word stays whole.

    Rich also breaks at no-break spaces.
    """
    lines: list[str] = []
    line, used = "", 0
    for word in _OPTION.sub(r"\1" + _GLUED, _GLUE.sub(_GLUED, text)).split(" "):
        cells = cell_len(word)
        if line and used + 1 + cells > width:
            lines.append(line)
            line, used = word, cells
        elif line:
            line, used = f"{line} {word}", used + 1 + cells
        else:
            line, used = word, cells
    return "\n".join([*lines, line]).replace(_GLUED, " ")
