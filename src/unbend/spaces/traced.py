"""Python functions run on recording numbers, which turns what they compute into a formula's tree."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import Any

import numpy as np

from ..formula.language.build import number
from ..formula.language.tree import Binary, Call, Name, Negative, Node
from .conditions import Condition, truth


class NotAFormula(TypeError):
    """The function asks for a number, so that it is no single formula."""


class WrongLength(Exception):
    """An operation returned ``got`` components where the space has another number."""

    def __init__(self, got: int) -> None:
        super().__init__(got)
        self.got = got


class Recorded:
    """A number that is not known yet: arithmetic on it builds a tree, and a branch on it is refused."""

    def __init__(self, node: Node) -> None:
        self.node = node

    def _with(self, operator: str, other: Any, swapped: bool = False) -> Any:
        if isinstance(other, np.ndarray):
            return NotImplemented
        right = tree(other)
        return Recorded(Binary(operator, right, self.node) if swapped else Binary(operator, self.node, right))

    def __add__(self, other: Any) -> Any:
        return self._with("+", other)

    def __radd__(self, other: Any) -> Any:
        return self._with("+", other, True)

    def __sub__(self, other: Any) -> Any:
        return self._with("-", other)

    def __rsub__(self, other: Any) -> Any:
        return self._with("-", other, True)

    def __mul__(self, other: Any) -> Any:
        return self._with("*", other)

    def __rmul__(self, other: Any) -> Any:
        return self._with("*", other, True)

    def __truediv__(self, other: Any) -> Any:
        return self._with("/", other)

    def __rtruediv__(self, other: Any) -> Any:
        return self._with("/", other, True)

    def __pow__(self, other: Any) -> Any:
        return self._with("**", other)

    def __rpow__(self, other: Any) -> Any:
        return self._with("**", other, True)

    def __lt__(self, other: Any) -> Any:
        return self._with("<", other)

    def __le__(self, other: Any) -> Any:
        return self._with("<=", other)

    def __gt__(self, other: Any) -> Any:
        return self._with(">", other)

    def __ge__(self, other: Any) -> Any:
        return self._with(">=", other)

    def __eq__(self, other: object) -> Any:
        return self._with("==", other)

    def __ne__(self, other: object) -> Any:
        return self._with("!=", other)

    __hash__ = None  # type: ignore[assignment]

    def __and__(self, other: Any) -> Any:
        return self._with("*", other)

    def __or__(self, other: Any) -> Any:
        return self._with("+", other)

    def __neg__(self) -> Recorded:
        return Recorded(Negative(self.node))

    def __pos__(self) -> Recorded:
        return self

    def __abs__(self) -> Recorded:
        return Recorded(Call("abs", (self.node,)))

    def __bool__(self) -> bool:
        raise NotAFormula

    def __float__(self) -> float:
        raise NotAFormula

    def __floor__(self) -> Recorded:
        return Recorded(Call("floor", (self.node,)))

    def __getattr__(self, name: str) -> Any:
        # NumPy calls the method of that name: np.exp(x) is x.exp()
        known = {"absolute": "abs", "fabs": "abs", "arcsinh": "asinh", "arctanh": "atanh", "arctan": "atan"}
        if name in _METHODS or name in known:
            return lambda: Recorded(Call(known.get(name, name), (self.node,)))
        raise AttributeError(name)


_METHODS = set("exp expm1 log log2 log10 log1p sqrt cbrt sin cos tan sinh cosh tanh sign floor ceil".split())


def tree(value: Any) -> Node:
    """The tree of a recorded or plain number; a float counts as the decimal it is printed as."""
    if isinstance(value, Recorded):
        return value.node
    if isinstance(value, bool | np.bool_ | int | np.integer | Fraction):
        return number(Fraction(int(value)) if not isinstance(value, Fraction) else value)
    if isinstance(value, float | np.floating):
        return number(Fraction(repr(float(value))))
    raise NotAFormula


def components(value: Any, dimension: int) -> list[Any]:
    """What an operation returned, as a list of ``dimension`` numbers; raises ``WrongLength``."""
    found = list(value.flat) if isinstance(value, np.ndarray) else value
    found = list(found) if isinstance(found, list | tuple) else [found]
    if len(found) != dimension:
        raise WrongLength(len(found))
    return found


def record_vector(function: Callable[..., Any], arguments: Sequence[Any], dimension: int) -> tuple[Node, ...] | None:
    """The trees of the components the function returns for recorded arguments; None where it is no formula."""
    try:
        return tuple(tree(c) for c in components(function(*arguments), dimension))
    except (TypeError, AttributeError, ZeroDivisionError, OverflowError):
        return None


def record_condition(function: Callable[..., Any], argument: Any) -> Condition | None:
    """The condition the function tests; None where it is no formula."""
    try:
        return truth(tree(function(argument)))
    except (TypeError, AttributeError, ZeroDivisionError, OverflowError):
        return None


def unknowns(names: Sequence[str]) -> Any:
    """An array of recorded numbers with these names."""
    array = np.empty(len(names), dtype=object)
    array[:] = [Recorded(Name(n)) for n in names]
    return array
