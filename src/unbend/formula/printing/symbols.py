"""What TeX and MathML share: Greek letters, names with an index, and where brackets are needed."""

from __future__ import annotations

import re

from ..language.tree import Binary, Node
from .text import needs_brackets

_GREEK = (
    "alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi pi rho sigma tau upsilon phi chi psi "
    "omega"
).split()
LETTERS = dict(zip(_GREEK, "αβγδεζηθικλμνξπρστυφχψω", strict=True))
LETTER_NAMES = {letter: name for name, letter in LETTERS.items()}


def split_index(name: str) -> tuple[str, str]:
    """The letter and its index: b12 -> b, 12; w_in -> w, in."""
    match = re.fullmatch(r"([^\W\d_]+)_?(\d*|(?<=_)\w+)", name)
    return (match[1], match[2]) if match else (name, "")


def needs_typeset_brackets(child: Node, parent: Node, *, right: bool) -> bool:
    """Whether the operand needs brackets as a child of its parent; a fraction needs none, except in a power."""
    is_power = isinstance(parent, Binary) and parent.operator == "**"
    if isinstance(child, Binary) and child.operator == "/" and not is_power:
        return False
    return needs_brackets(child, parent, right=right)
