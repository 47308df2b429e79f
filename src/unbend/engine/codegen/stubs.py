"""The slots of a kernel's source: what is imported from here is filled in by ``generate.py``, each slot by its name.

The functions here only declare those slots and say what they do, so that kernel sources are ordinary modules for
readers, linters and type checkers. A kernel file defines every slot that its source imports.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from ...arrays import Array

# constants
LANES = 16  # floats in a SIMD vector of this machine
PANEL_VECTORS = 4  # vectors of outputs in a full panel of weights (large kernel, inference)
BETA1, BETA2 = 0.9, 0.999  # decay rates of the moments that the optimizer's bias corrections undo

# types of an entry point's arguments: arrays are C-contiguous; those called Read… are read-only
ReadFloats2D = Array  # floats (n, k)
ReadFloats = Array  # floats (n,)
ReadInts = Array  # int64 (n,)
ReadInts2D = Array  # int64 (n, k)
ReadInts32 = Array  # int32 (n,)
Targets = Array  # read-only floats or class numbers (n,)
Floats = Array  # floats (n,)
Floats2D = Array  # floats (n, k)
Doubles = Array  # float64 (n,)
AtomicInts = Array  # int64 (n,) for atomics

_F = TypeVar("_F", bound=Callable[..., Any])


def inlined(function: _F) -> _F:
    """Decorator of a function that other kernel functions call: compiled into its callers."""
    return function


def compiled_once(function: _F) -> _F:
    """Decorator of a function that several entry points of a file call: compiled once, not inlined."""
    return function


def entry_point(function: _F) -> _F:
    """Decorator of a function that Python calls; it runs without the GIL."""
    return function


def activate(code: int, h: Any, d: Any, at: int, slope_at: int, count: int) -> None:
    """Activation number ``code`` of ``count`` vectors of h from ``at``, in place; its slopes to d from ``slope_at``."""
    raise NotImplementedError


def elementwise_loss(output: Any, target: Any) -> Any:
    """(loss, slope by the output) of vectors of outputs and targets."""
    raise NotImplementedError


def loss_and_deltas(*arguments: Any) -> float:
    """The summed loss; the last layer's deltas are written in place of its slopes.

    An alias: ``elementwise_loss_and_deltas`` or ``cross_entropy_and_deltas``.
    """
    raise NotImplementedError


def apply_gradients(*arguments: Any) -> None:
    """What is done with a block of weight gradients still in registers.

    An alias: ``apply_sgd`` (updates the weights) or ``store_gradients``.
    """
    raise NotImplementedError


def update_weights(*arguments: Any) -> None:
    """What is done with the stored gradients of some weights. An alias: ``already_updated`` or ``optimizer_step``."""
    raise NotImplementedError


def optimizer_step(
    p: Any, g: Any, state: Any, decay: Any, begin: int, end: int, rate: float, c1: float, c2: float
) -> None:
    """One step of the optimizer on p[begin:end] with gradients g[begin:end]; ``decay`` is empty for none."""
    raise NotImplementedError
