"""A formula as a list of single operations, each common part once, to be run in any arithmetic.

The same tape runs on doubles (NumPy arrays), on exact decimals and on enclosures: an arithmetic is one object
with a method for each kind of step.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction
from typing import Generic, NamedTuple, Protocol, TypeVar

from .tree import Binary, Call, Constant, Name, Negative, Node, Number, children

T = TypeVar("T")


class Arithmetic(Protocol[T]):
    """What a tape runs in. ``apply`` gets an operator (``+ - * / **``, ``neg``, a comparison) or a function's name."""

    def number(self, value: Fraction) -> T: ...
    def constant(self, name: str) -> T: ...
    def apply(self, operation: str, operands: list[T]) -> T: ...
    def power(self, base: T, exponent: Fraction) -> T: ...


class Step(NamedTuple):
    """One operation on earlier steps; ``value`` is a number's value, ``operation`` the name of a name or constant."""

    kind: str  # number, constant, name, apply, power
    operation: str
    operands: tuple[int, ...]
    value: Fraction | None


class Tape(Generic[T]):
    """The steps of several trees, and which steps are their results."""

    def __init__(self, roots: Iterable[Node]) -> None:
        self.steps: list[Step] = []
        self._known: dict[Step, int] = {}
        self._nodes: dict[int, int] = {}
        self._kept: list[Node] = []  # while the nodes live, their ids stay theirs
        self.results = [self._place(root) for root in roots]
        self.names = {s.operation for s in self.steps if s.kind == "name"}

    def _place(self, root: Node) -> int:
        waiting = [root]
        self._kept.append(root)
        while waiting:
            node = waiting[-1]
            parts = children(node)
            missing = [p for p in parts if id(p) not in self._nodes]
            if id(node) in self._nodes or missing:
                waiting.extend(reversed(missing))
                if id(node) in self._nodes:
                    waiting.pop()
                continue
            waiting.pop()
            self._nodes[id(node)] = self._step(node, tuple(self._nodes[id(p)] for p in parts))
        return self._nodes[id(root)]

    def _step(self, node: Node, parts: tuple[int, ...]) -> int:
        match node:
            case Number():
                step = Step("number", "", (), node.value)
            case Constant(name):
                step = Step("constant", name, (), None)
            case Name(name):
                step = Step("name", name, (), None)
            case Negative():
                step = Step("apply", "neg", parts, None)
                value = self._value(parts[0])
                if value is not None:
                    step = Step("number", "", (), -value)
            case Binary(operator):
                step = self._binary(operator, parts)
            case Call(function):
                step = Step("apply", function, parts, None)
        if step not in self._known:
            self._known[step] = len(self.steps)
            self.steps.append(step)
        return self._known[step]

    def _binary(self, operator: str, parts: tuple[int, ...]) -> Step:
        a, b = self._value(parts[0]), self._value(parts[1])
        if operator == "/" and a is not None and b:  # 1/3 is one exact number
            return Step("number", "", (), a / b)
        if operator == "**" and b is not None:
            return Step("power", "**", parts[:1], b)
        return Step("apply", operator, parts, None)

    def _value(self, index: int) -> Fraction | None:
        return self.steps[index].value if self.steps[index].kind == "number" else None

    def run(self, values: Mapping[str, T], arithmetic: Arithmetic[T]) -> list[T]:
        """The results, for the values of the names; the arithmetic may know further names (``I``)."""
        found: list[T] = []
        for kind, operation, operands, value in self.steps:
            if kind == "apply":
                result = arithmetic.apply(operation, [found[i] for i in operands])
            elif kind == "name":
                result = values[operation] if operation in values else arithmetic.constant(operation)
            elif kind == "constant":
                result = arithmetic.constant(operation)
            elif kind == "number":
                assert value is not None
                result = arithmetic.number(value)
            else:
                assert value is not None
                result = arithmetic.power(found[operands[0]], value)
            found.append(result)
        return [found[i] for i in self.results]


def run(tree: Node, values: Mapping[str, T], arithmetic: Arithmetic[T]) -> T:
    """The value of one tree."""
    return Tape[T]([tree]).run(values, arithmetic)[0]
