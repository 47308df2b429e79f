"""The innermost steps of a product of tables, on lanes that hold neighbouring outputs.

A few rows by a few lanes of outputs stay in the processor's registers (a tuple of rows, each a tuple of lanes) while
the sum over the inputs grows; each step reads one panel line of weights and one input of each row.
"""

from __future__ import annotations

from typing import Any

from llvmlite import ir
from numba.core import types

from .lanes import address_ir, call_ir, constant, instruction, splat_ir

_WORD = ir.IntType(64)


def _lanes_at(context: Any, builder: Any, kind: Any, array_type: Any, array: Any, index: Any, c: int) -> Any:
    """The address of the c-th lanes from ``index`` on."""
    at = address_ir(context, builder, array_type, array, builder.add(index, _WORD(c * kind.count)))
    return builder.bitcast(at, kind.ir.as_pointer())


def _tuple(context: Any, builder: Any, kind: Any, rows: Any) -> Any:
    return context.make_tuple(builder, kind, [context.make_tuple(builder, kind.dtype, row) for row in rows])


def _sums(pattern: Any, rows: Any) -> Any:
    return types.UniTuple(pattern, rows.literal_value) if isinstance(rows, types.IntegerLiteral) else None


@instruction
def begin(typing: Any, pattern: Any, p: Any, b: Any, rows: Any) -> Any:
    """``begin(pattern, p, b, 6)``: six rows of p[b …], as many lanes as the pattern; sums starting from biases."""
    kind = _sums(pattern, rows)
    if kind is None:
        return None
    like = pattern.dtype

    def code(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        line = [
            builder.load(_lanes_at(context, builder, like, p, args[1], args[2], c), align=like.element.bitwidth // 8)
            for c in range(pattern.count)
        ]
        return _tuple(context, builder, kind, [line] * kind.count)

    return kind(pattern, p, types.intp, rows), code


@instruction
def begin_zero(typing: Any, pattern: Any, rows: Any) -> Any:
    """The same, starting from 0."""
    kind = _sums(pattern, rows)
    if kind is None:
        return None

    def code(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        return _tuple(context, builder, kind, [[constant(pattern.dtype, 0.0)] * pattern.count] * kind.count)

    return kind(pattern, rows), code


@instruction
def add_line(typing: Any, sums: Any, p: Any, w: Any, a: Any, i: Any, apart: Any) -> Any:
    """One input's part: sums[r][c] += a[i + r*apart] * p[w + c*lanes …]."""
    kind = sums.dtype.dtype

    def code(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        sums_, p_, w_, a_, i_, apart_ = args
        line = [
            builder.load(_lanes_at(context, builder, kind, p, p_, w_, c), align=kind.element.bitwidth // 8)
            for c in range(sums.dtype.count)
        ]
        grown = []
        for r in range(sums.count):
            index = builder.add(i_, builder.mul(_WORD(r), apart_))
            value = splat_ir(builder, kind, builder.load(address_ir(context, builder, a, a_, index)))
            row = builder.extract_value(sums_, r)
            before = [builder.extract_value(row, c) for c in range(len(line))]
            grown.append(
                [call_ir(builder, "llvm.fma", kind.ir, value, w, s) for w, s in zip(line, before, strict=True)]
            )
        return _tuple(context, builder, sums, grown)

    return sums(sums, p, types.intp, a, types.intp, types.intp), code


def _write(out: Any, sums: Any, how: str) -> Any:
    kind = sums.dtype.dtype
    size = kind.element.bitwidth // 8

    def code(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        out_, o_, apart_, sums_ = args[:4]
        for r in range(sums.count):
            index = builder.add(o_, builder.mul(_WORD(r), apart_))
            row = builder.extract_value(sums_, r)
            for c in range(sums.dtype.count):
                at = _lanes_at(context, builder, kind, out, out_, index, c)
                value = builder.extract_value(row, c)
                if how == "scale":
                    value = builder.fmul(value, builder.load(at, align=size))
                if how == "fold":
                    factor = splat_ir(builder, kind, context.cast(builder, args[4], types.float64, kind.element))
                    value = call_ir(builder, "llvm.fma", kind.ir, factor, value, builder.load(at, align=size))
                builder.store(value, at, align=size)
        return context.get_dummy_value()

    return code


@instruction
def put_lines(typing: Any, out: Any, o: Any, apart: Any, sums: Any) -> Any:
    """out[o + r*apart + c*lanes …] = sums[r][c]."""
    return types.void(out, types.intp, types.intp, sums), _write(out, sums, "put")


@instruction
def scale_lines(typing: Any, out: Any, o: Any, apart: Any, sums: Any) -> Any:
    """out[o + r*apart + c*lanes …] *= sums[r][c]."""
    return types.void(out, types.intp, types.intp, sums), _write(out, sums, "scale")


@instruction
def fold_lines(typing: Any, out: Any, o: Any, apart: Any, sums: Any, factor: Any) -> Any:
    """out[o + r*apart + c*lanes …] += factor*sums[r][c]."""
    return types.void(out, types.intp, types.intp, sums, types.float64), _write(out, sums, "fold")


@instruction
def turn_square(typing: Any, like: Any, p: Any, w: Any, p_apart: Any, t: Any, at: Any, t_apart: Any) -> Any:
    """A square as many rows high as the lanes are wide: t[at + j*t_apart + i] = p[w + i*p_apart + j]."""
    n, size = like.count, like.element.bitwidth // 8
    index = ir.VectorType(ir.IntType(32), n)

    def code(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        _, p_, w_, p_apart_, t_, at_, t_apart_ = args
        rows = [
            builder.load(
                _lanes_at(context, builder, like, p, p_, builder.add(w_, builder.mul(_WORD(i), p_apart_)), 0),
                align=size,
            )
            for i in range(n)
        ]
        # rows that differ in one bit of their number swap the lanes that differ in that bit; so for each bit
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
            spot = _lanes_at(context, builder, like, t, t_, builder.add(at_, builder.mul(_WORD(j), t_apart_)), 0)
            builder.store(rows[j], spot, align=size)
        return context.get_dummy_value()

    return types.void(like, p, types.intp, types.intp, t, types.intp, types.intp), code
