"""Inference of a middling number of rows with a helper that is awake already: waking a thread would take as long.

After a job the helper looks out for the next one for a while before it goes to sleep (``helper.py``). A job is opened
in a ``box``; both threads take portions of rows; whoever asks waits only for portions that are in work. If the helper
is not there, all portions are left to the one who asks. Text of a kernel, after ``answers.py``.
"""

from __future__ import annotations

from typing import Any

from numba import carray  # type: ignore[attr-defined]

from .helper import (
    JOB_COLUMNS,
    JOB_INSIDE,
    JOB_NEXT,
    JOB_OPEN,
    JOB_OUT,
    JOB_OUTPUTS,
    JOB_PORTION,
    JOB_ROUND,
    JOB_ROWS,
    JOB_X,
)
from .pieces import Answers, Given, Plan, Signals, Table, answer_rows, entry, inner
from .together import address, give_back, leave, look, lying_at, rest, take


@inner
def portions(plan: Any, p: Any, box: Any) -> None:
    """Portions of the open job, until none is left."""
    rows = look(box, JOB_ROWS)
    x = carray(lying_at(look(box, JOB_X), p), (rows, look(box, JOB_COLUMNS)))
    out = carray(lying_at(look(box, JOB_OUT), p), (rows, look(box, JOB_OUTPUTS)))
    while True:
        first = take(box, JOB_NEXT) * JOB_PORTION
        if first >= rows:
            break
        answer_rows(x, first, min(rows, first + JOB_PORTION), plan, p, out)


@entry
def answer_shared(x: Table, plan: Plan, p: Given, out: Answers, box: Signals) -> None:
    """Open a job, work on it, close it, and wait until the helper has left it."""
    leave(box, JOB_X, address(x))
    leave(box, JOB_OUT, address(out))
    leave(box, JOB_ROWS, x.shape[0])
    leave(box, JOB_COLUMNS, x.shape[1])
    leave(box, JOB_OUTPUTS, out.shape[1])
    leave(box, JOB_NEXT, 0)
    leave(box, JOB_OPEN, 1)
    take(box, JOB_ROUND)
    portions(plan, p, box)
    leave(box, JOB_OPEN, 0)
    while look(box, JOB_INSIDE) > 0:
        rest()


@entry
def help_along(plan: Plan, p: Given, box: Signals, patience: int) -> None:
    """The helper: join every job that is opened, until nothing has come for ``patience`` looks."""
    turn, looks = 0, 0
    while looks < patience:
        now = look(box, JOB_ROUND)
        if now == turn:
            looks += 1
            rest()
            continue
        turn, looks = now, 0
        take(box, JOB_INSIDE)  # from here on the one who asked waits …
        if look(box, JOB_OPEN) == 1:  # … if the job is still open
            portions(plan, p, box)
        give_back(box, JOB_INSIDE)
