"""The innermost steps of a small product, on lanes that hold rows.

A tuple of lanes stays in the processor's registers while a sum grows. Weights lie in blocks: those that lead to four
neighbouring outputs side by side, input after input (see ``packing.py``).
"""

from __future__ import annotations

from typing import Any

from llvmlite import ir
from numba.core import types

from .lanes import address_ir, call_ir, constant, instruction, splat_ir

_INT = ir.IntType(32)
_WORD = ir.IntType(64)


def _load(context: Any, builder: Any, kind: Any, array_type: Any, array: Any, index: Any, offset: Any = None) -> Any:
    if offset is not None:
        index = builder.add(index, offset)
    at = address_ir(context, builder, array_type, array, index)
    return builder.load(builder.bitcast(at, kind.ir.as_pointer()), align=kind.element.bitwidth // 8)


def _times(builder: Any, i: int, stride: Any) -> Any:
    return builder.mul(_WORD(i), stride)


@instruction
def zeros(typing: Any, like: Any, count: Any) -> Any:
    """``zeros(like, 8)``: a tuple of lanes, all 0."""
    if not isinstance(count, types.IntegerLiteral):
        return None
    kind = types.UniTuple(like, count.literal_value)

    def code(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        return context.make_tuple(builder, kind, [constant(like, 0.0)] * kind.count)

    return kind(like, count), code


@instruction
def add_input(typing: Any, sums: Any, weights: Any, w: Any, step: Any, values: Any, i: Any, apart: Any) -> Any:
    """One input's part in several outputs: sums[a, r] += weights[w + a*step] * values[i + r*apart + lanes].

    ``sums`` holds four outputs of the first tile of rows, then four of the next tile.
    """
    kind, tiles = sums.dtype, max(1, sums.count // 4)
    outputs = sums.count // tiles

    def code(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        sums_, weights_, w_, step_, values_, i_, apart_ = args
        rows = [_load(context, builder, kind, values, values_, i_, _times(builder, r, apart_)) for r in range(tiles)]
        grown: list[Any] = [None] * sums.count
        for a in range(outputs):
            at = address_ir(context, builder, weights, weights_, builder.add(w_, _times(builder, a, step_)))
            weight = splat_ir(builder, kind, builder.load(at))
            for r in range(tiles):
                n = r * outputs + a
                grown[n] = call_ir(builder, "llvm.fma", kind.ir, weight, rows[r], builder.extract_value(sums_, n))
        return context.make_tuple(builder, sums, grown)

    return sums(sums, weights, types.intp, types.intp, values, types.intp, types.intp), code


@instruction
def add_across(typing: Any, sums: Any, left: Any, i: Any, left_apart: Any, right: Any, j: Any, right_apart: Any) -> Any:
    """A quarter as many lefts as there are lanes, times four rights, lane by lane; ``totals`` adds up the lanes:
    sums[n, m] += left[i + n*left_apart …] * right[j + m*right_apart …]."""
    kind = sums.dtype
    lefts = sums.count // 4

    def code(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        sums_, left_, i_, left_apart_, right_, j_, right_apart_ = args
        a = [_load(context, builder, kind, left, left_, i_, _times(builder, n, left_apart_)) for n in range(lefts)]
        b = [_load(context, builder, kind, right, right_, j_, _times(builder, n, right_apart_)) for n in range(4)]
        grown = [
            call_ir(builder, "llvm.fma", kind.ir, a[n], b[m], builder.extract_value(sums_, 4 * n + m))
            for n in range(lefts)
            for m in range(4)
        ]
        return context.make_tuple(builder, sums, grown)

    return sums(sums, left, types.intp, types.intp, right, types.intp, types.intp), code


@instruction
def totals(typing: Any, sums: Any) -> Any:
    """The sum over the lanes of each member of a tuple as long as the lanes are wide: one lane each.

    Two by two, halves are added and laid side by side, until one is left.
    """
    kind, n = sums.dtype, sums.count

    def code(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        vectors = [builder.extract_value(args[0], i) for i in range(n)]
        width = n  # lanes that still belong to one sum
        while len(vectors) > 1:
            half = width // 2
            first = [g + k for g in range(0, 2 * n, width) for k in range(half)]
            halves = [ir.Constant(ir.VectorType(_INT, n), [f + shift for f in first]) for shift in (0, half)]
            vectors = [
                builder.fadd(*(builder.shuffle_vector(a, b, h) for h in halves))
                for a, b in zip(vectors[::2], vectors[1::2], strict=True)
            ]
            width = half
        return vectors[0]

    return kind(sums), code


def _write(array: Any, sums: Any, times: bool) -> Any:
    kind, tiles = sums.dtype, max(1, sums.count // 4)
    outputs = sums.count // tiles

    def code(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        array_, i_, apart_, sums_, count_ = args
        for a in range(outputs):
            with builder.if_then(builder.icmp_signed("<", _WORD(a), count_)):
                for r in range(tiles):
                    index = builder.add(builder.add(i_, _WORD(a * kind.count)), _times(builder, r, apart_))
                    at = address_ir(context, builder, array, array_, index)
                    at = builder.bitcast(at, kind.ir.as_pointer())
                    value = builder.extract_value(sums_, r * outputs + a)
                    if times:
                        value = builder.fmul(value, builder.load(at, align=kind.element.bitwidth // 8))
                    builder.store(value, at, align=kind.element.bitwidth // 8)
        return context.get_dummy_value()

    return types.void(array, types.intp, types.intp, sums, types.intp), code


@instruction
def put(typing: Any, array: Any, i: Any, apart: Any, sums: Any, count: Any) -> Any:
    """Store the first ``count`` of every four sums: array[i + a*lanes + r*apart] for output a of tile r."""
    return _write(array, sums, times=False)


@instruction
def scale(typing: Any, array: Any, i: Any, apart: Any, sums: Any, count: Any) -> Any:
    """As ``put``, multiplied with what is there."""
    return _write(array, sums, times=True)
