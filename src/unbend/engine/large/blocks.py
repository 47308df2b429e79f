"""The innermost steps of the large kernel's products: register blocks of SIMD vectors whose lanes are outputs.

A block of a few rows by a few vectors stays in the processor's registers (a tuple of rows, each a tuple of vectors)
while sums over the inputs accumulate; each step reads one line of a panel of weights and one input of each row.
"""

from __future__ import annotations

from typing import Any

from llvmlite import ir
from numba.core import types

from ...kernels.vector import address_ir, call_ir, constant, intrinsic, splat_ir

_WORD = ir.IntType(64)


def _vector_address(
    context: Any, builder: Any, vector_type: Any, array_type: Any, array: Any, index: Any, c: int
) -> Any:
    """The address of the c-th vector from ``index`` on."""
    at = address_ir(context, builder, array_type, array, builder.add(index, _WORD(c * vector_type.count)))
    return builder.bitcast(at, vector_type.ir.as_pointer())


def _tuple(context: Any, builder: Any, block_type: Any, rows: Any) -> Any:
    return context.make_tuple(builder, block_type, [context.make_tuple(builder, block_type.dtype, row) for row in rows])


def _block_type(pattern: Any, rows: Any) -> Any:
    return types.UniTuple(pattern, rows.literal_value) if isinstance(rows, types.IntegerLiteral) else None


@intrinsic
def bias_block(typing: Any, pattern: Any, p: Any, b: Any, rows: Any) -> Any:
    """``bias_block(pattern, p, b, 6)``: six rows, each the biases p[b …], with as many vectors as ``pattern``."""
    block_type = _block_type(pattern, rows)
    if block_type is None:
        return None
    like = pattern.dtype

    def code(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        line = [
            builder.load(
                _vector_address(context, builder, like, p, args[1], args[2], c), align=like.element.bitwidth // 8
            )
            for c in range(pattern.count)
        ]
        return _tuple(context, builder, block_type, [line] * block_type.count)

    return block_type(pattern, p, types.intp, rows), code


@intrinsic
def zero_block(typing: Any, pattern: Any, rows: Any) -> Any:
    """``zero_block(pattern, 6)``: six rows of zeros, with as many vectors as ``pattern``."""
    block_type = _block_type(pattern, rows)
    if block_type is None:
        return None

    def code(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        return _tuple(context, builder, block_type, [[constant(pattern.dtype, 0.0)] * pattern.count] * block_type.count)

    return block_type(pattern, rows), code


@intrinsic
def multiply_add(typing: Any, sums: Any, p: Any, w: Any, a: Any, i: Any, stride: Any) -> Any:
    """Add one input's contribution: sums[r][c] += a[i + r*stride] * p[w + c*lanes …]."""
    vector_type = sums.dtype.dtype

    def code(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        sums_, p_, w_, a_, i_, stride_ = args
        line = [
            builder.load(
                _vector_address(context, builder, vector_type, p, p_, w_, c), align=vector_type.element.bitwidth // 8
            )
            for c in range(sums.dtype.count)
        ]
        updated = []
        for r in range(sums.count):
            index = builder.add(i_, builder.mul(_WORD(r), stride_))
            value = splat_ir(builder, vector_type, builder.load(address_ir(context, builder, a, a_, index)))
            row = builder.extract_value(sums_, r)
            before = [builder.extract_value(row, c) for c in range(len(line))]
            updated.append(
                [call_ir(builder, "llvm.fma", vector_type.ir, value, w, s) for w, s in zip(line, before, strict=True)]
            )
        return _tuple(context, builder, sums, updated)

    return sums(sums, p, types.intp, a, types.intp, types.intp), code


def _write(out: Any, sums: Any, how: str) -> Any:
    vector_type = sums.dtype.dtype
    size = vector_type.element.bitwidth // 8

    def code(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        out_, o_, stride_, sums_ = args[:4]
        for r in range(sums.count):
            index = builder.add(o_, builder.mul(_WORD(r), stride_))
            row = builder.extract_value(sums_, r)
            for c in range(sums.dtype.count):
                at = _vector_address(context, builder, vector_type, out, out_, index, c)
                value = builder.extract_value(row, c)
                if how == "scale":
                    value = builder.fmul(value, builder.load(at, align=size))
                if how == "add scaled":
                    factor = splat_ir(
                        builder, vector_type, context.cast(builder, args[4], types.float64, vector_type.element)
                    )
                    value = call_ir(builder, "llvm.fma", vector_type.ir, factor, value, builder.load(at, align=size))
                builder.store(value, at, align=size)
        return context.get_dummy_value()

    return code


@intrinsic
def store_block(typing: Any, out: Any, o: Any, stride: Any, sums: Any) -> Any:
    """out[o + r*stride + c*lanes …] = sums[r][c]."""
    return types.void(out, types.intp, types.intp, sums), _write(out, sums, "store")


@intrinsic
def scale_by_block(typing: Any, out: Any, o: Any, stride: Any, sums: Any) -> Any:
    """out[o + r*stride + c*lanes …] *= sums[r][c]."""
    return types.void(out, types.intp, types.intp, sums), _write(out, sums, "scale")


@intrinsic
def add_scaled_block(typing: Any, out: Any, o: Any, stride: Any, sums: Any, factor: Any) -> Any:
    """out[o + r*stride + c*lanes …] += factor*sums[r][c]."""
    return types.void(out, types.intp, types.intp, sums, types.float64), _write(out, sums, "add scaled")


@intrinsic
def transpose_square(typing: Any, like: Any, p: Any, w: Any, p_stride: Any, t: Any, at: Any, t_stride: Any) -> Any:
    """Transpose a square of as many rows as a vector has lanes: t[at + j*t_stride + i] = p[w + i*p_stride + j]."""
    n, size = like.count, like.element.bitwidth // 8
    index = ir.VectorType(ir.IntType(32), n)

    def code(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        _, p_, w_, p_stride_, t_, at_, t_stride_ = args
        rows = [
            builder.load(
                _vector_address(context, builder, like, p, p_, builder.add(w_, builder.mul(_WORD(i), p_stride_)), 0),
                align=size,
            )
            for i in range(n)
        ]
        # for each bit: rows whose numbers differ in that bit exchange the lanes whose numbers differ in it
        bit = n // 2
        while bit:
            for i in (i for i in range(n) if not i & bit):
                a, b = rows[i], rows[i + bit]
                low = [k if not k & bit else n + k - bit for k in range(n)]
                high = [k + bit if not k & bit else n + k for k in range(n)]
                rows[i] = builder.shuffle_vector(a, b, ir.Constant(index, low))
                rows[i + bit] = builder.shuffle_vector(a, b, ir.Constant(index, high))
            bit //= 2
        for j in range(n):
            address = _vector_address(
                context, builder, like, t, t_, builder.add(at_, builder.mul(_WORD(j), t_stride_)), 0
            )
            builder.store(rows[j], address, align=size)
        return context.get_dummy_value()

    return types.void(like, p, types.intp, types.intp, t, types.intp, types.intp), code
