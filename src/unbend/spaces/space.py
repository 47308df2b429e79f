"""A space: a set, an addition, a multiplication by scalars, and the kind of scalars."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np

from ..errors import BadInput, ShapeError
from ..formula.language.tree import Name, Node
from . import exact, reading, traced
from .conditions import TRUE, Condition

FIELDS = ("real", "rational", "integer")
Operation = str | Sequence[str] | Callable[..., Any] | None


@dataclass(frozen=True)
class Space:
    """A set of vectors with ``dimension`` components, closed or not under the two operations.

    ``add`` gives u + v as a formula of ``u1, u2, …, v1, v2, …`` (``u`` and ``v`` where there is one component) and
    ``scale`` gives a times u as a formula of ``a`` and ``u1, u2, …``; without them they are the usual ones.
    ``member`` is the condition on ``u1, u2, …`` that makes a vector belong to the set,
    such as ``u1 >= 0 and (u2 == 0 or integer(u2))``; without it all do.
    ``field`` says what the scalars are: "real", "rational" or "integer" (a ring only).
    Instead of text, functions may come: ``add(u, v)``, ``scale(a, u)``, ``member(u)`` with arrays (dimension,).
    In text, a written odd root such as ``x**(1/3)`` is the real root, of negative numbers too.
    Raises ``FormulaError`` with the place where a text cannot be read, ``ShapeError`` where components are missing.
    """

    dimension: int
    add: Operation = None
    scale: Operation = None
    member: str | Callable[..., Any] | None = None
    field: str = "real"
    name: str = ""
    sum_trees: tuple[Node, ...] | None = dataclasses.field(init=False, repr=False, compare=False)
    multiple_trees: tuple[Node, ...] | None = dataclasses.field(init=False, repr=False, compare=False)
    condition: Condition | None = dataclasses.field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        n = self.dimension
        if isinstance(n, bool) or not isinstance(n, int) or n < 1:
            raise ShapeError("spaces.dimension", got=n)
        if self.field not in FIELDS:
            raise BadInput("spaces.no_such_field", got=self.field, known=", ".join(FIELDS))
        u, v = unknown("u", n), unknown("v", n)
        usual_sum = ", ".join(f"{x} + {y}" for x, y in zip(u, v, strict=True))
        usual_multiple = ", ".join(f"a*{x}" for x in u)
        self._set("sum_trees", self._operation("add", usual_sum, [u, v]))
        self._set("multiple_trees", self._operation("scale", usual_multiple, ["a", u]))
        self._set("condition", self._condition(u))

    @property
    def is_formula(self) -> bool:
        """False where a function could not be read as a formula, so that axioms can be tested only, not proved."""
        return None not in (self.sum_trees, self.multiple_trees, self.condition)

    def sum(self, u: Sequence[Any], v: Sequence[Any]) -> tuple[Any, ...]:
        """u + v in this space, exactly: fractions, or intervals where a value is irrational."""
        values = {**self._named("u", u), **self._named("v", v)}
        if self.sum_trees is None:
            return self._called(self.add, values.values(), 2)
        return tuple(exact.evaluate(t, values) for t in self.sum_trees)

    def multiple(self, a: Any, u: Sequence[Any]) -> tuple[Any, ...]:
        """a times u in this space, exactly: fractions, or intervals where a value is irrational."""
        values = {"a": exact_number(a), **self._named("u", u)}
        if self.multiple_trees is None:
            return self._called(self.scale, values.values(), 1)
        return tuple(exact.evaluate(t, values) for t in self.multiple_trees)

    def contains(self, u: Sequence[Any]) -> bool | None:
        """Whether the vector belongs to the set; None where rounding leaves it open."""
        values = self._named("u", u)
        if self.condition is not None:
            return exact.holds(self.condition, values)
        try:
            return bool(self._asked(self.member, values.values(), 1))
        except (ArithmeticError, ValueError):
            return False

    def _set(self, name: str, value: object) -> None:
        object.__setattr__(self, name, value)

    def _operation(self, which: str, usual: str, arguments: Sequence[Any]) -> tuple[Node, ...] | None:
        given = getattr(self, which)
        if callable(given):
            recorded = [traced.unknowns(a) if isinstance(a, tuple) else traced.Recorded(Name(a)) for a in arguments]
            try:
                return traced.record_vector(given, recorded, self.dimension)
            except traced.WrongLength as wrong:
                raise ShapeError("spaces.components", which=which, want=self.dimension, got=wrong.got) from None
        names = [n for a in arguments for n in (a if isinstance(a, tuple) else (a,))]
        trees = reading.vector(usual if given is None else given, self._spellings(names))
        if len(trees) != self.dimension:
            raise ShapeError("spaces.components", which=which, want=self.dimension, got=len(trees))
        return trees

    def _condition(self, u: tuple[str, ...]) -> Condition | None:
        if self.member is None:
            return TRUE
        if callable(self.member):
            return traced.record_condition(self.member, traced.unknowns(u))
        return reading.condition(self.member, self._spellings(u))

    def _spellings(self, names: Sequence[str]) -> dict[str, str]:
        """The names a text may use; with one component, u means u1 and v means v1."""
        short = {n[0]: n for n in names if len(n) > 1} if self.dimension == 1 else {}
        return {**{n: n for n in names}, **short}

    def _named(self, letter: str, vector: Sequence[Any]) -> dict[str, Any]:
        numbers = [exact_number(x) for x in np.ravel(np.asarray(vector, dtype=object))]
        if len(numbers) != self.dimension:
            raise ShapeError("spaces.components", which=letter, want=self.dimension, got=len(numbers))
        return dict(zip(unknown(letter, self.dimension), numbers, strict=True))

    def _called(self, function: Any, values: Any, vectors: int) -> tuple[Any, ...]:
        """The function's own answer; its floats become narrow intervals, since they are rounded."""
        try:
            found = self._asked(function, values, vectors)
            return tuple(_rounded(c) for c in traced.components(found, self.dimension))
        except (ArithmeticError, ValueError):
            raise exact.Undefined from None
        except traced.WrongLength as wrong:
            raise ShapeError("spaces.components", which="u", want=self.dimension, got=wrong.got) from None

    def _asked(self, function: Any, values: Any, vectors: int) -> Any:
        """What the function answers to fractions, or to floats where it cannot take those."""
        numbers = [x if isinstance(x, Fraction) else float(exact.ends(x)[0]) for x in values]
        with np.errstate(all="ignore"):
            try:
                return function(*self._arguments(numbers, vectors))
            except (TypeError, AttributeError):
                return function(*self._arguments([float(x) for x in numbers], vectors))

    def _arguments(self, numbers: list[Any], vectors: int) -> list[Any]:
        """The scalar, if there is one, and the vectors as arrays."""
        n = self.dimension
        cut = len(numbers) - vectors * n
        return [*numbers[:cut], *(_array(numbers[i : i + n]) for i in range(cut, len(numbers), n))]


def unknown(letter: str, dimension: int) -> tuple[str, ...]:
    """The names of a vector's components: u1, u2, …"""
    return tuple(f"{letter}{i + 1}" for i in range(dimension))


def exact_number(value: Any) -> Any:
    """A fraction: of whole numbers, fractions, decimal texts, and floats as the decimals they are printed as."""
    if isinstance(value, bool | np.bool_ | int | np.integer):
        return Fraction(int(value))
    if isinstance(value, float | np.floating):
        return Fraction(repr(float(value)))
    return Fraction(value) if isinstance(value, str) else value  # a fraction, or an interval


def _rounded(value: Any) -> Any:
    """What a function returned: a float may be off in its last digits, so it becomes an interval."""
    if not isinstance(value, float | np.floating):
        return exact_number(value)
    if not np.isfinite(value):
        raise exact.Undefined
    return exact.around(float(value))


def _array(values: Any) -> Any:
    """An array of these numbers: of floats where all are, else of objects."""
    numbers = list(values)
    if all(isinstance(x, float) for x in numbers):
        return np.array(numbers)
    array = np.empty(len(numbers), dtype=object)
    array[:] = numbers
    return array
