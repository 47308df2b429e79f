"""Odd tables (`benchmarks/odd_tables.py`): notes that need no comparison, and tables that are quickly fitted."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from unbend.data import Encoder, pose_problem
from unbend.verdict import Settings
from unbend.verdict.group_hints import group_hints
from unbend.verdict.grouping import group_rows
from unbend.verdict.plan import WorkPlan

sys.path.insert(0, str(Path(__file__).parents[2] / "benchmarks"))
odd_tables = pytest.importorskip("odd_tables")

BY_NAME = {odd.name: odd for odd in odd_tables.ODD}
WITH_A_FIT = {"verdict.steps_cut", "verdict.screened"}
WITHOUT_A_FIT = [odd.name for odd in odd_tables.ODD if odd.notes and not WITH_A_FIT & {*odd.notes}]
QUICK = Settings(members=2, hidden=(8,), steps=300, batch_size=32)


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("name", WITHOUT_A_FIT)
def test_what_is_odd_is_said(name: str, seed: int) -> None:
    odd = BY_NAME[name]
    problem = pose_problem(odd.make(np.random.default_rng(seed)), "y")
    grouping = group_rows(problem, None, dict(odd.arguments).get("time"), ())
    encoder = Encoder.fit(problem)
    hints = group_hints(problem, encoder.transform(problem), encoder.sources)
    keys = {note.key for note in (*problem.notes, *grouping.notes, *hints)}
    assert keys & set(odd.notes)


@pytest.mark.parametrize(
    "name",
    ["wild cell in x", "wild cell in y", "sorted by the target", "heavy tails", "constant but one", "a trend"],
)  # fmt: skip
def test_the_verdict_is_right_or_open(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """With small networks, which change none of these verdicts."""
    monkeypatch.setattr(sys.modules["unbend.verdict.pipeline"], "plan", lambda *a: WorkPlan(5, 1, QUICK))
    odd: Any = BY_NAME[name]
    assert odd_tables.faults(odd, odd_tables.fit(odd)) == []
