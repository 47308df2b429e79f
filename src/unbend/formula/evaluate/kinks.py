"""Where a formula in one variable bends sharply: |u| at 0, max and min where they change sides, a comparison."""

from __future__ import annotations

import numpy as np

from ..language.tree import Binary, Call, Node, walk
from ..printing.numpy import NUMPY
from ..printing.numpy_functions import compile_function

_SCAN = np.linspace(-100.0, 100.0, 20_001)  # roots closer together than 0.01 may be missed
_MANY = 1_000  # as many roots as this means: zero on an interval, no kink


def kinks(node: Node, name: str) -> tuple[float, ...]:
    """The sorted places in [-100, 100] where a kink or a jump of the tree can lie."""
    places: set[float] = set()
    for part in walk(node):
        difference = _changes_sides(part)
        if difference is not None:
            places.update(_roots(difference, name))
    return tuple(sorted(places))


def _changes_sides(node: Node) -> Node | None:
    """The expression whose sign decides which side of ``node`` counts."""
    match node:
        case Call("abs" | "sign", (u,)):
            return u
        case Call("max" | "min", (a, b)):
            return Binary("-", a, b)
        case Binary("<" | "<=" | ">" | ">=" | "==" | "!=", a, b):
            return Binary("-", a, b)
    return None


def _roots(node: Node, name: str) -> list[float]:
    from scipy.optimize import brentq

    # + 0*x makes an array of a constant
    g = compile_function(f"def g(x): return {NUMPY.expression(node, {name: 'x'})} + 0*x", "g")
    with np.errstate(all="ignore"):
        values = g(_SCAN)
    roots = [float(x) for x in _SCAN[values == 0]]
    crossed = np.flatnonzero(values[:-1] * values[1:] < 0)
    roots += [round(float(brentq(g, _SCAN[i], _SCAN[i + 1], xtol=1e-15)), 14) for i in crossed]
    return [r + 0.0 for r in roots] if len(roots) < _MANY else []
