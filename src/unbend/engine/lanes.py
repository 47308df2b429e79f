"""A number type for kernels: several floats side by side, on which the processor works at once.

Kernels are compiled from Python text; a compiler finds such side-by-side work in loops only sometimes. With ``Lanes``
it stands in the text: ``load`` takes them from an array, ``+ - * /`` and comparisons work on all of them, ``store``
puts them back. Comparisons give 1.0 and 0.0, as formulas have it. Nothing here reorders or drops a NaN.

Importing this module imports Numba; only code that wants a kernel does.
"""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Any

from llvmlite import ir
from numba.core import types
from numba.core.imputils import lower_builtin
from numba.core.typing.templates import AbstractTemplate, infer_global, signature
from numba.extending import intrinsic, models, register_model

KernelCode = Callable[..., Any]


def instruction(function: KernelCode) -> KernelCode:
    """A function of kernels in the compiler's terms: from the arguments' types, it gives a signature and code."""
    made: KernelCode = intrinsic(prefer_literal=True)(function)
    return made


class Lanes(types.Type):
    """``count`` floats of type ``element``."""

    def __init__(self, element: types.Float, count: int) -> None:
        self.element, self.count = element, count
        super().__init__(name=f"lanes({element} x {count})")

    @property
    def ir(self) -> ir.VectorType:
        """The type the processor sees."""
        return ir.VectorType(_FLOATS[self.element.bitwidth], self.count)


_FLOATS = {32: ir.FloatType(), 64: ir.DoubleType()}
_INT = ir.IntType(32)


@register_model(Lanes)
class _LanesModel(models.PrimitiveModel):
    def __init__(self, dmm: Any, kind: Lanes) -> None:
        super().__init__(dmm, kind, kind.ir)


def constant(kind: Lanes, value: float) -> ir.Constant:
    """The same number in every lane."""
    return ir.Constant(kind.ir, [value] * kind.count)


def splat_ir(builder: ir.IRBuilder, kind: Lanes, value: Any) -> Any:
    """A computed number in every lane."""
    one = builder.insert_element(ir.Constant(kind.ir, ir.Undefined), value, _INT(0))
    return builder.shuffle_vector(one, one, ir.Constant(ir.VectorType(_INT, kind.count), [0] * kind.count))


def call_ir(builder: ir.IRBuilder, name: str, kind: ir.Type, *arguments: Any) -> Any:
    """A function of the compiler on lanes, such as ``llvm.fma``."""
    suffix = f"v{kind.count}f{32 if isinstance(kind.element, ir.FloatType) else 64}"
    function = builder.module.declare_intrinsic(f"{name}.{suffix}", (), ir.FunctionType(kind, [kind] * len(arguments)))
    return builder.call(function, arguments)


def address_ir(context: Any, builder: ir.IRBuilder, kind: types.Array, array: Any, index: Any) -> Any:
    """Where element ``index`` of a one-dimensional array lies, with no check of bounds."""
    data = context.make_array(kind)(context, builder, array).data
    return builder.gep(data, [index])


# arithmetic ----------------------------------------------------------------------------------------------------------


def _binary(op: Any, emit: Any) -> None:
    @infer_global(op)
    class _Typing(AbstractTemplate):
        def generic(self, args: Any, kws: Any) -> Any:
            if len(args) == 2 and isinstance(args[0], Lanes) and args[0] == args[1]:
                return signature(args[0], *args)
            return None

    @lower_builtin(op, Lanes, Lanes)
    def _lower(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        return emit(builder, sig.return_type, *args)


def _compared(sign: str) -> Any:
    def emit(builder: Any, kind: Lanes, a: Any, b: Any) -> Any:
        # != is true and the others are false where a NaN stands
        test = builder.fcmp_unordered(sign, a, b) if sign == "!=" else builder.fcmp_ordered(sign, a, b)
        return builder.select(test, constant(kind, 1.0), constant(kind, 0.0))

    return emit


_binary(operator.add, lambda builder, kind, a, b: builder.fadd(a, b))
_binary(operator.sub, lambda builder, kind, a, b: builder.fsub(a, b))
_binary(operator.mul, lambda builder, kind, a, b: builder.fmul(a, b))
_binary(operator.truediv, lambda builder, kind, a, b: builder.fdiv(a, b))
for _op, _sign in [(operator.lt, "<"), (operator.le, "<="), (operator.gt, ">"), (operator.ge, ">="),
                   (operator.eq, "=="), (operator.ne, "!=")]:  # fmt: skip
    _binary(_op, _compared(_sign))


@infer_global(operator.neg)
class _Negative(AbstractTemplate):
    def generic(self, args: Any, kws: Any) -> Any:
        return signature(args[0], *args) if isinstance(args[0], Lanes) else None


@lower_builtin(operator.neg, Lanes)
def _negative(context: Any, builder: Any, sig: Any, args: Any) -> Any:
    return builder.fneg(args[0])


# memory --------------------------------------------------------------------------------------------------------------


@instruction
def load(typing: Any, array: Any, index: Any, like: Any) -> Any:
    """``load(array, i, like)``: the elements from i on, as many as ``like`` has lanes."""

    def code(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        kind = sig.return_type
        at = address_ir(context, builder, sig.args[0], args[0], args[1])
        return builder.load(builder.bitcast(at, kind.ir.as_pointer()), align=kind.element.bitwidth // 8)

    return like(array, types.intp, like), code


@instruction
def store(typing: Any, array: Any, index: Any, value: Any) -> Any:
    """``store(array, i, lanes)`` writes them from element i on."""

    def code(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        kind = sig.args[2]
        at = address_ir(context, builder, sig.args[0], args[0], args[1])
        builder.store(args[2], builder.bitcast(at, kind.ir.as_pointer()), align=kind.element.bitwidth // 8)
        return context.get_dummy_value()

    return types.void(array, types.intp, value), code


# numbers into lanes --------------------------------------------------------------------------------------------------


@instruction
def lanes(typing: Any, array: Any, count: Any) -> Any:
    """``lanes(array, 16)``: zeros of the array's float type; the pattern other calls take as ``like``."""
    if not isinstance(count, types.IntegerLiteral):
        return None
    kind = Lanes(array.dtype, count.literal_value)

    def code(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        return constant(kind, 0.0)

    return kind(array, count), code


@instruction
def number(typing: Any, like: Any, value: Any) -> Any:
    """``number(like, v)``: v, rounded to the lanes' float type, in every lane."""

    def code(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        kind = sig.return_type
        return splat_ir(builder, kind, context.cast(builder, args[1], sig.args[1], kind.element))

    return like(like, types.unliteral(value)), code


@instruction
def counting(typing: Any, like: Any) -> Any:
    """0, 1, 2, … in the lanes."""

    def code(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        return ir.Constant(like.ir, [float(i) for i in range(like.count)])

    return like(like), code


@instruction
def total(typing: Any, value: Any) -> Any:
    """The sum over the lanes, pairwise: first half plus second half, again and again."""

    def code(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        v, n = args[0], value.count
        while n > 1:
            n //= 2
            halves = [builder.shuffle_vector(v, v, ir.Constant(ir.VectorType(_INT, n), list(range(s, s + n))))
                      for s in (0, n)]  # fmt: skip
            v = builder.fadd(*halves)
        return builder.extract_element(v, _INT(0))

    return value.element(value), code


@instruction
def short(typing: Any, like: Any) -> Any:
    """Whether the lanes are float32: known while compiling, so that the other branch costs nothing."""

    def code(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        return context.get_constant(types.boolean, like.element.bitwidth == 32)

    return types.boolean(like), code
