"""Lessons: Markdown files whose steps lead through the pages. `parse_lesson` reads one, `lessons` lists all."""

from __future__ import annotations

from .library import add_lesson, find_lesson, lessons
from .parser import Lesson, Question, Step, parse_lesson

__all__ = ["Lesson", "Question", "Step", "add_lesson", "find_lesson", "lessons", "parse_lesson"]
