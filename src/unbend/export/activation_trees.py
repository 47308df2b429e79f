"""The activation functions of a network as expression trees in x, and as functions in a programming language."""

from __future__ import annotations

import re
from collections.abc import Mapping

from ..activations import Activation
from ..formula.language.grammar import parse
from ..formula.language.tree import Node, substitute
from ..formula.printing.language import Language
from ..formula.printing.numpy_functions import required_steps
from ..network import Network
from .header import comment_line


def activation_tree(record: Activation) -> Node:
    """The activation's stable form as one tree in x; what several of its steps share is one object in the tree."""
    trees: dict[str, Node] = {}
    for name, text in required_steps(record.steps, ("value",)):
        trees[name] = substitute(parse(text), trees)
    return trees["value"]


def activation_names(network: Network) -> dict[Activation, str]:
    """The activations in use except the identity, each with the name of its function."""
    names: dict[Activation, str] = {}
    for layer in network.layers:
        record = layer.activation
        if record.name == "identity" and record.value == "x":
            continue
        if record not in names:
            is_word = re.fullmatch(r"[a-z][a-z0-9_]*", record.name)
            names[record] = f"h_{record.name}" if is_word else f"h_{len(names) + 1}"
    if len(set(names.values())) < len(names):  # a user's record may bear a name that is taken
        return {record: f"h_{i + 1}" for i, record in enumerate(names)}
    return names


def activation_sources(language: Language, names: Mapping[Activation, str], template: str) -> list[str]:
    """The definitions of the helpers that the activations call, then of the activations.

    ``template`` is filled with each activation's formula, made safe for a comment, and the source of its function.
    """
    trees = {record: activation_tree(record) for record in names}
    functions = [
        template.format(formula=comment_line(record.formula), source=language.function(trees[record], ("x",), name))
        for record, name in names.items()
    ]
    return [*language.helper_sources([*trees.values()]), *functions]
