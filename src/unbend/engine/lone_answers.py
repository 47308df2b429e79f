"""Inference by one thread. Text of a kernel, after ``answers.py``."""

from __future__ import annotations

from .pieces import Answers, Given, Plan, Table, answer_rows, entry


@entry
def answer(x: Table, first: int, end: int, plan: Plan, p: Given, out: Answers) -> None:
    """out[first … end] from x[first … end]."""
    answer_rows(x, first, end, plan, p, out)
