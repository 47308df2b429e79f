"""A limit on the work of proofs, counted in the sizes of expressions, so that it does not depend on the clock."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

Expression = Any


class OutOfWork(Exception):
    """The work that a proof may cost is used up."""


class WorkLimit:
    """How much work remains; 1 is about the work on one node of an expression."""

    def __init__(self, amount: float) -> None:
        self.remaining = amount

    def spend(self, amount: float) -> None:
        """Count this much work; raises ``OutOfWork``."""
        self.remaining -= amount
        if self.remaining < 0:
            raise OutOfWork


_CURRENT: ContextVar[WorkLimit | None] = ContextVar("work limit of proofs", default=None)


@contextmanager
def limited_to(limit: WorkLimit) -> Iterator[None]:
    """Within, ``spend`` counts against this limit."""
    token = _CURRENT.set(limit)
    try:
        yield
    finally:
        _CURRENT.reset(token)


def spend(amount: float) -> None:
    """Count work against the limit in force, if there is one; raises ``OutOfWork``."""
    limit = _CURRENT.get()
    if limit is not None:
        limit.spend(amount)


def spend_on(expression: Expression) -> None:
    """Count the work on an expression: its nodes."""
    if _CURRENT.get() is None:
        return
    count, pending = 0, [expression]
    while pending:
        count += 1
        pending += pending.pop().args
    spend(count)
