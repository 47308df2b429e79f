"""What kernels use to work on several threads: a few instructions that Python has no words for."""

from __future__ import annotations

import platform
from typing import Any

from llvmlite import ir
from numba.core import types

from .lanes import address_ir, instruction

_WORD, _INT = ir.IntType(64), ir.IntType(32)


def _step(operation: str) -> Any:
    def code(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        at = address_ir(context, builder, sig.args[0], args[0], args[1])
        return builder.atomic_rmw(operation, at, _WORD(1), "seq_cst")

    return code


@instruction
def take(typing: Any, array: Any, index: Any) -> Any:
    """array[index] += 1, whole even when several threads do it; the number before."""
    return types.int64(array, types.intp), _step("add")


@instruction
def give_back(typing: Any, array: Any, index: Any) -> Any:
    """array[index] -= 1 in the same way."""
    return types.int64(array, types.intp), _step("sub")


@instruction
def look(typing: Any, array: Any, index: Any) -> Any:
    """array[index], as another thread last left it."""

    def code(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        at = address_ir(context, builder, sig.args[0], args[0], args[1])
        return builder.load_atomic(at, "seq_cst", 8)

    return types.int64(array, types.intp), code


@instruction
def leave(typing: Any, array: Any, index: Any, value: Any) -> Any:
    """array[index] = value, seen by other threads together with everything written before."""

    def code(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        at = address_ir(context, builder, sig.args[0], args[0], args[1])
        builder.store_atomic(args[2], at, "seq_cst", 8)
        return context.get_dummy_value()

    return types.void(array, types.intp, types.int64), code


@instruction
def rest(typing: Any) -> Any:
    """Tell the processor that this thread only waits."""
    machine = platform.machine().lower()

    def code(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        if machine in ("x86_64", "amd64"):
            name, hint = "llvm.x86.sse2.pause", []
        elif machine in ("arm64", "aarch64"):
            name, hint = "llvm.aarch64.hint", [_INT(1)]
        else:
            return context.get_dummy_value()
        kind = ir.FunctionType(ir.VoidType(), [h.type for h in hint])
        builder.call(builder.module.globals.get(name) or ir.Function(builder.module, kind, name), hint)
        return context.get_dummy_value()

    return types.void(), code


@instruction
def address(typing: Any, array: Any) -> Any:
    """Where an array's numbers lie in memory."""

    def code(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        return builder.ptrtoint(address_ir(context, builder, sig.args[0], args[0], _WORD(0)), _WORD)

    return types.int64(array), code


@instruction
def lying_at(typing: Any, place: Any, like: Any) -> Any:
    """The way back: a pointer to floats such as ``like`` holds."""

    def code(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        return builder.inttoptr(args[0], context.get_value_type(sig.return_type))

    return types.CPointer(like.dtype)(types.int64, like), code


@instruction
def call(typing: Any, address: Any) -> Any:
    """Call a function of the system that takes nothing, by its address."""

    def code(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        kind = ir.FunctionType(_INT, [])
        builder.call(builder.inttoptr(args[0], kind.as_pointer()), [])
        return context.get_dummy_value()

    return types.void(types.int64), code
