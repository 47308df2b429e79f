"""`lessons`: the lessons at hand, one that is shipped and those that ``unbend lab --lesson`` names."""

from __future__ import annotations

from collections.abc import Collection
from importlib.resources import files
from pathlib import Path

from ...errors import BadInput
from ...words import language
from .parser import Lesson, parse_lesson

SHIPPED = "start"
_paths: dict[str, Path] = {}


def add_lesson(path: Path, pages: Collection[str]) -> str:
    """Offer the lesson in a file; returns its name. Raises ``BadInput`` where it is no lesson."""
    name = "".join(c if c.isalnum() or c in "-_" else "-" for c in path.stem) or "lesson"
    name = f"{name}-1" if name == SHIPPED else name
    parse_lesson(_read(path), pages)
    _paths[name] = path
    return name


def lessons() -> tuple[str, ...]:
    """Names of the lessons: those of the reader's own files first."""
    return (*_paths, SHIPPED)


def find_lesson(name: str, pages: Collection[str]) -> Lesson | None:
    """The lesson of this name, its file read anew; None without one. Raises ``BadInput`` where it is none any more."""
    if name in _paths:
        return parse_lesson(_read(_paths[name]), pages)
    if name == SHIPPED:
        text = files(__package__).joinpath(f"{SHIPPED}.{language()}.md").read_text(encoding="utf-8")
        return parse_lesson(text, pages)
    return None


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise BadInput("lab_lessons.unreadable", path=path, why=getattr(error, "strerror", None) or error) from None
