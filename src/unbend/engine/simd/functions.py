"""Functions of vectors: those of one or two instructions, and the C library's functions applied lane by lane."""

from __future__ import annotations

from typing import Any

from llvmlite import ir

from ...kernels.vector import KernelCode, Vector, call_ir, constant, intrinsic

_INT = ir.IntType(32)


def _vector_function(arity: int, emit: KernelCode) -> KernelCode:
    """An intrinsic of ``arity`` vectors; ``emit(builder, vector_type, *values)`` emits its instructions."""

    def code(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        return emit(builder, sig.return_type, *args)

    def one(typing: Any, a: Any) -> Any:
        return a(a), code

    def two(typing: Any, a: Any, b: Any) -> Any:
        return a(a, b), code

    def three(typing: Any, a: Any, b: Any, c: Any) -> Any:
        return c(a, b, c), code

    by_arity: dict[int, KernelCode] = {1: one, 2: two, 3: three}
    return intrinsic(by_arity[arity])


def _library(name: str, arity: int = 1) -> KernelCode:
    """A function of the C math library, called for each lane."""

    def emit(builder: ir.IRBuilder, vector_type: Vector, *values: Any) -> Any:
        element = vector_type.ir.element
        full = name + ("f" if vector_type.element.bitwidth == 32 else "")
        function = builder.module.globals.get(full) or ir.Function(
            builder.module, ir.FunctionType(element, [element] * arity), full
        )
        result = ir.Constant(vector_type.ir, ir.Undefined)
        for i in range(vector_type.count):
            one = builder.call(function, [builder.extract_element(v, _INT(i)) for v in values])
            result = builder.insert_element(result, one, _INT(i))
        return result

    return _vector_function(arity, emit)


def _where(builder: ir.IRBuilder, vector_type: Vector, condition: Any, a: Any, b: Any) -> Any:
    return builder.select(builder.fcmp_unordered("!=", condition, constant(vector_type, 0.0)), a, b)


def _extremum(sign: str) -> KernelCode:
    def emit(builder: ir.IRBuilder, vector_type: Vector, a: Any, b: Any) -> Any:
        chosen = builder.select(builder.fcmp_ordered(sign, a, b), a, b)  # b where either is NaN
        return builder.select(builder.fcmp_unordered("uno", a, a), a, chosen)

    return emit


def _bits(vector_type: Vector) -> tuple[ir.VectorType, int, int]:
    """The integer vector type of the same width, the number of fraction bits, and the exponent bias."""
    wide = vector_type.element.bitwidth == 64
    return ir.VectorType(ir.IntType(64 if wide else 32), vector_type.count), 52 if wide else 23, 1023 if wide else 127


def _integers(pattern: ir.VectorType, value: int, count: int) -> ir.Constant:
    return ir.Constant(pattern, [value] * count)


def _power_of_two(builder: ir.IRBuilder, vector_type: Vector, n: Any) -> Any:
    pattern, fraction, offset = _bits(vector_type)
    exponent = builder.add(builder.fptosi(n, pattern), _integers(pattern, offset, vector_type.count))
    return builder.bitcast(builder.shl(exponent, _integers(pattern, fraction, vector_type.count)), vector_type.ir)


def _exponent(builder: ir.IRBuilder, vector_type: Vector, x: Any) -> Any:
    pattern, fraction, offset = _bits(vector_type)
    shifted = builder.lshr(builder.bitcast(x, pattern), _integers(pattern, fraction, vector_type.count))
    return builder.sitofp(builder.sub(shifted, _integers(pattern, offset, vector_type.count)), vector_type.ir)


def _significand(builder: ir.IRBuilder, vector_type: Vector, x: Any) -> Any:
    pattern, fraction, offset = _bits(vector_type)
    fraction_bits = builder.and_(
        builder.bitcast(x, pattern), _integers(pattern, (1 << fraction) - 1, vector_type.count)
    )
    return builder.bitcast(
        builder.or_(fraction_bits, _integers(pattern, offset << fraction, vector_type.count)), vector_type.ir
    )


def _sign(builder: ir.IRBuilder, vector_type: Vector, x: Any) -> Any:
    one = call_ir(builder, "llvm.copysign", vector_type.ir, constant(vector_type, 1.0), x)
    unchanged = builder.fcmp_unordered("ueq", x, constant(vector_type, 0.0))  # sign(0) is 0, sign(NaN) is NaN
    return builder.select(unchanged, x, one)


where = _vector_function(3, _where)  # where(condition, a, b): a where the condition is not 0
maximum = _vector_function(2, _extremum(">="))  # NaN if either argument is NaN
minimum = _vector_function(2, _extremum("<="))
absolute = _vector_function(1, lambda builder, vector_type, a: call_ir(builder, "llvm.fabs", vector_type.ir, a))
rint = _vector_function(1, lambda builder, vector_type, a: call_ir(builder, "llvm.rint", vector_type.ir, a))
sign = _vector_function(1, _sign)
sqrt = _vector_function(1, lambda builder, vector_type, a: call_ir(builder, "llvm.sqrt", vector_type.ir, a))
power_of_two = _vector_function(1, _power_of_two)  # 2**n for integral n in the range of normal numbers
exponent = _vector_function(1, _exponent)  # of a positive normal x = significand * 2**exponent, 1 <= significand < 2
significand = _vector_function(1, _significand)
floor = _vector_function(1, lambda builder, vector_type, a: call_ir(builder, "llvm.floor", vector_type.ir, a))
ceil = _vector_function(1, lambda builder, vector_type, a: call_ir(builder, "llvm.ceil", vector_type.ir, a))
sin, cos, tan = _library("sin"), _library("cos"), _library("tan")
asin, acos, atan, atan2 = _library("asin"), _library("acos"), _library("atan"), _library("atan2", 2)
sinh, cosh = _library("sinh"), _library("cosh")
asinh, acosh, atanh = _library("asinh"), _library("acosh"), _library("atanh")
power = _library("pow", 2)
