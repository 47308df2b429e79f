"""Numbers that a reader types, as exact fractions: rows of a matrix, lists of vectors."""

from __future__ import annotations

import re
from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from ..errors import BadInput
from ..formula.printing.mathml import matrix_mathml, number_mathml
from ..words import say

MOST_ROWS, MOST_COLUMNS = 8, 8
_NUMBER = re.compile(r"[+-]?(\d{1,12}(\.\d{0,12})?|\.\d{1,12})(/\d{1,12})?")
_MINUS = str.maketrans({"−": "-", "–": "-", "(": " ", ")": " ", "[": " ", "]": " "})

Rows = list[list[Fraction]]


def read_rows(text: str, label: str, most: int = MOST_ROWS) -> Rows:
    """Rows of the same length: numbers such as -2, 0.5 or 3/4 between spaces or commas, rows between semicolons.

    Raises ``BadInput``, one line that names ``label``.
    """
    rows = [re.split(r"[\s,]+", row.strip(" \t,")) for row in re.split(r"[;\n]", text.translate(_MINUS)) if row.strip()]
    if not rows or len(rows) > most or max(map(len, rows)) > MOST_COLUMNS:
        raise BadInput("lab_pages.rows_size", name=label, rows=most, columns=MOST_COLUMNS)
    if len({len(row) for row in rows}) > 1:
        raise BadInput("lab_pages.rows_ragged", name=label, lengths=", ".join(str(len(row)) for row in rows))
    return [[_number(cell, label) for cell in row] for row in rows]


def write_rows(rows: Sequence[Sequence[Any]]) -> str:
    """The text that ``read_rows`` reads."""
    return "; ".join(" ".join(str(x) for x in row) for row in rows)


def matrix(rows: Sequence[Sequence[Any]]) -> str:
    """A matrix as MathML."""
    return matrix_mathml([[number_mathml(x) for x in row] for row in rows])


def math(*parts: str) -> str:
    """MathML parts in a row, as a whole ``<math>`` element of its own line."""
    return f'<div class="scroll" tabindex="0"><math display="block"><mrow>{"".join(parts)}</mrow></math></div>'


def shown(vector: Sequence[Any]) -> str:
    """A vector or coefficients as a reader writes them."""
    return f"({', '.join(str(x) for x in vector)})".replace("-", "−")


def _number(cell: str, label: str) -> Fraction:
    if not _NUMBER.fullmatch(cell):
        raise BadInput("lab_pages.not_a_number", name=label, got=cell[:20] or say("lab_pages.nothing"))
    top, _, bottom = cell.partition("/")
    if bottom and not int(bottom):
        raise BadInput("lab_pages.not_a_number", name=label, got=cell[:20])
    return Fraction(top) / int(bottom or 1)
