"""SIMD vectors as a Numba type: several floats (*lanes*) that one processor instruction operates on.

A compiler vectorizes loops only sometimes. With ``Vector`` vectorization is explicit in the kernel's source: ``load``
reads a vector from an array, ``+ - * /`` and comparisons work lane by lane, ``store`` writes it back. Comparisons give
1.0 and 0.0, as in formulas. No operation is reordered, and NaN propagates.

Importing this module imports Numba, so it is imported only where a kernel is used.
"""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Any

from llvmlite import ir
from numba.core import types
from numba.core.imputils import lower_builtin
from numba.core.typing.templates import AbstractTemplate, infer_global, signature
from numba.extending import intrinsic as numba_intrinsic
from numba.extending import models, register_model

KernelCode = Callable[..., Any]


def intrinsic(function: KernelCode) -> KernelCode:
    """Decorator: ``function`` maps argument types to a signature and a function that emits LLVM instructions."""
    decorated: KernelCode = numba_intrinsic(prefer_literal=True)(function)
    return decorated


class Vector(types.Type):
    """Numba type of a SIMD vector: ``count`` floats of type ``element``."""

    def __init__(self, element: types.Float, count: int) -> None:
        self.element, self.count = element, count
        super().__init__(name=f"vector({element} x {count})")

    @property
    def ir(self) -> ir.VectorType:
        """The LLVM vector type."""
        return ir.VectorType(_FLOATS[self.element.bitwidth], self.count)


_FLOATS = {32: ir.FloatType(), 64: ir.DoubleType()}
_INT = ir.IntType(32)


@register_model(Vector)
class _VectorModel(models.PrimitiveModel):
    def __init__(self, dmm: Any, vector_type: Vector) -> None:
        super().__init__(dmm, vector_type, vector_type.ir)


def constant(vector_type: Vector, value: float) -> ir.Constant:
    """A compile-time constant in every lane."""
    return ir.Constant(vector_type.ir, [value] * vector_type.count)


def splat_ir(builder: ir.IRBuilder, vector_type: Vector, value: Any) -> Any:
    """A run-time value in every lane."""
    one = builder.insert_element(ir.Constant(vector_type.ir, ir.Undefined), value, _INT(0))
    return builder.shuffle_vector(
        one, one, ir.Constant(ir.VectorType(_INT, vector_type.count), [0] * vector_type.count)
    )


def call_ir(builder: ir.IRBuilder, name: str, vector_type: ir.Type, *arguments: Any) -> Any:
    """Call an LLVM intrinsic, such as ``llvm.fma``, on vectors."""
    suffix = f"v{vector_type.count}f{32 if isinstance(vector_type.element, ir.FloatType) else 64}"
    function = builder.module.declare_intrinsic(
        f"{name}.{suffix}", (), ir.FunctionType(vector_type, [vector_type] * len(arguments))
    )
    return builder.call(function, arguments)


def address_ir(context: Any, builder: ir.IRBuilder, array_type: types.Array, array: Any, index: Any) -> Any:
    """The address of element ``index`` of a one-dimensional array, without bounds check."""
    data = context.make_array(array_type)(context, builder, array).data
    return builder.gep(data, [index])


# arithmetic ----------------------------------------------------------------------------------------------------------


def _binary(op: Any, emit: Any) -> None:
    @infer_global(op)
    class _Typing(AbstractTemplate):
        def generic(self, args: Any, kws: Any) -> Any:
            if len(args) == 2 and isinstance(args[0], Vector) and args[0] == args[1]:
                return signature(args[0], *args)
            return None

    @lower_builtin(op, Vector, Vector)
    def _lower(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        return emit(builder, sig.return_type, *args)


def _compared(sign: str) -> Any:
    def emit(builder: Any, vector_type: Vector, a: Any, b: Any) -> Any:
        # with a NaN, != is true and every other comparison false
        test = builder.fcmp_unordered(sign, a, b) if sign == "!=" else builder.fcmp_ordered(sign, a, b)
        return builder.select(test, constant(vector_type, 1.0), constant(vector_type, 0.0))

    return emit


_binary(operator.add, lambda builder, vector_type, a, b: builder.fadd(a, b))
_binary(operator.sub, lambda builder, vector_type, a, b: builder.fsub(a, b))
_binary(operator.mul, lambda builder, vector_type, a, b: builder.fmul(a, b))
_binary(operator.truediv, lambda builder, vector_type, a, b: builder.fdiv(a, b))
for _op, _sign in [(operator.lt, "<"), (operator.le, "<="), (operator.gt, ">"), (operator.ge, ">="),
                   (operator.eq, "=="), (operator.ne, "!=")]:  # fmt: skip
    _binary(_op, _compared(_sign))


@infer_global(operator.neg)
class _Negative(AbstractTemplate):
    def generic(self, args: Any, kws: Any) -> Any:
        return signature(args[0], *args) if isinstance(args[0], Vector) else None


@lower_builtin(operator.neg, Vector)
def _negative(context: Any, builder: Any, sig: Any, args: Any) -> Any:
    return builder.fneg(args[0])


# memory --------------------------------------------------------------------------------------------------------------


@intrinsic
def load(typing: Any, array: Any, index: Any, like: Any) -> Any:
    """``load(array, i, like)``: array[i : i + lanes], with as many lanes as ``like``."""

    def code(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        vector_type = sig.return_type
        at = address_ir(context, builder, sig.args[0], args[0], args[1])
        return builder.load(builder.bitcast(at, vector_type.ir.as_pointer()), align=vector_type.element.bitwidth // 8)

    return like(array, types.intp, like), code


@intrinsic
def store(typing: Any, array: Any, index: Any, value: Any) -> Any:
    """``store(array, i, value)``: array[i : i + lanes] = value."""

    def code(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        vector_type = sig.args[2]
        at = address_ir(context, builder, sig.args[0], args[0], args[1])
        builder.store(
            args[2], builder.bitcast(at, vector_type.ir.as_pointer()), align=vector_type.element.bitwidth // 8
        )
        return context.get_dummy_value()

    return types.void(array, types.intp, value), code


# creating and reducing ----------------------------------------------------------------------------------------------


@intrinsic
def zero_vector(typing: Any, array: Any, count: Any) -> Any:
    """``zero_vector(array, 16)``: 16 zeros of the array's float type; other calls take it as ``like``."""
    if not isinstance(count, types.IntegerLiteral):
        return None
    vector_type = Vector(array.dtype, count.literal_value)

    def code(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        return constant(vector_type, 0.0)

    return vector_type(array, count), code


@intrinsic
def zero_vectors(typing: Any, like: Any, count: Any) -> Any:
    """``zero_vectors(like, 8)``: a tuple of 8 vectors of zeros."""
    if not isinstance(count, types.IntegerLiteral):
        return None
    vector_type = types.UniTuple(like, count.literal_value)

    def code(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        return context.make_tuple(builder, vector_type, [constant(like, 0.0)] * vector_type.count)

    return vector_type(like, count), code


@intrinsic
def broadcast(typing: Any, like: Any, value: Any) -> Any:
    """``broadcast(like, v)``: v, rounded to the float type of ``like``, in every lane."""

    def code(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        vector_type = sig.return_type
        return splat_ir(builder, vector_type, context.cast(builder, args[1], sig.args[1], vector_type.element))

    return like(like, types.unliteral(value)), code


@intrinsic
def fma(typing: Any, a: Any, b: Any, c: Any) -> Any:
    """a*b + c, rounded once."""
    if not isinstance(a, Vector):
        return None

    def code(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        return call_ir(builder, "llvm.fma", sig.return_type.ir, *args)

    return a(a, a, a), code


@intrinsic
def lane_numbers(typing: Any, like: Any) -> Any:
    """0, 1, 2, …: the number of each lane."""

    def code(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        return ir.Constant(like.ir, [float(i) for i in range(like.count)])

    return like(like), code


@intrinsic
def sum_lanes(typing: Any, value: Any) -> Any:
    """The sum over the lanes, pairwise: first half plus second half, repeatedly."""

    def code(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        v, n = args[0], value.count
        while n > 1:
            n //= 2
            halves = [builder.shuffle_vector(v, v, ir.Constant(ir.VectorType(_INT, n), list(range(s, s + n))))
                      for s in (0, n)]  # fmt: skip
            v = builder.fadd(*halves)
        return builder.extract_element(v, _INT(0))

    return value.element(value), code


@intrinsic
def is_float32(typing: Any, like: Any) -> Any:
    """Whether the lanes are float32: known at compile time, so that the other branch is eliminated."""

    def code(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        return context.get_constant(types.boolean, like.element.bitwidth == 32)

    return types.boolean(like), code
