"""Literals of C: strings, floats, and lists of them."""

from __future__ import annotations

from collections.abc import Iterable

from ..arrays import Array
from ..network.shortest_decimals import shortest_decimals

_LONGEST_LINE = 112


def c_string(text: str | bytes) -> str:
    """A string in UTF-8; octal escapes stand for all but plain ASCII, and for ?, as in trigraphs."""
    content = text.encode("utf-8", "replace") if isinstance(text, str) else text
    plain = "".join(chr(byte) if 32 <= byte < 127 and chr(byte) not in '"\\?' else f"\\{byte:03o}" for byte in content)
    return f'"{plain}"'


def c_floats(numbers: Array) -> list[str]:
    """Numbers of type float."""
    return [digits + ("f" if set(digits) & set(".e") else ".0f") for digits in shortest_decimals(numbers)]


def listed(items: Iterable[object], nothing: str = "0") -> str:
    """The items of an initialiser in lines; C has no empty arrays, so ``nothing`` stands where there are none."""
    lines, line = [], "   "
    for text in map(str, items):
        if len(line) + len(text) > _LONGEST_LINE and line.strip():
            lines.append(line)
            line = "   "
        line += f" {text},"
    lines = [*lines, line] if line.strip() else lines
    return "\n".join(lines) or f"    {nothing}"
