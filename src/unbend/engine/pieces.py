"""What the kernels' text leaves open: float type, lanes, and the pieces printed from the records of each network.

The functions here only name those pieces and say what they do; a kernel file (see ``generate.py``) has real ones in
their place, and turns the names of array types into Numba's.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from ..arrays import Array

LANES = 16  # how many floats the processor takes at once
CHUNK = 8  # how many tiles of rows are in work together
TALL, WIDE = 6, 4  # rows and lanes whose sums the processor's registers hold

# the types of arguments: arrays are C-ordered, the given ones only read
Table = Array  # given floats, two-dimensional
Given = Array  # given floats, one-dimensional
Rows = Array  # given whole numbers, one-dimensional
Plan = Array  # given whole numbers, two-dimensional
Targets = Array  # given floats or class numbers, one-dimensional
Room = Array  # floats to write to, one-dimensional
Answers = Array  # floats to write to, two-dimensional
Sums = Array  # float64 to write to, one-dimensional
Signals = Array  # whole numbers that threads write to, one-dimensional

_F = TypeVar("_F", bound=Callable[..., Any])


def inner(function: _F) -> _F:
    """Marks a function that other kernels' text calls; it is compiled into its callers."""
    return function


def aside(function: _F) -> _F:
    """Marks a function that several kernels of a file call; it is compiled once, on its own."""
    return function


def entry(function: _F) -> _F:
    """Marks a function that Python calls; it runs without Python's lock."""
    return function


def activate(code: int, h: Any, d: Any, at: int, slope_at: int, count: int) -> None:
    """Turn ``count`` lanes of sums in h from ``at`` into values, and write the slopes to d from ``slope_at``."""
    raise NotImplementedError


def row_loss(output: Any, target: Any) -> Any:
    """(loss, slope by the output) of lanes of outputs and targets."""
    raise NotImplementedError


def lose(*arguments: Any) -> float:
    """The loss, and the last layer's deltas in place of its slopes: ``lose_values`` or ``lose_classes``."""
    raise NotImplementedError


def settle(*arguments: Any) -> None:
    """What is done with a block of derivatives: ``settle_at_once`` or ``settle_later``."""
    raise NotImplementedError


def renew(*arguments: Any) -> None:
    """What is done with a slab after that: ``renew_nothing`` or ``renew_by_formula``."""
    raise NotImplementedError


def move(p: Any, g: Any, state: Any, decay: Any, begin: int, end: int, rate: float, c1: float, c2: float) -> None:
    """One step of the optimiser on the weights begin … end; ``decay`` is empty for none."""
    raise NotImplementedError


def answer_rows(x: Any, first: int, end: int, plan: Any, p: Any, out: Any) -> None:
    """out[first … end] from x[first … end]; stands in ``answers.py``."""
    raise NotImplementedError
