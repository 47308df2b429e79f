"""The activation functions of a network as formulas in x, each with the name of its function in exported code."""

from __future__ import annotations

import re

from ..activations import Activation
from ..formula.language.grammar import parse
from ..formula.language.tree import Node, substitute
from ..formula.printing.numpy_functions import required_steps
from ..network import Network


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
