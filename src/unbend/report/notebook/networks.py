"""Views of networks, of the arrays of one pass through them, and of checked derivatives."""

from __future__ import annotations

from html import escape
from typing import Any

import numpy as np

from ...figures import diagram
from ...network import GradientCheck, Network, Trace
from ...words import say
from ..html import paragraph, table


def network(net: Network) -> str:
    """Its drawing, and its sizes below."""
    return f"<figure>\n{diagram(net).svg()}\n<figcaption>{escape(repr(net))}</figcaption>\n</figure>"


def gradient_check(found: GradientCheck) -> str:
    """Whether all derivatives agree, in one sentence."""
    key = "views.gradient_passed" if found.passed else "views.gradient_failed"
    return paragraph(
        say(key, coordinates=found.coordinates, worst=found.worst, where=found.where, tolerance=found.tolerance)
    )


def trace(found: Trace) -> str:
    """The shape of every layer's arrays."""
    rows = [(str(i), _shape(z), _shape(h)) for i, (z, h) in enumerate(zip(found.z, found.h, strict=True))]
    return table((say("views.layer"), "z", "h"), rows) + paragraph(f"x: {_shape(found.x)}")


def _shape(array: Any) -> str:
    return " × ".join(str(n) for n in np.shape(array))
