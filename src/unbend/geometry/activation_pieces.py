"""`exact_pieces`: an activation function as exact affine pieces, derived from its record's formula; None if curved.

The formula's expression tree is evaluated on piecewise affine functions instead of numbers: sums, products with
constants, max, min, abs, sign, comparisons and where stay piecewise affine, and their kinks are roots of rational
lines. A formula outside this class (exp of x, x*x) gives None: such a network has no exact pieces.
"""

from __future__ import annotations

import operator
from collections.abc import Callable
from fractions import Fraction
from functools import cache

from ..activations import Activation
from ..errors import ModelError
from ..formula.language.functions import CONSTANTS
from ..formula.language.grammar import parse
from ..formula.language.tree import Binary, Call, Name, Negative, Node, Number
from ..network import Network
from .piecewise_affine import VARIABLE, NotAffine, PiecewiseAffine, add, choose, compare, constant, divide, multiply

_COMPARE: dict[str, Callable[[Fraction, Fraction], bool]] = {
    "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge, "==": operator.eq, "!=": operator.ne,
}  # fmt: skip
_ZERO, _ONE = constant(Fraction(0)), constant(Fraction(1))


def exact_pieces(record: Activation) -> PiecewiseAffine | None:
    """The record's function as exact affine pieces, or None where it is curved. 0.01 in a formula is 1/100."""
    return _of_formula(record.formula)


@cache
def _of_formula(formula: str) -> PiecewiseAffine | None:
    try:
        return _evaluate(parse(formula))
    except (NotAffine, ZeroDivisionError):
        return None


def curved_layers(net: Network) -> tuple[int, ...]:
    """The indices of the layers whose activation is not piecewise affine."""
    return tuple(i for i, layer in enumerate(net.layers) if exact_pieces(layer.activation) is None)


def require_exact_pieces(net: Network) -> list[PiecewiseAffine]:
    """Each layer's exact pieces; raises ``ModelError`` where an activation is curved."""
    functions: list[PiecewiseAffine] = []
    for i, layer in enumerate(net.layers):
        f = exact_pieces(layer.activation)
        if f is None:
            raise ModelError("geometry.curved", layer=i, activation=layer.activation.name)
        functions.append(f)
    return functions


def _evaluate(node: Node) -> PiecewiseAffine:
    match node:
        case Number():
            return constant(node.value)
        case Name(name):
            return constant(Fraction(CONSTANTS[name])) if name in CONSTANTS else VARIABLE
        case Negative(operand):
            return add(_ZERO, _evaluate(operand), -1)
        case Binary(sign, left, right):
            return _binary(sign, _evaluate(left), _evaluate(right))
        case Call(function, arguments):
            return _call(function, [_evaluate(a) for a in arguments])
    raise TypeError(node)


def _binary(sign: str, f: PiecewiseAffine, g: PiecewiseAffine) -> PiecewiseAffine:
    if sign in _COMPARE:
        return compare(f, g, _COMPARE[sign])
    match sign:
        case "+":
            return add(f, g)
        case "-":
            return add(f, g, -1)
        case "*":
            return multiply(f, g)
        case "/":
            return divide(f, g)
    return _power(f, g)


def _power(f: PiecewiseAffine, g: PiecewiseAffine) -> PiecewiseAffine:
    """f**g for a constant integer g from 0 to 9; nobody writes higher powers of constants."""
    slope, exponent = g.lines[0]
    if g.breaks or slope or exponent.denominator != 1 or not 0 <= exponent <= 9:
        raise NotAffine
    result = _ONE
    for _ in range(int(exponent)):
        result = multiply(result, f)
    return result


def _call(function: str, arguments: list[PiecewiseAffine]) -> PiecewiseAffine:
    f = arguments[0]
    match function:
        case "max":
            return choose(compare(f, arguments[1], operator.ge), f, arguments[1])
        case "min":
            return choose(compare(f, arguments[1], operator.le), f, arguments[1])
        case "where":
            return choose(f, arguments[1], arguments[2])
        case "abs":
            return choose(compare(f, _ZERO, operator.lt), add(_ZERO, f, -1), f)
        case "sign":
            return add(compare(f, _ZERO, operator.gt), compare(f, _ZERO, operator.lt), -1)
    if all(not g.breaks and not g.lines[0][0] for g in arguments):
        return constant(_of_constants(function, [g.lines[0][1] for g in arguments]))
    raise NotAffine


def _of_constants(function: str, values: list[Fraction]) -> Fraction:
    """A function of constants, such as sqrt(2), as the double it is computed as."""
    from ..formula.printing.numpy_functions import compile_function
    from ..formula.printing.python import PYTHON

    names = [f"u{i}" for i in range(len(values))]
    source = PYTHON.source(Call(function, tuple(map(Name, names))), names, "f")
    try:
        return Fraction(compile_function(source, "f")(*map(float, values)))
    except (ValueError, OverflowError) as error:
        raise NotAffine from error
