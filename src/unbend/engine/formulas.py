"""Formulas printed for kernels: every name and number is lanes, every function one of the engine's own."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from ..formula.language.functions import CONSTANTS
from ..formula.language.grammar import parse
from ..formula.language.tree import Binary, Call, Name, Negative, Node, Number
from ..formula.printing.numpy_functions import Steps, required_steps

# formula's name -> the engine's, where it is not the same
_SPELLED = {"abs": "magnitude", "max": "largest", "min": "smallest"}
_BY_LOG = {"log2": "1.4426950408889634", "log10": "0.4342944819032518"}
_SMALL_POWER = 4  # so far a power is a product


def lanes_source(node: Node) -> str:
    """Python source of the tree on lanes; a name ``x`` is printed as ``x_``, apart from the kernel's own names."""
    match node:
        case Number(text):
            return f"number(like, {float(text)!r})"
        case Name(name):
            return f"number(like, {CONSTANTS[name]})" if name in CONSTANTS else f"{name}_"
        case Negative(operand):
            return f"(-{lanes_source(operand)})"
        case Binary("**", base, exponent):
            return _power(base, exponent)
        case Binary(operator, left, right):
            return f"({lanes_source(left)} {operator} {lanes_source(right)})"
        case Call(function, (a,)) if function in _BY_LOG:
            return f"(log({lanes_source(a)})*number(like, {_BY_LOG[function]}))"
        case Call(function, arguments):
            return f"{_SPELLED.get(function, function)}({', '.join(lanes_source(a) for a in arguments)})"
    raise TypeError(node)


def lanes_body(steps: Steps, results: Sequence[str], indent: str) -> list[str]:
    """The lines ``name_ = …`` of the steps that ``results`` need."""
    return [f"{indent}{name}_ = {lanes_source(parse(text))}" for name, text in required_steps(steps, results)]


def called(lines: Sequence[str], modules: Mapping[str, Sequence[str]]) -> list[str]:
    """The import lines for the functions of ``modules`` (module -> its functions) that the lines call."""
    words = set(re.findall(r"\w+(?=\()", "\n".join(lines)))
    return [f"from {module} import {name}" for module, names in modules.items() for name in names if name in words]


def _power(base: Node, exponent: Node) -> str:
    whole = exponent.operand if isinstance(exponent, Negative) else exponent
    if isinstance(whole, Number) and whole.value.denominator == 1 and 1 <= whole.value <= _SMALL_POWER:
        product = "(" + "*".join([lanes_source(base)] * int(whole.value)) + ")"
        return product if whole is exponent else f"(number(like, 1.0)/{product})"
    return f"power({lanes_source(base)}, {lanes_source(exponent)})"
