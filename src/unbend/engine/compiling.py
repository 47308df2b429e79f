"""How a kernel file is compiled: array types from annotations, ahead of the first call, kept on disk."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

import numba
from numba import float32, float64, int64, types

Function = Callable[..., Any]
njit: Any = numba.njit


def inner(function: Function) -> Function:
    """For functions that other kernels' text calls: compiled into their callers."""
    made: Function = njit(error_model="numpy", no_cpython_wrapper=True, forceinline=True)(function)
    return made


def array_types(element: str, classes: bool) -> dict[str, Any]:
    """The names that ``pieces.py`` gives to types, for ``"float32"`` or ``"float64"``."""
    kind = {"float32": float32, "float64": float64}[element]

    def given(of: Any, dimensions: int) -> Any:
        return types.Array(of, dimensions, "C", readonly=True)

    return {
        "Table": given(kind, 2),
        "Given": given(kind, 1),
        "Rows": given(int64, 1),
        "Plan": given(int64, 2),
        "Targets": given(int64 if classes else kind, 1),
        "Room": types.Array(kind, 1, "C"),
        "Answers": types.Array(kind, 2, "C"),
        "Sums": types.Array(float64, 1, "C"),
        "Signals": types.Array(int64, 1, "C"),
    }


def aside(function: Function) -> Function:
    """For functions that several kernels of a file call: compiled once, on its own."""
    made: Function = njit(error_model="numpy", no_cpython_wrapper=True)(function)
    return made


def _signature(*arguments_and_result: Any) -> Any:
    *arguments, result = arguments_and_result
    return result(*arguments)


def entry_point(keep: bool) -> Callable[[Function], Function]:
    """The decorator of functions that Python calls; ``keep`` keeps the compiled code beside the kernel file."""

    def decorate(function: Function) -> Function:
        simple: dict[Any, Any] = {int: int64, float: float64, None: types.void}
        found: list[Any] = [simple.get(a, a) for a in inspect.get_annotations(function).values()]
        signature = _signature(*found)
        made: Function = njit(signature, error_model="numpy", nogil=True, cache=keep)(function)
        return made

    return decorate
