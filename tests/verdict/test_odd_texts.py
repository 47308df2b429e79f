"""Odd tables with texts (`benchmarks/odd_texts.py`) that are quickly fitted: nothing is claimed that few texts hide."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from unbend.report.sentences import explanation
from unbend.verdict.text.bend_network import BendSettings

sys.path.insert(0, str(Path(__file__).parents[2] / "benchmarks"))
odd_texts = pytest.importorskip("odd_texts")
odd_tables = pytest.importorskip("odd_tables")

BY_NAME = {odd.name: odd for odd in odd_texts.ODD}


@pytest.mark.parametrize("name", ["150 texts, negation", "hardly any time"])
def test_that_there_is_nothing_is_said_of_many_texts_alone(name: str) -> None:
    odd = BY_NAME[name]
    result = odd_tables.fit(odd)
    assert odd_tables.faults(odd, result) == []
    assert result.text.bend_pays != "no"
    said = explanation(result)
    assert ("--budget" in said) == (name == "hardly any time")


def test_few_rows_are_passed_over_more_often() -> None:
    settings = [BendSettings.for_rows(rows) for rows in (300, 1500, 3000, 20_000)]
    assert [one.passes for one in settings] == [10, 2, 1, 1]
