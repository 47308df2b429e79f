"""`roles`: the role of each name in a formula, variable (a column of data) or parameter (to be estimated)."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from typing import NamedTuple

from ...errors import FormulaError
from .functions import CONSTANTS

_LIKE_A_VARIABLE = re.compile(r"[xtzuv]\d*|x_\w+")
_GREEK = frozenset(
    "alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi omicron pi rho sigma tau upsilon phi chi "
    "psi omega".split()
)


class Roles(NamedTuple):
    """``guessed``: no roles were declared, so the conventions of mathematics decide."""

    variables: tuple[str, ...]
    parameters: tuple[str, ...]
    guessed: bool


def roles(names: Sequence[str], variables: Collection[str] | None, parameters: Collection[str] | None) -> Roles:
    """The role of each name. ``pi`` and ``e`` are constants unless declared; declared names keep their order.

    Raises ``FormulaError`` where a declared name is not in the formula, or one is declared twice or not at all.
    """
    declared = [*(variables or ()), *(parameters or ())]
    for name in declared:
        if name not in names:
            raise FormulaError("formula.declared_in_vain", at=0, name=name, known=", ".join(names))
        if declared.count(name) > 1:
            raise FormulaError("formula.declared_twice", at=0, name=name)
    free = [n for n in names if n not in CONSTANTS or n in declared]
    if variables is None and parameters is None:
        guess = _guess(free)
        return Roles(tuple(guess), _in_order([n for n in free if n not in guess]), True)
    if variables is None:
        chosen = [n for n in free if n not in (parameters or ())]
        return Roles(tuple(chosen), tuple(parameters or ()), False)
    if parameters is None:
        chosen = [n for n in free if n not in variables]
        return Roles(tuple(variables), _in_order(chosen), False)
    for name in free:
        if name not in declared:
            raise FormulaError("formula.not_declared", at=0, name=name)
    return Roles(tuple(variables), tuple(parameters), False)


def possible_products(
    variables: Collection[str], parameters: Sequence[str], columns: Collection[str] = ()
) -> list[str]:
    """Parameters of two or three letters that may be meant as products, such as ax.

    Neither columns nor Greek letters; the last letter is a variable or one of x, y, z, t.
    """
    ends = {*variables, *"xyzt"}
    return [
        name
        for name in parameters
        if 2 <= len(name) <= 3 and name.isalpha() and name.isascii() and name.lower() not in _GREEK
        and name not in columns and name[-1] in ends
    ]  # fmt: skip


def _guess(names: Sequence[str]) -> list[str]:
    """x, t, z, u, v with or without numbers; where there are none, words such as 나이 or cement."""
    letters = [n for n in names if _LIKE_A_VARIABLE.fullmatch(n)]
    return letters or [n for n in names if _is_word(n)]


def _in_order(names: Sequence[str]) -> tuple[str, ...]:
    """b1, b2, b3 … by their numbers where all names are one stem with numbers; else in the order of the text."""
    parts = [re.fullmatch(r"(\D+)(\d+)", n) for n in names]
    if all(parts) and len({p[1] for p in parts if p}) == 1:
        return tuple(sorted(names, key=lambda n: int(re.sub(r"\D", "", n))))
    return tuple(names)


def _is_word(name: str) -> bool:
    letters = name.rstrip("0123456789_")
    asian = any(c >= "ᄀ" for c in letters)
    return letters not in _GREEK and (len(letters) >= 3 or (asian and len(letters) >= 2))
