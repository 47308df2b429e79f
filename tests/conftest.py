"""Shared by all tests: where the shared data lie, and the language messages are read in."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

import unbend

SHARED = Path(__file__).resolve().parents[2] / "shared"


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder with the published data sets and the article; a test that needs it skips where it is absent."""
    if not (SHARED / "data").is_dir():
        pytest.skip(f"the data sets beside the checkout are not here ({SHARED.name}/data)")
    return SHARED


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    """Tests read English messages unless they ask for another language."""
    unbend.set_language("en")
    yield
    unbend.set_language(None)


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Networks of one small layer and few steps: for tests of what stands around the training."""
    from unbend.verdict import Settings

    small = Settings(members=2, hidden=(8,), batch_size=16, steps=60)
    monkeypatch.setattr(Settings, "for_rows", classmethod(lambda cls, rows: small))
