"""Is a subset a subspace? It is, where it holds a vector and both closures are proved."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from ..errors import BadInput
from ..words import say
from .answer import Answer
from .axioms import closures
from .search import Counterexample
from .space import Space


@dataclass(frozen=True)
class Subspace:
    """The answer to S < V: the two closures of S under V's operations."""

    sums: Answer
    multiples: Answer

    @property
    def verdict(self) -> str:
        """ "proved", "refuted" or "tested"."""
        both = {self.sums.verdict, self.multiples.verdict}
        return "refuted" if "refuted" in both else "tested" if "tested" in both else "proved"

    @property
    def counterexample(self) -> Counterexample | None:
        """Where a closure fails, if one does."""
        return self.sums.counterexample or self.multiples.counterexample

    @property
    def reason(self) -> str:
        """Why, in the language in use."""
        if self.counterexample is not None:
            return say("spaces.no_subspace", where=str(self.counterexample))
        return say("spaces.a_subspace" if self.verdict == "proved" else "spaces.maybe_subspace")

    def __bool__(self) -> bool:
        return self.verdict == "proved"


def is_subspace(subset: Space | str | Callable[..., Any], of: Space | int | None = None) -> Subspace:
    """Whether the subset is a subspace of the vector space ``of``.

    ``subset`` is a condition on u1, u2, … (text or a function of an array), and ``of`` a ``Space`` or the n of Rⁿ;
    or a ``Space`` whose condition and operations are taken. Linear conditions are always decided; others are decided
    where a proof or a counterexample is found. Raises ``BadInput`` where the subset holds no vector that is found,
    or where nothing says what it is a subset of.
    """
    if not isinstance(subset, Space):
        if of is None:
            raise BadInput("spaces.subset_of_what")
        whole = of if isinstance(of, Space) else Space(of)
        subset = replace(whole, member=subset, name="")
    found = closures(subset)
    return Subspace(found["V1"], found["V2"])
