"""`vector_source`: a formula printed as vector code, in which every name and number is a SIMD vector."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from ...formula.language.functions import CONSTANTS
from ...formula.language.grammar import parse
from ...formula.language.tree import Binary, Call, Name, Negative, Node, Number
from ...formula.printing.numpy_functions import Steps, required_steps

# a formula's function -> the one in ``simd``, where the names differ
_VECTOR_NAMES = {"abs": "absolute", "max": "maximum", "min": "minimum"}
_BY_LOG = {"log2": "1.4426950408889634", "log10": "0.4342944819032518"}
_LARGEST_PRODUCT = 4  # up to this exponent, a power is printed as a product


def vector_source(node: Node) -> str:
    """Vector code of an expression; a name ``x`` is printed as ``x_``, lest it clash with the kernel's own names."""
    match node:
        case Number(text):
            return f"broadcast(like, {float(text)!r})"
        case Name(name):
            return f"broadcast(like, {CONSTANTS[name]})" if name in CONSTANTS else f"{name}_"
        case Negative(operand):
            return f"(-{vector_source(operand)})"
        case Binary("**", base, exponent):
            return _power(base, exponent)
        case Binary(operator, left, right):
            return f"({vector_source(left)} {operator} {vector_source(right)})"
        case Call(function, (a,)) if function in _BY_LOG:
            return f"(log({vector_source(a)})*broadcast(like, {_BY_LOG[function]}))"
        case Call(function, arguments):
            return f"{_VECTOR_NAMES.get(function, function)}({', '.join(vector_source(a) for a in arguments)})"
    raise TypeError(node)


def vector_statements(steps: Steps, results: Sequence[str], indent: str) -> list[str]:
    """The statements ``name_ = …`` of the steps that ``results`` depend on."""
    return [f"{indent}{name}_ = {vector_source(parse(text))}" for name, text in required_steps(steps, results)]


def called(lines: Sequence[str], modules: Mapping[str, Sequence[str]]) -> list[tuple[str, str]]:
    """(module, function) of the functions that the lines call; ``modules`` maps a module to its functions."""
    calls = set(re.findall(r"\w+(?=\()", "\n".join(lines)))
    return [(module, name) for module, names in modules.items() for name in names if name in calls]


def _power(base: Node, exponent: Node) -> str:
    size = exponent.operand if isinstance(exponent, Negative) else exponent
    if isinstance(size, Number) and size.value.denominator == 1 and 1 <= size.value <= _LARGEST_PRODUCT:
        product = "(" + "*".join([vector_source(base)] * int(size.value)) + ")"
        return product if size is exponent else f"(broadcast(like, 1.0)/{product})"
    return f"power({vector_source(base)}, {vector_source(exponent)})"
