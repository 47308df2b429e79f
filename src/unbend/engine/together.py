"""What kernels use to work on several threads, and to call BLAS: a few instructions that Python has no words for."""

from __future__ import annotations

from typing import Any

from llvmlite import ir
from numba.core import types
from numba.extending import intrinsic

from .lanes import address_ir

_WORD, _INT, _BYTE = ir.IntType(64), ir.IntType(32), ir.IntType(8)


@intrinsic  # type: ignore[misc]
def take(typing: Any, array: Any, index: Any) -> Any:
    """array[index] += 1, whole even when several threads do it; the number before."""

    def code(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        at = address_ir(context, builder, sig.args[0], args[0], args[1])
        return builder.atomic_rmw("add", at, _WORD(1), "acq_rel")

    return types.int64(array, types.intp), code


@intrinsic  # type: ignore[misc]
def look(typing: Any, array: Any, index: Any) -> Any:
    """array[index], as another thread last left it."""

    def code(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        at = address_ir(context, builder, sig.args[0], args[0], args[1])
        return builder.load_atomic(at, "acquire", 8)

    return types.int64(array, types.intp), code


@intrinsic  # type: ignore[misc]
def leave(typing: Any, array: Any, index: Any, value: Any) -> Any:
    """array[index] = value, seen by other threads together with everything written before."""

    def code(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        at = address_ir(context, builder, sig.args[0], args[0], args[1])
        builder.store_atomic(args[2], at, "release", 8)
        return context.get_dummy_value()

    return types.void(array, types.intp, types.int64), code


@intrinsic  # type: ignore[misc]
def call(typing: Any, address: Any) -> Any:
    """Call a function of the system that takes nothing, by its address."""

    def code(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        kind = ir.FunctionType(_INT, [])
        builder.call(builder.inttoptr(args[0], kind.as_pointer()), [])
        return context.get_dummy_value()

    return types.void(types.int64), code


@intrinsic(prefer_literal=True)  # type: ignore[misc]
def multiply(
    typing: Any, gemm: Any, out: Any, o: Any, across: Any, a: Any, i: Any, a_across: Any, a_turned: Any,
    b: Any, j: Any, b_across: Any, b_turned: Any, rows: Any, columns: Any, depth: Any, alpha: Any, beta: Any,
) -> Any:  # fmt: skip
    """out[o …] = alpha*A B + beta*out, for tables that lie row after row: ``across`` apart, from o, i, j on.

    A is (rows, depth), B (depth, columns); one that is *turned* lies in memory the other way round. BLAS reads tables
    column after column, that is, it sees every table turned; so B A is asked for.
    """
    if not (isinstance(a_turned, types.BooleanLiteral) and isinstance(b_turned, types.BooleanLiteral)):
        return None
    element = ir.FloatType() if out.dtype.bitwidth == 32 else ir.DoubleType()
    letters = [b"T" if t.literal_value else b"N" for t in (b_turned, a_turned)]
    word = types.intp

    def code(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        gemm_, out_, o_, across_, a_, i_, a_across_, _, b_, j_, b_across_, _, *rest = args
        rows_, columns_, depth_, alpha_, beta_ = rest

        def given(value: Any, kind: Any) -> Any:  # BLAS takes everything by address
            with builder.goto_entry_block():
                slot = builder.alloca(kind)
            builder.store(value, slot)
            return slot

        def whole(value: Any) -> Any:
            return given(builder.trunc(value, _INT), _INT)

        def number(value: Any) -> Any:
            return given(builder.fptrunc(value, element) if out.dtype.bitwidth == 32 else value, element)

        def table(array_type: Any, array: Any, index: Any) -> Any:
            return address_ir(context, builder, array_type, array, index)

        turns = [given(_BYTE(t[0]), _BYTE) for t in letters]
        arguments = [
            *turns, whole(columns_), whole(rows_), whole(depth_), number(alpha_),
            table(b, b_, j_), whole(b_across_), table(a, a_, i_), whole(a_across_),
            number(beta_), table(out, out_, o_), whole(across_),
        ]  # fmt: skip
        kind = ir.FunctionType(ir.VoidType(), [x.type for x in arguments])
        builder.call(builder.inttoptr(gemm_, kind.as_pointer()), arguments)
        return context.get_dummy_value()

    return types.void(
        types.int64, out, word, word, a, word, word, a_turned, b, word, word, b_turned,
        word, word, word, types.float64, types.float64,
    ), code  # fmt: skip
