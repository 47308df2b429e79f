"""How a formula is spelled in C, JavaScript and Python: one record per language, one printer for all.

The functions' names come from ``formula.functions``; what stands here is what keeps every language as NumPy is: NaN and
infinities instead of exceptions, a maximum that hands NaN on.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from ..activations import Activation
from ..formula.code import JS_ERF
from ..formula.language.functions import CONSTANTS, FUNCTIONS
from ..formula.language.grammar import parse
from ..formula.language.tree import COMPARISONS, Binary, Call, Constant, Name, Negative, Node, Number, walk
from ..formula.program import needed
from .helpers import C_HELPERS, PYTHON_HELPERS


@dataclass(frozen=True)
class Language:
    """Templates, filled with the source of the operands.

    ``functions`` are calls by name; ``helpers`` the source that a function (or the operators "/" and "**") needs to
    stand before; ``choose`` is filled with a condition and two values, ``local`` with a name and its value.
    """

    functions: Mapping[str, str]
    helpers: Mapping[str, str]
    choose: str
    local: str
    number: str = "{0}"
    power: str = "pow({0}, {1})"
    divide: str = "({0} / {1})"

    def source(self, node: Node, names: Mapping[str, str]) -> str:
        """The tree's source; every operation in its own brackets, in the order of the text."""
        match node:
            case Number(text):
                return self.number.format(repr(float(text)))
            case Constant(name):
                return self.number.format(CONSTANTS[name])
            case Name(name):
                return names[name]
            case Negative(operand):
                return f"(-{self.source(operand, names)})"
            case Binary(operator, _, _) if operator in COMPARISONS:
                return self.choose.format(self.condition(node, names), *map(self.number.format, ("1.0", "0.0")))
            case Binary(operator, left, right):
                template = {"**": self.power, "/": self.divide}.get(operator, f"({{0}} {operator} {{1}})")
                return template.format(self.source(left, names), self.source(right, names))
            case Call("where", (condition, yes, no)):
                return self.choose.format(
                    self.condition(condition, names), self.source(yes, names), self.source(no, names)
                )
            case Call(function, arguments):
                return self.functions[function].format(*(self.source(a, names) for a in arguments))
        raise TypeError(node)

    def condition(self, node: Node, names: Mapping[str, str]) -> str:
        """The tree as a condition: a comparison as it is, a number as whether it is not 0."""
        if isinstance(node, Binary) and node.operator in COMPARISONS:
            return f"{self.source(node.left, names)} {node.operator} {self.source(node.right, names)}"
        return f"{self.source(node, names)} != {self.number.format('0.0')}"

    def steps(self, record: Activation) -> tuple[list[str], str]:
        """The activation's value for ``x``: lines that make its shared parts, and the last expression."""
        names: dict[str, str] = {"x": "x"}
        lines: list[str] = []
        for i, (name, text) in enumerate(steps := needed(record.steps, ("value",))):
            source = self.source(parse(text), names)
            if i == len(steps) - 1:
                return lines, source
            names[name] = f"v{i + 1}"  # not the record's own name: it might mean something there
            lines.append(self.local.format(names[name], source))
        raise ValueError(record.name)

    def needs(self, records: tuple[Activation, ...]) -> list[str]:
        """The helpers' sources that these activations call, each once."""
        trees = [parse(text) for record in records for _, text in needed(record.steps, ("value",))]
        called = {
            n.function if isinstance(n, Call) else n.operator
            for tree in trees
            for n in walk(tree)
            if isinstance(n, Call | Binary)
        }
        return list(dict.fromkeys(source for name, source in self.helpers.items() if name in called))


def _c(real: str, suffix: str) -> Language:
    functions = {name: f.c.replace(f"{name}(", f"{name}{suffix}(", 1) for name, f in FUNCTIONS.items()}
    functions |= {"abs": f"fabs{suffix}({{0}})", "max": "maximum({0}, {1})", "min": "minimum({0}, {1})",
                  "sign": "sign({0})"}  # fmt: skip
    helpers = {name: _real(source, real, suffix) for name, source in C_HELPERS.items()}
    return Language(
        functions, helpers, "({0} ? {1} : {2})", f"const {real} {{0}} = {{1}};", f"{{0}}{suffix}",
        f"pow{suffix}({{0}}, {{1}})",
    )  # fmt: skip


def _real(source: str, real: str, suffix: str) -> str:
    """C source of doubles with another real type."""
    return re.sub(r"(\d+\.\d+)", rf"\1{suffix}", source.replace("double", real))


C = {"float64": _c("double", ""), "float32": _c("float", "f")}
JAVASCRIPT = Language(
    {name: f.javascript for name, f in FUNCTIONS.items()},
    {"erf": JS_ERF, "erfc": JS_ERF},
    "({0} ? {1} : {2})", "const {0} = {1};", power="Math.pow({0}, {1})",
)  # fmt: skip
PYTHON = Language(
    {name: f.scalar for name, f in FUNCTIONS.items()}
    | {name: f"_{name}({', '.join(f'{{{i}}}' for i in range(FUNCTIONS[name].arity))})"
       for name in PYTHON_HELPERS if name in FUNCTIONS},
    PYTHON_HELPERS, "({1} if {0} else {2})", "{0} = {1}", power="_power({0}, {1})", divide="_divide({0}, {1})",
)  # fmt: skip
