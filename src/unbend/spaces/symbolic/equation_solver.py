"""`solve_for`: an equation solved for some of its names by SymPy; a source of candidates, never a proof."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations

from ...errors import FormulaError
from ...formula.language.grammar import parse
from ...formula.language.tree import Node
from ...formula.language.tree import names as names_in
from ..language.conditions import Comparison
from .sympy_expressions import to_sympy


def solve_for(equations: Sequence[Comparison], unknowns: Sequence[str]) -> Iterator[dict[str, Node]]:
    """Solutions for all the unknowns, each an expression tree of the other names."""
    import sympy as sp

    names = {n for x in equations for side in (x.left, x.right) for n in names_in(side)}
    symbols = {n: sp.Symbol(n, real=True) for n in {*names, *unknowns} - {"pi", "e"}}
    try:
        differences = [to_sympy(x.left, symbols) - to_sympy(x.right, symbols) for x in equations]
        solutions = sp.solve(differences, [symbols[n] for n in unknowns], dict=True)
        for solution in solutions:
            yield {str(n): parse(str(value)) for n, value in solution.items()}
    except (KeyError, NotImplementedError, FormulaError, TypeError, ValueError, AttributeError):
        return  # abs and the like, or SymPy cannot solve it, or the solution is outside the formula language


def solve_for_some(equations: Sequence[Comparison], names: Sequence[str]) -> Iterator[dict[str, Node]]:
    """Solutions for as many of the names as there are equations, the later names first; the others are free."""
    for dependent in combinations(reversed(names), min(len(equations), len(names))):
        yield from solve_for(equations, dependent)
