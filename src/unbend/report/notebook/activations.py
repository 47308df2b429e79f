"""Views of activation functions, one with its graph, all of them in a table; of other registries."""

from __future__ import annotations

from typing import Any

from ...activations import Activation
from ...activations.table import Activations
from ...display import Registry
from ...figures.curves import plate
from ...words import say
from ..html import paragraph, table
from ..pictures import svg


def activations(found: Activations) -> str:
    """Every function with its formula, slope, range and kinks."""
    head = (say("views.name"), "h(x)", "h'(x)", say("views.range"), say("views.kinks"))
    rows = [
        (h.name, h.formula, h.slope, f"{h.range[0]:g} … {h.range[1]:g}", ", ".join(f"{kink:g}" for kink in h.kinks))
        for h in found.values()
    ]
    return table(head, rows)


def activation(found: Activation) -> str:
    """Its graph with its slope, kinks, range and formula."""
    return f"<figure>{svg(plate(found), found.name)}</figure>"


def names(found: Registry[Any]) -> str:
    """The names of the records of any other registry."""
    return paragraph(", ".join(found))
