"""`may_not_fit`: whether a table's files are so large that reading them whole may take more memory than is allowed."""

from __future__ import annotations

from pathlib import Path

from ..data.database_reader import is_database
from .file_listing import KINDS

PACKED = 50  # times its size on disk is the most that a table takes in memory


def may_not_fit(path: Path, limit: int, *, query: bool = False) -> bool:
    """Whether a file, a folder, or a database that is queried, may take more than ``limit`` bytes once it is read.

    False for what can only be read whole, and for what is not there.
    """
    return _size(path, query) * PACKED > limit


def _size(path: Path, query: bool) -> int:
    """The bytes of the files that a source can read; 0 for what it cannot."""
    if path.is_dir():
        return sum(file.stat().st_size for file in path.rglob("*") if _is_table(file))
    if not path.is_file():
        return 0
    with path.open("rb") as file:
        database = is_database(file.read(16))
    return path.stat().st_size if (database and query) or _is_table(path) else 0


def _is_table(path: Path) -> bool:
    return path.name.lower().endswith(tuple(ending for endings in KINDS.values() for ending in endings))
