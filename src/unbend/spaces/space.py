"""`Space`: a set of vectors, an addition, a multiplication by scalars, and the type of scalars."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..display import Displayed
from ..errors import BadInput, ShapeError
from ..formula.language.tree import Name, Node
from .evaluate import exact_values
from .evaluate.function_calls import call_function, call_operation, exact_number
from .language import condition_parser
from .language.conditions import TRUE, Condition
from .language.function_tracing import (
    TracedNumber,
    WrongComponentCount,
    trace_condition,
    trace_vector,
    traced_vector,
)

FIELDS = ("real", "rational", "integer")
Operation = str | Sequence[str] | Callable[..., Any] | None


@dataclass(frozen=True)
class Space(Displayed):
    """A set of vectors with an addition and a multiplication by scalars, which need not be closed under either.

    In text, an odd root such as ``x**(1/3)`` is the real root, of negative numbers too.

    Parameters
    ----------
    dimension : int
        The number of components of a vector, at least 1.
    add : str, sequence of str or callable, optional
        u + v: formulas of ``u1, u2, …, v1, v2, …`` (``u`` and ``v`` where there is one component), in one text
        separated by commas or one text per component; or a function ``add(u, v)`` of arrays (dimension,). The usual
        addition by default.
    scale : str, sequence of str or callable, optional
        a times u, likewise: formulas of ``a`` and ``u1, u2, …``, or a function ``scale(a, u)``.
    member : str or callable, optional
        The condition on ``u1, u2, …`` for belonging to the set, such as ``u1 >= 0 and (u2 == 0 or integer(u2))``, or a
        function ``member(u)``. All vectors belong by default.
    field : {"real", "rational", "integer"}, default "real"
        What the scalars are (the integers are a ring only).
    name : str, optional

    Attributes
    ----------
    is_formula : bool
        False where a function could not be traced as a formula: then axioms are tested only, not proved.

    Raises
    ------
    FormulaError
        Pointing at the position where a text cannot be read.
    ShapeError
        Where the number of components is wrong.
    BadInput
        For an unknown ``field``.

    Examples
    --------
    >>> import unbend as ub
    >>> positive = ub.Space(1, add="u*v", scale="u**a", member="u > 0")
    >>> positive.sum([2], [3]), positive.contains([-1])
    ((Fraction(6, 1),), False)
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
        u, v = component_names("u", n), component_names("v", n)
        usual_sum = ", ".join(f"{x} + {y}" for x, y in zip(u, v, strict=True))
        usual_multiple = ", ".join(f"a*{x}" for x in u)
        object.__setattr__(self, "sum_trees", self._operation("add", usual_sum, [u, v]))
        object.__setattr__(self, "multiple_trees", self._operation("scale", usual_multiple, ["a", u]))
        object.__setattr__(self, "condition", self._condition(u))

    @property
    def is_formula(self) -> bool:
        """False where a function could not be traced as a formula, so that axioms can be tested only, not proved."""
        return None not in (self.sum_trees, self.multiple_trees, self.condition)

    def sum(self, u: Sequence[Any], v: Sequence[Any]) -> tuple[Any, ...]:
        """u + v in this space, exactly.

        Parameters
        ----------
        u, v : sequence of numbers (dimension,)
            Integers, fractions, decimal texts; floats count as the decimals they are printed as.

        Returns
        -------
        tuple (dimension,)
            Fractions, or intervals (of mpmath) where a value is irrational.

        Raises
        ------
        ArithmeticError
            Where the sum has no value.
        ShapeError
            Where a vector has another number of components.
        """
        values = {**self._named("u", u), **self._named("v", v)}
        if self.sum_trees is None:
            return call_operation(self.add, values.values(), self.dimension, vectors=2)
        return tuple(exact_values.evaluate(t, values) for t in self.sum_trees)

    def multiple(self, a: Any, u: Sequence[Any]) -> tuple[Any, ...]:
        """a times u in this space, exactly.

        Parameters
        ----------
        a : number
            A scalar.
        u : sequence of numbers of length ``dimension``

        Returns
        -------
        tuple of length ``dimension``
            Errors are those of `sum`.
        """
        values = {"a": exact_number(a), **self._named("u", u)}
        if self.multiple_trees is None:
            return call_operation(self.scale, values.values(), self.dimension, vectors=1)
        return tuple(exact_values.evaluate(t, values) for t in self.multiple_trees)

    def contains(self, u: Sequence[Any]) -> bool | None:
        """Whether a vector belongs to the set.

        Parameters
        ----------
        u : sequence of numbers of length ``dimension``

        Returns
        -------
        bool or None
            None where interval arithmetic cannot decide.
        """
        values = self._named("u", u)
        if self.condition is not None:
            return exact_values.holds(self.condition, values)
        try:
            return bool(call_function(self.member, values.values(), self.dimension, vectors=1))
        except (ArithmeticError, ValueError):
            return False

    def _operation(self, which: str, usual: str, arguments: Sequence[Any]) -> tuple[Node, ...] | None:
        """The expression trees of ``add`` or ``scale``; None where it is a function that cannot be traced."""
        given = getattr(self, which)
        if callable(given):
            symbolic = [traced_vector(a) if isinstance(a, tuple) else TracedNumber(Name(a)) for a in arguments]
            try:
                return trace_vector(given, symbolic, self.dimension)
            except WrongComponentCount as wrong:
                raise ShapeError("spaces.components", which=which, want=self.dimension, got=wrong.got) from None
        names = [n for a in arguments for n in (a if isinstance(a, tuple) else (a,))]
        trees = condition_parser.parse_vector(usual if given is None else given, self._spellings(names))
        if len(trees) != self.dimension:
            raise ShapeError("spaces.components", which=which, want=self.dimension, got=len(trees))
        return trees

    def _condition(self, u: tuple[str, ...]) -> Condition | None:
        if self.member is None:
            return TRUE
        if callable(self.member):
            return trace_condition(self.member, traced_vector(u))
        return condition_parser.parse_condition(self.member, self._spellings(u))

    def _spellings(self, names: Sequence[str]) -> dict[str, str]:
        """The names a text may use; with one component, u means u1 and v means v1."""
        short = {n[0]: n for n in names if len(n) > 1} if self.dimension == 1 else {}
        return {**{n: n for n in names}, **short}

    def _named(self, letter: str, vector: Sequence[Any]) -> dict[str, Any]:
        numbers = [exact_number(x) for x in np.ravel(np.asarray(vector, dtype=object))]
        if len(numbers) != self.dimension:
            raise ShapeError("spaces.components", which=letter, want=self.dimension, got=len(numbers))
        return dict(zip(component_names(letter, self.dimension), numbers, strict=True))


def component_names(letter: str, dimension: int) -> tuple[str, ...]:
    """The names of a vector's components: u1, u2, …"""
    return tuple(f"{letter}{i + 1}" for i in range(dimension))
