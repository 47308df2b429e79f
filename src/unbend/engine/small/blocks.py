"""The innermost steps of the small kernel's products: register blocks of SIMD vectors whose lanes are rows.

A tuple of vectors stays in the processor's registers while sums accumulate. Weights lie in blocks: those of four
neighbouring outputs side by side, input after input (see ``packing.py``).
"""

from __future__ import annotations

from typing import Any

from llvmlite import ir
from numba.core import types

from ...kernels.vector import address_ir, call_ir, intrinsic, splat_ir

_INT = ir.IntType(32)
_WORD = ir.IntType(64)


def _load(
    context: Any, builder: Any, vector_type: Any, array_type: Any, array: Any, index: Any, offset: Any = None
) -> Any:
    if offset is not None:
        index = builder.add(index, offset)
    at = address_ir(context, builder, array_type, array, index)
    return builder.load(builder.bitcast(at, vector_type.ir.as_pointer()), align=vector_type.element.bitwidth // 8)


def _multiple(builder: Any, i: int, stride: Any) -> Any:
    return builder.mul(_WORD(i), stride)


@intrinsic
def accumulate_inputs(typing: Any, sums: Any, weights: Any, w: Any, step: Any, values: Any, i: Any, stride: Any) -> Any:
    """Add one input's contribution to several outputs: sums[a, r] += weights[w + a*step] * values[i + r*stride …].

    ``sums`` holds four outputs of the first tile of rows, then four of the next tile.
    """
    vector_type, tile_count = sums.dtype, max(1, sums.count // 4)
    outputs = sums.count // tile_count

    def code(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        sums_, weights_, w_, step_, values_, i_, stride_ = args
        rows = [
            _load(context, builder, vector_type, values, values_, i_, _multiple(builder, r, stride_))
            for r in range(tile_count)
        ]
        updated: list[Any] = [None] * sums.count
        for a in range(outputs):
            at = address_ir(context, builder, weights, weights_, builder.add(w_, _multiple(builder, a, step_)))
            weight = splat_ir(builder, vector_type, builder.load(at))
            for r in range(tile_count):
                n = r * outputs + a
                updated[n] = call_ir(
                    builder, "llvm.fma", vector_type.ir, weight, rows[r], builder.extract_value(sums_, n)
                )
        return context.make_tuple(builder, sums, updated)

    return sums(sums, weights, types.intp, types.intp, values, types.intp, types.intp), code


@intrinsic
def accumulate_outer(
    typing: Any, sums: Any, left: Any, i: Any, left_stride: Any, right: Any, j: Any, right_stride: Any
) -> Any:
    """An outer product of lanes/4 left and four right vectors, lane by lane; ``lane_sums`` adds up the lanes:
    sums[n, m] += left[i + n*left_stride …] * right[j + m*right_stride …]."""
    vector_type = sums.dtype
    lefts = sums.count // 4

    def code(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        sums_, left_, i_, left_stride_, right_, j_, right_stride_ = args
        a = [
            _load(context, builder, vector_type, left, left_, i_, _multiple(builder, n, left_stride_))
            for n in range(lefts)
        ]
        b = [
            _load(context, builder, vector_type, right, right_, j_, _multiple(builder, n, right_stride_))
            for n in range(4)
        ]
        updated = [
            call_ir(builder, "llvm.fma", vector_type.ir, a[n], b[m], builder.extract_value(sums_, 4 * n + m))
            for n in range(lefts)
            for m in range(4)
        ]
        return context.make_tuple(builder, sums, updated)

    return sums(sums, left, types.intp, types.intp, right, types.intp, types.intp), code


@intrinsic
def lane_sums(typing: Any, sums: Any) -> Any:
    """The sums over the lanes of as many vectors as a vector has lanes: one vector, a sum per lane.

    Pairs of vectors are halved, added and concatenated until one vector remains.
    """
    vector_type, n = sums.dtype, sums.count

    def code(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        vectors = [builder.extract_value(args[0], i) for i in range(n)]
        width = n  # adjacent lanes that belong to the same sum
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

    return vector_type(sums), code


def _write(array: Any, sums: Any, multiply: bool) -> Any:
    vector_type, tile_count = sums.dtype, max(1, sums.count // 4)
    outputs = sums.count // tile_count

    def code(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        array_, i_, stride_, sums_, count_ = args
        for a in range(outputs):
            with builder.if_then(builder.icmp_signed("<", _WORD(a), count_)):
                for r in range(tile_count):
                    index = builder.add(builder.add(i_, _WORD(a * vector_type.count)), _multiple(builder, r, stride_))
                    at = address_ir(context, builder, array, array_, index)
                    at = builder.bitcast(at, vector_type.ir.as_pointer())
                    value = builder.extract_value(sums_, r * outputs + a)
                    if multiply:
                        value = builder.fmul(value, builder.load(at, align=vector_type.element.bitwidth // 8))
                    builder.store(value, at, align=vector_type.element.bitwidth // 8)
        return context.get_dummy_value()

    return types.void(array, types.intp, types.intp, sums, types.intp), code


@intrinsic
def store_sums(typing: Any, array: Any, i: Any, stride: Any, sums: Any, count: Any) -> Any:
    """Store the first ``count`` of every four sums: array[i + a*lanes + r*stride] for output a of tile r."""
    return _write(array, sums, multiply=False)


@intrinsic
def scale_by_sums(typing: Any, array: Any, i: Any, stride: Any, sums: Any, count: Any) -> Any:
    """As ``store_sums``, but the array is multiplied by the sums."""
    return _write(array, sums, multiply=True)
