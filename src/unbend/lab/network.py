"""The page *Network*: layers, weights, a neuron's formula, a minibatch step by step."""

from __future__ import annotations

from ..words import say
from .state import Field, Number


def fields() -> list[Field]:
    """What the reader can set."""
    return [Number("seed", 0, say("lab.seed"), 0, 99, 1)]
