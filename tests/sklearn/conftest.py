"""The NumPy engine for small networks: otherwise kernels would be compiled for every loss and dtype."""

from __future__ import annotations

import pytest


@pytest.fixture(autouse=True)
def plain(monkeypatch: pytest.MonkeyPatch) -> None:
    """No kernels."""
    monkeypatch.setenv("UNBEND_ENGINE", "numpy")


@pytest.fixture
def brief(monkeypatch: pytest.MonkeyPatch) -> None:
    """A verdict from one tiny network and one repeat: for tests of the code around it."""
    from unbend.verdict import Settings, plan

    tiny = Settings(members=1, hidden=(4,), batch_size=32, steps=10)
    monkeypatch.setattr(Settings, "for_rows", classmethod(lambda cls, rows: tiny))
    monkeypatch.setattr(plan, "MAX_REPEATS", 1)
