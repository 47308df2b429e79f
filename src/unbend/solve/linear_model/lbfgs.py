"""`lbfgs`: a convex function's minimum by limited-memory BFGS with a preconditioner."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable

import numpy as np

from ...arrays import Array

MEMORY = 12  # pairs of steps and changes of the gradient
MAX_ITERATIONS = 1000
DECREASE = 1e-4  # of what the slope promises, for a step to be taken (Armijo)
HALVINGS = 30
ROUNDING = 4 * float(np.finfo(np.float64).eps)


def lbfgs(
    function: Callable[[Array], tuple[float, Array]],
    start: Array,
    precondition: Callable[[Array], Array],
    tolerance: float,
    deadline: float | None = None,
) -> Array:
    """The minimum of a convex function.

    Parameters
    ----------
    function : callable
        Gives (value, gradient) at a point.
    start : array (d,)
    precondition : callable
        Gives about the inverse Hessian times a gradient, positive definite.
    tolerance : float
        The largest absolute value in the gradient at which the search ends.
    deadline : float, optional
        ``time.monotonic()`` seconds at which it ends wherever it is.

    Returns
    -------
    array (d,)

    References
    ----------
    Nocedal & Wright (2006), algorithm 7.4. A convex function's gradient never falls along a step, so that a step that
    decreases the function enough need not be searched for its curvature.
    """
    x = start
    value, gradient = function(x)
    pairs: deque[tuple[Array, Array, float]] = deque(maxlen=MEMORY)
    for _ in range(MAX_ITERATIONS):
        if np.abs(gradient).max() <= tolerance or (deadline is not None and time.monotonic() > deadline):
            break
        direction = -_inverse_hessian(gradient, pairs, precondition)
        slope, step = float(gradient @ direction), 1.0
        for _ in range(HALVINGS):
            candidate, slope_there = function(x + step * direction)
            if candidate <= value + DECREASE * step * slope + ROUNDING * abs(value):
                break
            curve = 2 * (candidate - value - step * slope)  # a parabola through both ends
            step *= float(np.clip(-step * slope / curve, 0.1, 0.5)) if curve > 0 else 0.5
        else:
            break
        change = slope_there - gradient
        product = step * float(direction @ change)
        if product > 0:
            pairs.append((step * direction, change, product))
        x, value, gradient = x + step * direction, candidate, slope_there
    return x


def _inverse_hessian(
    gradient: Array, pairs: deque[tuple[Array, Array, float]], precondition: Callable[[Array], Array]
) -> Array:
    """The two loops: the inverse Hessian that the pairs tell of, times the gradient."""
    q, factors = gradient.copy(), []
    for step, change, product in reversed(pairs):
        factors.append(float(step @ q) / product)
        q -= factors[-1] * change
    result = precondition(q)
    if pairs:
        _, change, product = pairs[-1]
        result = result * (product / float(change @ precondition(change)))
    for (step, change, product), factor in zip(pairs, reversed(factors), strict=True):
        result = result + (factor - float(change @ result) / product) * step
    return result
