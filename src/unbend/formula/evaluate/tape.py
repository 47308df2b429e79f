"""A formula as a list of single operations, each common part once, to be run in any arithmetic.

The same tape runs on doubles (NumPy arrays), on exact decimals and on enclosures: an arithmetic is one object
with a method for each kind of step.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from fractions import Fraction
from functools import cached_property
from typing import Any, Generic, NamedTuple, Protocol, TypeVar

from ..language.functions import FUNCTIONS
from ..language.tree import Binary, Call, Constant, Name, Negative, Node, Number, children

T = TypeVar("T")
_FUNCTION = 20  # what a function costs, in sums or products


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
        found = self.all_steps(values, arithmetic)
        return [found[i] for i in self.results]

    def all_steps(self, values: Mapping[str, T], arithmetic: Arithmetic[T]) -> list[T]:
        """The value of every step."""
        found: list[T] = []
        for step in self.steps:
            found.append(_value(step, found, values, arithmetic))
        return found

    def again(self, known: Sequence[T], values: Mapping[str, T], arithmetic: Arithmetic[T]) -> list[T]:
        """The results after some names have taken new ``values``; ``known`` are all steps before that."""
        found = _Latest(known)
        for i in self._touched(values):
            found.new[i] = _value(self.steps[i], found, values, arithmetic)
        return [found[i] for i in self.results]

    def work(self, names: Collection[str] | None) -> int:
        """The steps that depend on the names, or all steps where None is given; a function counts as many."""
        steps = self.steps if names is None else [self.steps[i] for i in self._touched(names)]
        return sum(_FUNCTION if step.operation in FUNCTIONS else 1 for step in steps)

    def _touched(self, names: Collection[str]) -> list[int]:
        moved = 0
        for name in names:
            moved |= self._bits.get(name, 0)
        return [i for i, depends in enumerate(self._depends) if depends & moved]

    @cached_property
    def _bits(self) -> dict[str, int]:
        return {name: 1 << i for i, name in enumerate(sorted(self.names))}

    @cached_property
    def _depends(self) -> list[int]:
        """For every step, the bits of the names it depends on."""
        found: list[int] = []
        for step in self.steps:
            bits = self._bits[step.operation] if step.kind == "name" else 0
            for i in step.operands:
                bits |= found[i]
            found.append(bits)
        return found


class _Latest(Generic[T]):
    """Steps as they were, apart from those computed anew."""

    def __init__(self, known: Sequence[T]) -> None:
        self.known = known
        self.new: dict[int, T] = {}

    def __getitem__(self, index: int) -> T:
        return self.new[index] if index in self.new else self.known[index]


def _value(step: Step, found: Any, values: Mapping[str, T], arithmetic: Arithmetic[T]) -> T:
    """The step's value, from those found before it."""
    if step.kind == "apply":
        return arithmetic.apply(step.operation, [found[i] for i in step.operands])
    if step.kind == "name":
        return values[step.operation] if step.operation in values else arithmetic.constant(step.operation)
    if step.kind == "constant":
        return arithmetic.constant(step.operation)
    assert step.value is not None
    if step.kind == "number":
        return arithmetic.number(step.value)
    return arithmetic.power(found[step.operands[0]], step.value)


def run(tree: Node, values: Mapping[str, T], arithmetic: Arithmetic[T]) -> T:
    """The value of one tree."""
    return Tape[T]([tree]).run(values, arithmetic)[0]
