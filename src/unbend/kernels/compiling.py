"""The Numba decorators and types of kernel files: signatures from annotations, compiled eagerly, cached on disk."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Sequence
from typing import Any

import numba
from numba import float32, float64, int64, types

from .compilers import InlinedCompiler, KernelCompiler
from .kernel_cache import enable_caching

Function = Callable[..., Any]
njit: Any = numba.njit
# without the wrappers that nobody calls, which cost compile time
_KERNEL: dict[str, Any] = {"error_model": "numpy", "no_cfunc_wrapper": True, "pipeline_class": KernelCompiler}
_CALLED_BY_PYTHON: dict[str, Any] = _KERNEL | {"nogil": True}
_CALLED_BY_KERNELS: dict[str, Any] = _KERNEL | {"no_cpython_wrapper": True}


def inlined(function: Function) -> Function:
    """For functions that other kernel functions call: compiled into their callers."""
    compiled: Function = njit(**_CALLED_BY_KERNELS | {"pipeline_class": InlinedCompiler}, forceinline=True)(function)
    return compiled


def compiled_once(function: Function) -> Function:
    """For functions that several entry points of a file call: compiled once, not inlined."""
    compiled: Function = njit(**_CALLED_BY_KERNELS)(function)
    return compiled


def vector_types() -> dict[str, Any]:
    """The Numba types behind the type names of ``declare.py``."""
    elements = {
        "Uint8s": types.uint8,
        "Uint32s": types.uint32,
        "Int32s": types.int32,
        "Int64s": int64,
        "Float32s": float32,
        "Float64s": float64,
    }
    return {
        f"{prefix}{name}": types.Array(of, 1, "C", readonly=bool(prefix))
        for name, of in elements.items()
        for prefix in ("", "Read")
    }


def array_types(element: str, classes: bool) -> dict[str, Any]:
    """The Numba types behind the type names of ``stubs.py``, for ``"float32"`` or ``"float64"``."""
    kind = {"float32": float32, "float64": float64}[element]

    def read_only(of: Any, dimensions: int) -> Any:
        return types.Array(of, dimensions, "C", readonly=True)

    return {
        "ReadFloats2D": read_only(kind, 2),
        "ReadFloats": read_only(kind, 1),
        "ReadInts": read_only(int64, 1),
        "ReadInts2D": read_only(int64, 2),
        "ReadInts32": read_only(types.int32, 1),
        "Targets": read_only(int64 if classes else kind, 1),
        "Floats": types.Array(kind, 1, "C"),
        "Floats2D": types.Array(kind, 2, "C"),
        "Doubles": types.Array(float64, 1, "C"),
        "AtomicInts": types.Array(int64, 1, "C"),
    }


def entry_points(names: Sequence[str], cache: bool) -> Callable[[Function], Function]:
    """The decorator of the functions that Python calls; those not among ``names`` are left uncompiled.

    ``cache`` stores the compiled code beside the kernel file.
    """

    def decorate(function: Function) -> Function:
        if function.__name__ not in names:
            return function
        scalars: dict[Any, Any] = {int: int64, float: float64, None: types.void}
        arguments: list[Any] = [scalars.get(a, a) for a in inspect.get_annotations(function).values()]
        result = arguments.pop()
        compiled: Any = njit(**_CALLED_BY_PYTHON)(function)
        if cache:
            enable_caching(compiled)
        compiled.compile(result(*arguments))
        compiled.disable_compile()
        kernel: Function = compiled
        return kernel

    return decorate
