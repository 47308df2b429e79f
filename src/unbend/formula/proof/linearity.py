"""`Linearity`: all judgements on one formula: for single names, and for several jointly."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property
from itertools import islice

from ...display import Displayed
from ...errors import BadInput
from ..language.tree import Node
from .counterexample_search import CounterexampleSearch
from .judge import judge
from .judgement import Judgement

_MAX_LINES = 20  # of a printed ``Linearity``


class Linearity(Displayed):
    """The judgements on one formula, computed on request and cached.

    Printed, it shows one line for each name. Iterating yields the judgements on the single names.

    Parameters
    ----------
    tree : Node
        The expression tree of the right side.
    variables, parameters : sequence of str
        The names in it.

    Examples
    --------
    >>> import unbend as ub
    >>> linearity = ub.Formula("y = a*x**2 + b*x + c").linearity
    >>> {judgement.subject[0]: judgement.verdict for judgement in linearity}
    {'x': 'nonlinear', 'a': 'affine', 'b': 'affine', 'c': 'affine'}
    >>> linearity.of("a", "b", "c").verdict
    'linear'
    """

    def __init__(self, tree: Node, variables: Sequence[str], parameters: Sequence[str]) -> None:
        self._tree = tree
        self.variable_names, self.parameter_names = tuple(variables), tuple(parameters)
        self._cache: dict[tuple[str, ...], Judgement] = {}

    @property
    def names(self) -> tuple[str, ...]:
        """The variables, then the parameters."""
        return (*self.variable_names, *self.parameter_names)

    def of(self, *names: str) -> Judgement:
        """The verdict on some names jointly, all others held fixed.

        Parameters
        ----------
        *names : str
            Names of the formula.

        Returns
        -------
        Judgement

        Raises
        ------
        BadInput
            Where a name is not in the formula.
        """
        for name in names:
            if name not in self.names:
                raise BadInput("formula.no_such_name", name=name, known=", ".join(self.names))
        if names not in self._cache:
            self._cache[names] = judge(self._tree, names, self.names, self._search)
        return self._cache[names]

    @cached_property
    def _search(self) -> CounterexampleSearch:
        return CounterexampleSearch(self._tree, self.names)

    @property
    def variables(self) -> Judgement | None:
        """The verdict on all variables jointly; None where there are none."""
        return self.of(*self.variable_names) if self.variable_names else None

    @property
    def parameters(self) -> Judgement | None:
        """The verdict on all parameters jointly; None where there are none."""
        return self.of(*self.parameter_names) if self.parameter_names else None

    @property
    def everything(self) -> Judgement | None:
        """The verdict on all names jointly; None where there are none."""
        return self.of(*self.names) if self.names else None

    def __iter__(self) -> Iterator[Judgement]:
        """The verdicts on the single names."""
        return (self.of(name) for name in self.names)

    def __str__(self) -> str:
        """One line for each name, the first 20 of them."""
        lines = [str(judgement) for judgement in islice(self, _MAX_LINES)]
        return "\n".join([*lines, "…"] if len(self.names) > _MAX_LINES else lines)

    __repr__ = __str__
