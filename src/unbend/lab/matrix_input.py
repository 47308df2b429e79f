"""Parse typed matrices and vectors into exact fractions, and format them as text and MathML."""

from __future__ import annotations

import re
from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from ..errors import BadInput
from ..formula.printing.mathml import matrix_mathml, number_mathml
from ..words import say

MAX_ROWS, MAX_COLUMNS = 8, 8
_NUMBER = re.compile(r"[+-]?(\d{1,12}(\.\d{0,12})?|\.\d{1,12})(/\d{1,12})?")
_MINUS = str.maketrans({"−": "-", "–": "-", "(": " ", ")": " ", "[": " ", "]": " "})

Matrix = list[list[Fraction]]


def parse_matrix(text: str, label: str, max_rows: int = MAX_ROWS) -> Matrix:
    """Parse a matrix: numbers such as -2, 0.5 or 3/4 separated by spaces or commas, rows by semicolons or newlines.

    Raises ``BadInput``, one line that names ``label``, where a number is invalid or the rows differ in length.
    """
    rows = [re.split(r"[\s,]+", row.strip(" \t,")) for row in re.split(r"[;\n]", text.translate(_MINUS)) if row.strip()]
    if not rows or len(rows) > max_rows or max(map(len, rows)) > MAX_COLUMNS:
        raise BadInput("lab_pages.rows_size", name=label, rows=max_rows, columns=MAX_COLUMNS)
    if len({len(row) for row in rows}) > 1:
        raise BadInput("lab_pages.rows_ragged", name=label, lengths=", ".join(str(len(row)) for row in rows))
    return [[_number(cell, label) for cell in row] for row in rows]


def format_matrix(rows: Sequence[Sequence[Any]]) -> str:
    """The matrix as the text that ``parse_matrix`` reads."""
    return "; ".join(" ".join(str(x) for x in row) for row in rows)


def matrix_element(rows: Sequence[Sequence[Any]]) -> str:
    """A matrix as MathML."""
    return matrix_mathml([[number_mathml(x) for x in row] for row in rows])


def display_math(*parts: str) -> str:
    """MathML parts in a row, as a display formula."""
    return f'<div class="scroll" tabindex="0"><math display="block"><mrow>{"".join(parts)}</mrow></math></div>'


def format_vector(vector: Sequence[Any]) -> str:
    """A vector or coefficients as (1, −2, 3/4)."""
    return f"({', '.join(str(x) for x in vector)})".replace("-", "−")


def _number(cell: str, label: str) -> Fraction:
    if not _NUMBER.fullmatch(cell):
        raise BadInput("lab_pages.not_a_number", name=label, got=cell[:20] or say("lab_pages.nothing"))
    numerator, _, denominator = cell.partition("/")
    if denominator and not int(denominator):
        raise BadInput("lab_pages.not_a_number", name=label, got=cell[:20])
    return Fraction(numerator) / int(denominator or 1)
