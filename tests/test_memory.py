"""Sizes of memory as text; what is in use."""

from __future__ import annotations

import numpy as np
import pytest

from unbend.errors import BadInput
from unbend.memory import memory_limit, parse_size, peak_memory, release_unused, size_text, used_memory


@pytest.mark.parametrize(
    ("text", "size"),
    [("2GB", 2e9), ("500MB", 5e8), ("1.5GiB", 1.5 * 2**30), (" 64 kib ", 2**16), ("3g", 3e9), ("1024", 1024), (7, 7)],
)
def test_sizes(text: str | int, size: float) -> None:
    assert parse_size(text) == size


@pytest.mark.parametrize("text", ["", "much", "-1GB", "0", "2 XB", "1e9", "GB", "nan", True])
def test_what_is_no_size(text: str) -> None:
    with pytest.raises(BadInput, match="2GB, 500MB"):
        parse_size(text)


def test_the_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("UNBEND_MEMORY", raising=False)
    assert memory_limit() is None and memory_limit("1GB") == 10**9
    monkeypatch.setenv("UNBEND_MEMORY", "300MB")
    assert memory_limit() == 3 * 10**8 and memory_limit("1GB") == 10**9


def test_size_text() -> None:
    assert [size_text(n) for n in (5, 1e6, 999.4e6, 999.9e6, 2.34e9)] == ["1 MB", "1 MB", "999 MB", "1.0 GB", "2.3 GB"]


def test_memory_in_use() -> None:
    before = used_memory()
    array = np.ones(8_000_000)
    assert used_memory() - before > 0.8 * array.nbytes and peak_memory() >= before > 1e6
    del array
    release_unused()
    assert used_memory() - before < 32e6
