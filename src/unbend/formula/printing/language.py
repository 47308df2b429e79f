"""`Language`: the record of one programming language, and the printer of expression trees as its source code."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import count
from typing import NamedTuple

from ..language.functions import CONSTANTS
from ..language.tree import COMPARISONS, Binary, Call, Constant, Name, Negative, Node, Number
from .operations import is_literal, operand_counts, operations

_DEEPEST = 20  # nested operations in one expression; a named step cuts deeper ones, since parsers have limits
_WORD = re.compile(r"[^\W\d]\w*")


class _Source(NamedTuple):
    """The source of an operation as a number and as a condition."""

    value: str
    condition: str


@dataclass(frozen=True, kw_only=True)
class Language:
    """How formulas are spelled in one programming language; templates are filled by ``str.format``.

    Every language computes what NumPy computes: NaN and infinities instead of exceptions, and ``max`` and ``min``
    that propagate NaN. Where its own library differs, ``helpers`` holds a function that does.

    Parameters
    ----------
    functions : mapping of str to str
        The call of each function of the formula language except ``where``, filled with the arguments, each of which
        must stand between brackets or commas, as in ``pow({0}, {1})``.
    operators : mapping of str to str
        The calls for operators that are not written ``({0} + {1})``, filled with both operands.
    comparisons : mapping of str to str
        The comparison operators that are spelled in another way, such as ``=`` for ``==``.
    helpers : mapping of str to str
        The definition of the helper that a function or an operator calls.
    conditional : str
        The choice between two values, filled with the condition, the value if true and the value if false.
    as_number, as_condition : str
        A condition as 1 or 0, and a number as a condition (true where it is not 0).
    number : str
        A literal, filled with its digits.
    integers : bool, default False
        Whether integers are written without a decimal point.
    assignment : str
        The line that names an intermediate value, filled with the name and the value.
    definition, indent : str
        A function, with ``{name}``, ``{parameters}``, ``{body}`` (indented lines) and ``{value}``.
    parameter, no_parameters, unused_parameter : str
        Templates: one parameter, an empty list of them, a line for each one that the body does not use.
    header, guard, separator : str
        What a self-contained source begins with; a helper in it, with ``{name}`` and ``{source}``; what stands
        between two definitions.
    keywords : frozenset of str
        Words that no parameter may be called, besides those in the templates.
    """

    functions: Mapping[str, str]
    conditional: str
    as_number: str
    as_condition: str
    assignment: str
    definition: str
    operators: Mapping[str, str] = field(default_factory=dict)
    comparisons: Mapping[str, str] = field(default_factory=dict)
    helpers: Mapping[str, str] = field(default_factory=dict)
    number: str = "{0}"
    integers: bool = False
    indent: str = "    "
    parameter: str = "{0}"
    no_parameters: str = ""
    unused_parameter: str = ""
    header: str = ""
    guard: str = "{source}"
    separator: str = "\n"
    keywords: frozenset[str] = frozenset()

    def expression(self, tree: Node, names: Mapping[str, str] | None = None) -> str:
        """The tree as one expression; ``names`` renames variables.

        Every operation has its own brackets, in the order of the text, so that all languages round alike.
        """
        sources: list[_Source] = []
        for node, operands in operations(tree):
            sources.append(self._source(node, [sources[i] for i in operands], names or {}))
        return sources[-1].value

    def expression_length(self, tree: Node, names: Mapping[str, str] | None = None) -> int:
        """About how many characters ``expression`` gives, without making them: templates may repeat their operands."""
        lengths: list[int] = []
        for node, operands in operations(tree):
            place = _Source("\x00", "\x00")
            source = self._source(node, [place] * len(operands), names or {}).value
            repeats = source.count("\x00") / max(1, len(operands))
            lengths.append(len(source) + round(repeats * sum(lengths[i] for i in operands)))
        return lengths[-1]

    def body(self, tree: Node, names: Mapping[str, str]) -> tuple[list[str], str]:
        """The lines that name intermediate values, and the expression of the tree's value.

        Named is what is used several times or nested deeply, so that the source is linear in the number of distinct
        operations. ``names`` gives the name of each variable.
        """
        steps = operations(tree)
        counts = operand_counts(steps)
        taken = {*names.values()}
        free_names = (f"v{i}" for i in count(1) if f"v{i}" not in taken)
        lines: list[str] = []
        sources: list[_Source] = []
        depths: list[int] = []
        for i, (node, operands) in enumerate(steps):
            source = self._source(node, [sources[k] for k in operands], names)
            depth = 1 + max((depths[k] for k in operands), default=0)
            if (counts[i] > 1 or depth > _DEEPEST) and not is_literal(node) and i < len(steps) - 1:
                name, depth = next(free_names), 0
                lines.append(self.assignment.format(name, _without_brackets(source.value)))
                source = _Source(name, self.as_condition.format(name))
            sources.append(source)
            depths.append(depth)
        return lines, _without_brackets(sources[-1].value)

    def function(self, tree: Node, parameters: Sequence[str], name: str) -> str:
        """The definition of a function of numbers, without the helpers that it calls."""
        names = self._parameter_names(parameters)
        lines, value = self.body(tree, names)
        if self.unused_parameter:
            words = set(_WORD.findall(" ".join([*lines, value])))
            lines = [self.unused_parameter.format(n) for n in names.values() if n not in words] + lines
        return self.definition.format(
            name=name,
            parameters=", ".join(self.parameter.format(n) for n in names.values()) or self.no_parameters,
            body="".join(f"{self.indent}{line}\n" for line in lines),
            value=value,
        )

    def source(self, tree: Node, parameters: Sequence[str], name: str) -> str:
        """A self-contained source: the header, the helpers that the function needs, the function."""
        helpers = [self.guard.format(name=key.upper(), source=text) for key, text in self._helpers([tree])]
        return self.header + self.separator.join([*helpers, self.function(tree, parameters, name)])

    def helper_sources(self, trees: Sequence[Node]) -> list[str]:
        """The definitions of the helpers that the trees' functions call, each once."""
        return [source for _, source in self._helpers(trees)]

    def _helpers(self, trees: Sequence[Node]) -> list[tuple[str, str]]:
        called: set[str] = set()
        for node in (step.node for tree in trees for step in operations(tree)):
            if isinstance(node, Call):
                called.add(node.function)
            elif isinstance(node, Binary):
                called.add(node.operator)
        sources: dict[str, str] = {}
        for name, source in self.helpers.items():
            if name in called:
                sources.setdefault(source, name)
        return [(name, source) for source, name in sources.items()]

    def _source(self, node: Node, operands: list[_Source], names: Mapping[str, str]) -> _Source:
        values = [operand.value for operand in operands]
        match node:
            case Number(text):
                value = self._number(text)
            case Constant(name):
                value = self.number.format(CONSTANTS[name])
            case Name(name):
                value = names.get(name) or (f"{name}_" if name in self.keywords else name)
            case Negative():
                value = f"(-{values[0]})"
            case Binary(operator) if operator in COMPARISONS:
                condition = f"({values[0]} {self.comparisons.get(operator, operator)} {values[1]})"
                return _Source(self.as_number.format(condition), condition)
            case Binary(operator) if operator in self.operators:
                value = self.operators[operator].format(*map(_without_brackets, values))
            case Binary(operator):
                value = f"({values[0]} {operator} {values[1]})"
            case Call("where"):
                value = self.conditional.format(operands[0].condition, *values[1:])
            case Call(function):
                value = self.functions[function].format(*map(_without_brackets, values))
        return _Source(value, self.as_condition.format(value))

    def _number(self, text: str) -> str:
        if self.integers and text.isdigit():
            return text.lstrip("0") or "0"
        return self.number.format(repr(float(text)))

    def _parameter_names(self, parameters: Sequence[str]) -> dict[str, str]:
        """A name for each parameter: its own, or with underscores behind it where that is taken."""
        taken = {*self._words, *parameters}
        names = {}
        for parameter in parameters:
            name = parameter
            if name in self._words:
                while name in taken:
                    name += "_"
                taken.add(name)
            names[parameter] = name
        return names

    @cached_property
    def _words(self) -> frozenset[str]:
        """The keywords, and every word that a call uses: functions and modules, but no methods."""
        templates = [*self.functions.values(), *self.operators.values()]
        return self.keywords | frozenset(re.findall(r"(?<![.\w])[^\W\d]\w*(?=[.(])", " ".join(templates)))


def _without_brackets(source: str) -> str:
    """Without the outermost brackets, where they are one pair."""
    depth = 0
    for i, character in enumerate(source):
        depth += (character == "(") - (character == ")")
        if depth == 0 and i < len(source) - 1:
            return source
    return source[1:-1] if source.startswith("(") and source.endswith(")") else source
