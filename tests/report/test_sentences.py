"""Numbers in sentences: digits, separators, signs, no exponent where people read."""

from __future__ import annotations

import pytest

from unbend.report.number_text import number, percent


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0, "0"), (27_123.4, "27,123"), (-88_840, "−88,840"), (1_389.6, "1,390"), (9_999_999, "9,999,999"),
        (12_345_678, "1.235e+07"), (0.00012345, "0.0001234"), (0.00001, "1.000e−05"), (2.5, "2.5"), (3.14159, "3.142"),
        (999.96, "1000"), (0.1, "0.1"), (100.0, "100"), (float("inf"), "inf"), (-0.5, "−0.5"),
    ],
)  # fmt: skip
def test_numbers(value: float, text: str) -> None:
    assert number(value) == text


@pytest.mark.parametrize(
    ("fraction", "text"),
    [(0.123, "12.3"), (1e-16, "0"), (-4.35, "−435"), (26.8, "2,680"), (1.0, "100"), (2e-6, "0.0002"), (-1e-9, "0")],
)
def test_percentages(fraction: float, text: str) -> None:
    assert percent(fraction) == f"{text}\N{NO-BREAK SPACE}%"
