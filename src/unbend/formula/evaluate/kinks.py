"""`kinks`: the kinks and jumps of a formula in one variable: |u| at 0, max and min where they switch, comparisons."""

from __future__ import annotations

import numpy as np

from ..language.tree import Binary, Call, Node, walk
from ..printing.numpy import NUMPY
from ..printing.numpy_functions import compile_function

_GRID = np.linspace(-100.0, 100.0, 20_001)  # roots closer together than 0.01 may be missed
_MAX_ROOTS = 1_000  # more roots than this: zero on an interval, no kink


def kinks(node: Node, name: str) -> tuple[float, ...]:
    """The points of [-100, 100], sorted, where the tree can have a kink or a jump."""
    points: set[float] = set()
    for part in walk(node):
        switch = switching_expression(part)
        if switch is not None:
            points.update(_roots(switch, name))
    return tuple(sorted(points))


def switching_expression(node: Node) -> Node | None:
    """The expression whose sign selects the piece of ``node``; None for a smooth operation."""
    match node:
        case Call("abs" | "sign", (u,)):
            return u
        case Call("max" | "min", (a, b)):
            return Binary("-", a, b)
        case Binary("<" | "<=" | ">" | ">=" | "==" | "!=", a, b):
            return Binary("-", a, b)
    return None


def _roots(node: Node, name: str) -> list[float]:
    """The roots on a grid, refined by Brent's method."""
    from scipy.optimize import brentq

    # + 0*x makes an array of a constant
    g = compile_function(f"def g(x): return {NUMPY.expression(node, {name: 'x'})} + 0*x", "g")
    with np.errstate(all="ignore"):
        values = g(_GRID)
    roots = [float(x) for x in _GRID[values == 0]]
    sign_changes = np.flatnonzero(values[:-1] * values[1:] < 0)
    roots += [round(float(brentq(g, _GRID[i], _GRID[i + 1], xtol=1e-15)), 14) for i in sign_changes]
    return [r + 0.0 for r in roots] if len(roots) < _MAX_ROOTS else []
