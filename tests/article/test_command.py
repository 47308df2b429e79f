"""The article's command: the list, one part, the slips, JSON, both languages."""

from __future__ import annotations

import json

import pytest

from unbend.cli.article import article
from unbend.errors import BadInput


def test_one_part_is_printed_in_full(capsys: pytest.CaptureFixture[str]) -> None:
    assert article("a08", json=False) == 0
    shown = capsys.readouterr().out
    assert shown.startswith("✓ A08") and ">>> ub.combine([u, v], [2, -1])" in shown


def test_slips_are_printed_beside_corrections(capsys: pytest.CaptureFixture[str]) -> None:
    assert article("slips", json=False) == 0
    out, err = capsys.readouterr()
    assert out.count("written:") == out.count("holds:") == 15
    assert "15 of 15" in err


def test_json(capsys: pytest.CaptureFixture[str]) -> None:
    assert article("E11", json=True) == 0
    row = json.loads(capsys.readouterr().out)
    assert row["id"] == "E11" and row["ok"] is True and set(row) == {"id", "claim", "ok", "result", "slip", "lines"}


def test_unknown_part_is_rejected() -> None:
    with pytest.raises(BadInput, match="A01 to A28"):
        article("A99", json=False)
