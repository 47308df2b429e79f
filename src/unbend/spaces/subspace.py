"""`is_subspace`: a subset is a subspace where it is not empty and both closures are proved."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from ..display import Displayed
from ..errors import BadInput
from ..words import say
from .axioms import check_closures
from .result import AxiomResult, Counterexample
from .space import Space


@dataclass(frozen=True)
class Subspace(Displayed):
    """The result of `is_subspace`; true in a condition when it is proved.

    Attributes
    ----------
    sums, multiples : AxiomResult
        The two closures of the subset under the operations.
    verdict : {"proved", "refuted", "tested"}
    counterexample : Counterexample or None
        Where a closure fails, if one does.
    reason : str
        In the language in use.
    """

    sums: AxiomResult
    multiples: AxiomResult

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

    def __str__(self) -> str:
        return self.reason


def is_subspace(subset: Space | str | Callable[..., Any], of: Space | int | None = None) -> Subspace:
    """Whether a subset is a subspace of a vector space.

    Linear conditions are always decided; others are decided where a proof or a counterexample is found.

    Parameters
    ----------
    subset : Space, str or callable
        A condition on u1, u2, … as text or as a function of an array (dimension,); or a space whose condition and
        operations are taken.
    of : Space or int, optional
        The vector space, or the n of Rⁿ; needed where ``subset`` is a condition.

    Returns
    -------
    Subspace
        ``verdict``, ``reason``, ``counterexample``; true in a condition when it is proved.

    Raises
    ------
    BadInput
        Where no vector of the subset is found, or ``of`` is missing.

    Examples
    --------
    >>> import unbend as ub
    >>> bool(ub.is_subspace("u1 + u2 == 0", 2))
    True
    >>> ub.is_subspace("u1 + u2 == 1", 2).verdict
    'refuted'
    """
    if not isinstance(subset, Space):
        if of is None:
            raise BadInput("spaces.subset_of_what")
        space = of if isinstance(of, Space) else Space(of)
        subset = replace(space, member=subset, name="")
    results = check_closures(subset)
    return Subspace(results["V1"], results["V2"])
