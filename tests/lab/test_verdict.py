"""The page Verdict: tables, targets, and fits started by a button."""

from __future__ import annotations

from typing import Any

import pytest

from unbend.errors import BadInput
from unbend.lab import verdict, verdict_job
from unbend.lab.table_input import shipped_table, uploaded_table
from unbend.lab.verdict_job import FitJobs


def test_a_fit_starts_when_the_button_is_clicked_and_not_when_it_is_recreated(monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[dict[str, Any]] = []

    class FakeJob:
        done, problem = False, ""

        def __init__(self, function: object, **arguments: Any) -> None:
            started.append(arguments)

        def stop(self) -> None:
            started.append({})

    monkeypatch.setattr(verdict_job, "SubprocessJob", FakeJob)
    jobs = FitJobs()
    assert [jobs.start_if_clicked(count, {"seed": k}) for k, count in enumerate((0, 1, 1, 0, 0, 1))] == [
        0,
        1,
        0,
        0,
        0,
        1,
    ]
    assert started == [{"seed": 1}, {}, {"seed": 5}]


def test_tables_and_targets() -> None:
    table = uploaded_table("../../data/내 표.csv", b"a,b\n1,2\n3,4\n")
    assert table.name == "내 표.csv" and table.columns == ("a", "b") and table.rows == 2
    fields, column, problem = verdict.fields_for(table, verdict.fields(), "a")
    target = next(field for field in fields if field.name == "target")
    assert (target.default, target.read("a"), column, problem) == ("b", "a", "a", "")
    assert "nonsense" in verdict.fields_for(table, verdict.fields(), "nonsense")[2]
    for content in (b"", b"\x00\x01\x02" * 50, b"a,b\n1\n2,3,4\n", b'a,"b\n1,2\n'):
        with pytest.raises(BadInput):
            uploaded_table("broken.csv", content)
    assert shipped_table("concrete").rows == 1030
