"""`Tape`: a formula as a list of operations, each common subexpression once; `run` executes it in any arithmetic.

The same tape runs on doubles (NumPy arrays), on exact decimals and on intervals: an arithmetic is one object with a
method for each kind of step.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from fractions import Fraction
from functools import cached_property
from typing import Any, Generic, NamedTuple, Protocol, TypeVar

from ..language.functions import FUNCTIONS
from ..language.tree import Binary, Call, Constant, Name, Negative, Node, Number, children

T = TypeVar("T")
_FUNCTION_COST = 20  # of one function call, in sums or products


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
    """The steps of several trees; ``results`` are the numbers of the steps that hold their values."""

    def __init__(self, roots: Iterable[Node]) -> None:
        self.steps: list[Step] = []
        self._index: dict[Step, int] = {}
        self._node_step: dict[int, int] = {}
        self._roots: list[Node] = []  # keeps the nodes alive, so that their ids stay unique
        self.results = [self._append(root) for root in roots]
        self.names = {s.operation for s in self.steps if s.kind == "name"}

    def _append(self, root: Node) -> int:
        stack = [root]
        self._roots.append(root)
        while stack:
            node = stack[-1]
            parts = children(node)
            missing = [p for p in parts if id(p) not in self._node_step]
            if id(node) in self._node_step or missing:
                stack.extend(reversed(missing))
                if id(node) in self._node_step:
                    stack.pop()
                continue
            stack.pop()
            self._node_step[id(node)] = self._step(node, tuple(self._node_step[id(p)] for p in parts))
        return self._node_step[id(root)]

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
        if step not in self._index:
            self._index[step] = len(self.steps)
            self.steps.append(step)
        return self._index[step]

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
        steps = self.all_steps(values, arithmetic)
        return [steps[i] for i in self.results]

    def all_steps(self, values: Mapping[str, T], arithmetic: Arithmetic[T]) -> list[T]:
        """The value of every step."""
        done: list[T] = []
        for step in self.steps:
            done.append(_value(step, done, values, arithmetic))
        return done

    def rerun(self, previous: Sequence[T], values: Mapping[str, T], arithmetic: Arithmetic[T]) -> list[T]:
        """The results after some names have taken new ``values``; ``previous``: the values of all steps before that."""
        steps = _Updated(previous)
        for i in self._dependent(values):
            steps.new[i] = _value(self.steps[i], steps, values, arithmetic)
        return [steps[i] for i in self.results]

    def cost(self, names: Collection[str] | None) -> int:
        """The number of steps that depend on the names (None: all steps); a function counts as 20."""
        steps = self.steps if names is None else [self.steps[i] for i in self._dependent(names)]
        return sum(_FUNCTION_COST if step.operation in FUNCTIONS else 1 for step in steps)

    def _dependent(self, names: Collection[str]) -> list[int]:
        changed = 0
        for name in names:
            changed |= self._bits.get(name, 0)
        return [i for i, depends in enumerate(self._depends) if depends & changed]

    @cached_property
    def _bits(self) -> dict[str, int]:
        return {name: 1 << i for i, name in enumerate(sorted(self.names))}

    @cached_property
    def _depends(self) -> list[int]:
        """For every step, the bits of the names it depends on."""
        depends: list[int] = []
        for step in self.steps:
            bits = self._bits[step.operation] if step.kind == "name" else 0
            for i in step.operands:
                bits |= depends[i]
            depends.append(bits)
        return depends


class _Updated(Generic[T]):
    """The previous values of the steps, apart from those that are recomputed."""

    def __init__(self, previous: Sequence[T]) -> None:
        self.previous = previous
        self.new: dict[int, T] = {}

    def __getitem__(self, index: int) -> T:
        return self.new[index] if index in self.new else self.previous[index]


def _value(step: Step, done: Any, values: Mapping[str, T], arithmetic: Arithmetic[T]) -> T:
    """The value of a step, from the values of the steps before it."""
    if step.kind == "apply":
        return arithmetic.apply(step.operation, [done[i] for i in step.operands])
    if step.kind == "name":
        return values[step.operation] if step.operation in values else arithmetic.constant(step.operation)
    if step.kind == "constant":
        return arithmetic.constant(step.operation)
    assert step.value is not None
    if step.kind == "number":
        return arithmetic.number(step.value)
    return arithmetic.power(done[step.operands[0]], step.value)


def run(tree: Node, values: Mapping[str, T], arithmetic: Arithmetic[T]) -> T:
    """The value of one tree."""
    return Tape[T]([tree]).run(values, arithmetic)[0]
