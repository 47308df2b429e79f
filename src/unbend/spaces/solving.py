"""Equations solved for some of their names, as trees of the others; a source of candidates, never a proof."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations

from ..errors import FormulaError
from ..formula.language.grammar import parse
from ..formula.language.tree import Node
from ..formula.language.tree import names as names_in
from .algebra import expression
from .conditions import Comparison


def solutions(equations: Sequence[Comparison], unknowns: Sequence[str]) -> Iterator[dict[str, Node]]:
    """Solutions for all the unknowns, each as a tree of what else stands in the equations."""
    import sympy as sp

    names = {n for x in equations for side in (x.left, x.right) for n in names_in(side)}
    symbols = {n: sp.Symbol(n, real=True) for n in {*names, *unknowns} - {"pi", "e"}}
    try:
        wanted = [expression(x.left, symbols) - expression(x.right, symbols) for x in equations]
        solved = sp.solve(wanted, [symbols[n] for n in unknowns], dict=True)
        for solution in solved:
            yield {str(n): parse(str(value)) for n, value in solution.items()}
    except (KeyError, NotImplementedError, FormulaError, TypeError, ValueError, AttributeError):
        return  # a choice such as abs, or SymPy cannot, or the solution is none of our formulas


def some_solved(equations: Sequence[Comparison], names: Sequence[str]) -> Iterator[dict[str, Node]]:
    """Solutions for as many of the names as there are equations, the later names first; the others stay free."""
    for dependent in combinations(reversed(names), min(len(equations), len(names))):
        yield from solutions(equations, dependent)
