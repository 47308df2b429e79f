"""`lower_case_runs`: the lower case of single code points, as runs that a language without Unicode tables can hold."""

from __future__ import annotations

import functools
from typing import NamedTuple


class LowerCaseRun(NamedTuple):
    """Every ``step``-th code point from ``first`` to ``last`` becomes lower by adding ``shift``."""

    first: int
    last: int
    step: int
    shift: int


@functools.cache
def lower_case_runs() -> tuple[LowerCaseRun, ...]:
    """Ascending; of code points whose lower case is another single one (İ becomes two, and is not among them)."""
    found: list[LowerCaseRun] = []
    for c in range(0x110000):
        low = chr(c).lower()
        if len(low) > 1 or ord(low) == c:
            continue
        shift = ord(low) - c
        if found and found[-1].shift == shift:
            first, last, step, _ = found[-1]
            gap = c - last
            if gap == step or (first == last and gap <= 2):
                found[-1] = LowerCaseRun(first, c, gap, shift)
                continue
        found.append(LowerCaseRun(c, c, 1, shift))
    return tuple(found)
