"""`substitute_and_fold`: substitution in expression trees with constant folding."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction

from ...formula.language.build import as_number, number, rebuild
from ...formula.language.tree import Call, Name, Node, children
from ..evaluate.exact_values import Undecided, Undefined, evaluate


def substitute_and_fold(trees: Sequence[Node], values: Mapping[str, Node]) -> tuple[Node, ...]:
    """The trees with names replaced, and constant subexpressions evaluated: 0 + z becomes z."""
    return tuple(_folded(t, values) for t in trees)


def _folded(node: Node, values: Mapping[str, Node]) -> Node:
    if isinstance(node, Name):
        return values.get(node.name, node)
    operands = [_folded(c, values) for c in children(node)]
    if not operands:
        return node
    if isinstance(node, Call) and node.function == "where" and (chosen := as_number(operands[0])) is not None:
        return operands[1] if chosen else operands[2]
    rebuilt = rebuild(node, operands)
    return _evaluated(rebuilt) if all(as_number(x) is not None for x in operands) else rebuilt


def _evaluated(node: Node) -> Node:
    """The value of an expression without names as a number, where that is rational."""
    try:
        value = evaluate(node, {})
    except (Undefined, Undecided):
        return node
    return number(value) if isinstance(value, Fraction) else node
