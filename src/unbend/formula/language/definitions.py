"""`expand`: calls of functions defined by a formula in x, such as the logit, are replaced by the formula."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from .functions import DEFINED, FUNCTIONS
from .grammar import parse
from .tokens import formula_error
from .tree import Binary, Call, Negative, Node, children, substitute, walk

_MAX_NODES = 20_000  # operations after expansion


Definitions = Mapping[str, Node]  # name -> formula in x


@cache
def standard_definitions() -> Definitions:
    """The definitions that come with the language itself."""
    return {name: parse(text) for name, text in DEFINED.items()}


def expand(tree: Node, definitions: Definitions) -> Node:
    """The tree with the calls of defined functions replaced by their formulas.

    Raises ``FormulaError`` where the tree grows beyond 20,000 operations.
    """
    return _Expansion(tree, definitions).result if any(_calls(tree)) else tree


def _calls(tree: Node) -> list[str]:
    return [n.function for n in walk(tree) if isinstance(n, Call) and n.function not in FUNCTIONS]


class _Expansion:
    """Counts nodes while it expands: nested calls of functions that use x twice double the formula each time."""

    def __init__(self, tree: Node, definitions: Definitions) -> None:
        self.definitions = definitions
        self.sizes: dict[int, int] = {}
        self.alive: list[Node] = []  # keeps the nodes alive, so that their ids stay unique
        self.result = self._expand(tree)

    def _expand(self, node: Node) -> Node:
        parts = [self._expand(child) for child in children(node)]
        new: Node
        match node:
            case Call(function, _, span) if function not in FUNCTIONS:
                new = substitute(self.definitions[function], {"x": parts[0]})
            case Call(function, _, span):
                new = Call(function, tuple(parts), span)
            case Binary(operator, _, _, span):
                new = Binary(operator, parts[0], parts[1], span)
            case Negative(_, span):
                new = Negative(parts[0], span)
            case _:
                new = node
        self.alive.append(new)
        if self._size(new) > _MAX_NODES:
            raise formula_error("formula.too_deep", at=node.span[0], most=_MAX_NODES)
        return new

    def _size(self, node: Node) -> int:
        if id(node) not in self.sizes:
            self.alive.append(node)
            self.sizes[id(node)] = 1 + sum(self._size(child) for child in children(node))
        return self.sizes[id(node)]
