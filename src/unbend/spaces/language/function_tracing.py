"""Symbolic tracing: Python functions called with symbolic numbers, to get what they compute as an expression tree."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import Any

import numpy as np

from ...formula.language.build import number
from ...formula.language.tree import Binary, Call, Name, Negative, Node
from .conditions import Condition, condition_of


class NotTraceable(TypeError):
    """The function branches on a value, so that it is not a single formula."""


class WrongComponentCount(Exception):
    """An operation returned ``got`` components where the space has another number."""

    def __init__(self, got: int) -> None:
        super().__init__(got)
        self.got = got


class TracedNumber:
    """A symbolic number: arithmetic on it builds an expression tree; a branch on it raises ``NotTraceable``."""

    def __init__(self, node: Node) -> None:
        self.node = node

    def _binary(self, operator: str, other: Any, swapped: bool = False) -> Any:
        if isinstance(other, np.ndarray):
            return NotImplemented
        right = as_tree(other)
        return TracedNumber(Binary(operator, right, self.node) if swapped else Binary(operator, self.node, right))

    def __add__(self, other: Any) -> Any:
        return self._binary("+", other)

    def __radd__(self, other: Any) -> Any:
        return self._binary("+", other, True)

    def __sub__(self, other: Any) -> Any:
        return self._binary("-", other)

    def __rsub__(self, other: Any) -> Any:
        return self._binary("-", other, True)

    def __mul__(self, other: Any) -> Any:
        return self._binary("*", other)

    def __rmul__(self, other: Any) -> Any:
        return self._binary("*", other, True)

    def __truediv__(self, other: Any) -> Any:
        return self._binary("/", other)

    def __rtruediv__(self, other: Any) -> Any:
        return self._binary("/", other, True)

    def __pow__(self, other: Any) -> Any:
        return self._binary("**", other)

    def __rpow__(self, other: Any) -> Any:
        return self._binary("**", other, True)

    def __lt__(self, other: Any) -> Any:
        return self._binary("<", other)

    def __le__(self, other: Any) -> Any:
        return self._binary("<=", other)

    def __gt__(self, other: Any) -> Any:
        return self._binary(">", other)

    def __ge__(self, other: Any) -> Any:
        return self._binary(">=", other)

    def __eq__(self, other: object) -> Any:
        return self._binary("==", other)

    def __ne__(self, other: object) -> Any:
        return self._binary("!=", other)

    __hash__ = None  # type: ignore[assignment]

    def __and__(self, other: Any) -> Any:
        return self._binary("*", other)

    def __or__(self, other: Any) -> Any:
        return self._binary("+", other)

    def __neg__(self) -> TracedNumber:
        return TracedNumber(Negative(self.node))

    def __pos__(self) -> TracedNumber:
        return self

    def __abs__(self) -> TracedNumber:
        return TracedNumber(Call("abs", (self.node,)))

    def __bool__(self) -> bool:
        raise NotTraceable

    def __float__(self) -> float:
        raise NotTraceable

    def __floor__(self) -> TracedNumber:
        return TracedNumber(Call("floor", (self.node,)))

    def __getattr__(self, name: str) -> Any:
        # NumPy calls the method of that name: np.exp(x) is x.exp()
        known = {"absolute": "abs", "fabs": "abs", "arcsinh": "asinh", "arctanh": "atanh", "arctan": "atan"}
        if name in _METHODS or name in known:
            return lambda: TracedNumber(Call(known.get(name, name), (self.node,)))
        raise AttributeError(name)


_METHODS = set("exp expm1 log log2 log10 log1p sqrt cbrt sin cos tan sinh cosh tanh sign floor ceil".split())


def as_tree(value: Any) -> Node:
    """The expression tree of a traced or plain number; a float counts as the decimal it is printed as."""
    if isinstance(value, TracedNumber):
        return value.node
    if isinstance(value, bool | np.bool_ | int | np.integer | Fraction):
        return number(Fraction(int(value)) if not isinstance(value, Fraction) else value)
    if isinstance(value, float | np.floating):
        return number(Fraction(repr(float(value))))
    raise NotTraceable


def components(value: Any, dimension: int) -> list[Any]:
    """An operation's return value as a list of ``dimension`` numbers; raises ``WrongComponentCount``."""
    numbers = list(value.flat) if isinstance(value, np.ndarray) else value
    numbers = list(numbers) if isinstance(numbers, list | tuple) else [numbers]
    if len(numbers) != dimension:
        raise WrongComponentCount(len(numbers))
    return numbers


def trace_vector(function: Callable[..., Any], arguments: Sequence[Any], dimension: int) -> tuple[Node, ...] | None:
    """The expression trees of the components the function returns; None where it cannot be traced."""
    try:
        return tuple(as_tree(c) for c in components(function(*arguments), dimension))
    except (TypeError, AttributeError, ZeroDivisionError, OverflowError):
        return None


def trace_condition(function: Callable[..., Any], argument: Any) -> Condition | None:
    """The condition the function tests; None where it cannot be traced."""
    try:
        return condition_of(as_tree(function(argument)))
    except (TypeError, AttributeError, ZeroDivisionError, OverflowError):
        return None


def traced_vector(names: Sequence[str]) -> Any:
    """An array of symbolic numbers with these names."""
    array = np.empty(len(names), dtype=object)
    array[:] = [TracedNumber(Name(n)) for n in names]
    return array
