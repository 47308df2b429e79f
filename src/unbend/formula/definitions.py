"""Functions that are formulas themselves: every activation by its name, the logit. They are put in where called."""

from __future__ import annotations

from functools import cache
from importlib import import_module

from .functions import DEFINED, FUNCTIONS
from .grammar import parse
from .tokens import refusal
from .tree import Binary, Call, Negative, Node, children, substitute, walk

_MOST = 20_000  # operations after putting in


@cache
def definitions() -> dict[str, Node]:
    """name -> formula in x, for every function that is not in ``FUNCTIONS``."""
    # The activations live one floor up, written as formulas: they are looked up here, nothing is built on them.
    records = import_module("..activations", __package__).activations
    texts = {**DEFINED, **{name: record.formula for name, record in records.items()}}
    return {name: parse(text) for name, text in texts.items() if name not in FUNCTIONS}


def callable_names() -> frozenset[str]:
    """All functions a formula may call."""
    return frozenset({*FUNCTIONS, *definitions()})


def put_in(tree: Node) -> Node:
    """The tree with defined functions replaced by their formulas; ``FormulaError`` where that grows too large."""
    return tree if not any(_calls(tree)) else _Expansion(tree).result


def _calls(tree: Node) -> list[str]:
    return [n.function for n in walk(tree) if isinstance(n, Call) and n.function not in FUNCTIONS]


class _Expansion:
    """Counts as it goes: nested calls of functions that use x twice double the formula each time."""

    def __init__(self, tree: Node) -> None:
        self.sizes: dict[int, int] = {}
        self.kept: list[Node] = []  # while the nodes live, their ids stay theirs
        self.at = tree.span[0]
        self.result = self._expand(tree)

    def _expand(self, node: Node) -> Node:
        parts = [self._expand(child) for child in children(node)]
        new: Node
        match node:
            case Call(function, _, span) if function not in FUNCTIONS:
                new = substitute(definitions()[function], {"x": parts[0]})
            case Call(function, _, span):
                new = Call(function, tuple(parts), span)
            case Binary(operator, _, _, span):
                new = Binary(operator, parts[0], parts[1], span)
            case Negative(_, span):
                new = Negative(parts[0], span)
            case _:
                new = node
        self.kept.append(new)
        if self._size(new) > _MOST:
            raise refusal("formula.too_deep", at=node.span[0], most=_MOST)
        return new

    def _size(self, node: Node) -> int:
        if id(node) not in self.sizes:
            self.kept.append(node)
            self.sizes[id(node)] = 1 + sum(self._size(child) for child in children(node))
        return self.sizes[id(node)]
