"""The functions that a user's formula may call by name: those of the formula language, and every activation."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from ..activations import activations
from ..formula.language.definitions import Definitions, standard_definitions
from ..formula.language.functions import FUNCTIONS
from ..formula.language.grammar import parse
from ..formula.language.identifiers import identifiers


@cache
def definitions() -> Definitions:
    """{name: formula in x} of every function that is not built into the language."""
    records = {name: parse(record.formula) for name, record in activations.items() if name not in FUNCTIONS}
    return {**standard_definitions(), **records}


def column_identifiers(names: Sequence[str]) -> dict[str, str]:
    """{column: its name in formulas}, see ``formula.language.identifiers``; no column takes the name of a function."""
    return identifiers(names, reserved=definitions())
