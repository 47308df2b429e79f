"""Atomic operations on int64 arrays, the spin-wait hint, and raw addresses: for kernels that run on several threads.

All atomics are sequentially consistent.
"""

from __future__ import annotations

import platform
from typing import Any

from llvmlite import ir
from numba.core import types

from ...kernels.vector import address_ir, intrinsic

_WORD, _INT = ir.IntType(64), ir.IntType(32)


def _add_one(operation: str) -> Any:
    def code(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        at = address_ir(context, builder, sig.args[0], args[0], args[1])
        return builder.atomic_rmw(operation, at, _WORD(1), "seq_cst")

    return code


@intrinsic
def fetch_add(typing: Any, array: Any, index: Any) -> Any:
    """Atomic fetch-and-add: array[index] += 1; returns the value before."""
    return types.int64(array, types.intp), _add_one("add")


@intrinsic
def fetch_sub(typing: Any, array: Any, index: Any) -> Any:
    """Atomic fetch-and-subtract: array[index] -= 1; returns the value before."""
    return types.int64(array, types.intp), _add_one("sub")


@intrinsic
def atomic_load(typing: Any, array: Any, index: Any) -> Any:
    """array[index], as last stored by any thread."""

    def code(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        at = address_ir(context, builder, sig.args[0], args[0], args[1])
        return builder.load_atomic(at, "seq_cst", 8)

    return types.int64(array, types.intp), code


@intrinsic
def atomic_store(typing: Any, array: Any, index: Any, value: Any) -> Any:
    """array[index] = value; threads that load it see everything written before it, too."""

    def code(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        at = address_ir(context, builder, sig.args[0], args[0], args[1])
        builder.store_atomic(args[2], at, "seq_cst", 8)
        return context.get_dummy_value()

    return types.void(array, types.intp, types.int64), code


@intrinsic
def pause(typing: Any) -> Any:
    """Spin-wait hint: tells the processor that this thread is busy-waiting."""
    machine = platform.machine().lower()

    def code(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        if machine in ("x86_64", "amd64"):
            name, hint = "llvm.x86.sse2.pause", []
        elif machine in ("arm64", "aarch64"):
            name, hint = "llvm.aarch64.hint", [_INT(1)]
        else:
            return context.get_dummy_value()
        array_type = ir.FunctionType(ir.VoidType(), [h.type for h in hint])
        builder.call(builder.module.globals.get(name) or ir.Function(builder.module, array_type, name), hint)
        return context.get_dummy_value()

    return types.void(), code


@intrinsic
def address(typing: Any, array: Any) -> Any:
    """The memory address of an array's data."""

    def code(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        return builder.ptrtoint(address_ir(context, builder, sig.args[0], args[0], _WORD(0)), _WORD)

    return types.int64(array), code


@intrinsic
def pointer(typing: Any, address: Any, like: Any) -> Any:
    """A pointer to floats of the dtype of ``like``, from an address."""

    def code(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        return builder.inttoptr(args[0], context.get_value_type(sig.return_type))

    return types.CPointer(like.dtype)(types.int64, like), code


@intrinsic
def call_address(typing: Any, address: Any) -> Any:
    """Call a C function without arguments by its address."""

    def code(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        array_type = ir.FunctionType(_INT, [])
        builder.call(builder.inttoptr(args[0], array_type.as_pointer()), [])
        return context.get_dummy_value()

    return types.void(types.int64), code
