"""What kernels use to work on several threads: a few instructions that Python has no words for."""

from __future__ import annotations

from typing import Any

from llvmlite import ir
from numba.core import types

from .lanes import address_ir, instruction

_WORD, _INT = ir.IntType(64), ir.IntType(32)


@instruction
def take(typing: Any, array: Any, index: Any) -> Any:
    """array[index] += 1, whole even when several threads do it; the number before."""

    def code(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        at = address_ir(context, builder, sig.args[0], args[0], args[1])
        return builder.atomic_rmw("add", at, _WORD(1), "acq_rel")

    return types.int64(array, types.intp), code


@instruction
def look(typing: Any, array: Any, index: Any) -> Any:
    """array[index], as another thread last left it."""

    def code(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        at = address_ir(context, builder, sig.args[0], args[0], args[1])
        return builder.load_atomic(at, "acquire", 8)

    return types.int64(array, types.intp), code


@instruction
def leave(typing: Any, array: Any, index: Any, value: Any) -> Any:
    """array[index] = value, seen by other threads together with everything written before."""

    def code(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        at = address_ir(context, builder, sig.args[0], args[0], args[1])
        builder.store_atomic(args[2], at, "release", 8)
        return context.get_dummy_value()

    return types.void(array, types.intp, types.int64), code


@instruction
def call(typing: Any, address: Any) -> Any:
    """Call a function of the system that takes nothing, by its address."""

    def code(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        kind = ir.FunctionType(_INT, [])
        builder.call(builder.inttoptr(args[0], kind.as_pointer()), [])
        return context.get_dummy_value()

    return types.void(types.int64), code
