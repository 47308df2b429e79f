"""Typed matrices: what is parsed and what is rejected."""

from __future__ import annotations

import pytest

from unbend.errors import BadInput
from unbend.lab.matrix_input import parse_matrix


@pytest.mark.parametrize("text", ["1 2; 3 4", "1, 2\n3, 4", "(1 2); (3 4)", " 1 2 ;3 4; "])
def test_rows_are_parsed(text: str) -> None:
    assert parse_matrix(text, "A") == [[1, 2], [3, 4]]


@pytest.mark.parametrize("text", ["", "1 2; 3", "a", "1/0", "__import__('os')", "1e999", "nan", "1 " * 99, "1;" * 99])
def test_invalid_rows_are_rejected(text: str) -> None:
    with pytest.raises(BadInput, match="A"):
        parse_matrix(text, "A")
