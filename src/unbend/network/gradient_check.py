"""`check_gradient`: gradient check, as ``torch.autograd.gradcheck``, of a network, layer, activation, loss or function.

The analytic derivatives are compared with central differences in float64, for a random cotangent; the result is a
`GradientCheck`.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..activations import Activation
from ..arrays import Array
from ..display import Displayed
from ..errors import BadInput, ShapeError
from . import gradient
from .losses import Loss
from .network import Network

Function = Callable[..., Array]
Backward = Callable[..., Sequence[Array]]


@dataclass(frozen=True)
class GradientCheck(Displayed):
    """The result of `check_gradient`; true in a condition when every derivative agreed.

    Attributes
    ----------
    worst : float
        The largest |given - numerical| / max(1, |numerical|) over all coordinates.
    where : str
        The coordinate with that difference, such as ``"0.W[1, 2]"``.
    coordinates : int
        How many were compared.
    kinks : int
        How many of them are at a kink: there the slopes from the left and the right differ, and every slope between
        the two counts as right.
    tolerance : float
    passed : bool
        Whether ``worst`` is at most the tolerance.
    """

    worst: float
    where: str
    coordinates: int
    kinks: int
    tolerance: float

    @property
    def passed(self) -> bool:
        """Whether every coordinate agreed."""
        return self.worst <= self.tolerance

    def __bool__(self) -> bool:
        return self.passed


def check_gradient(
    what: Network | Activation | Loss | Function,
    *arrays: Any,
    backward: Backward | None = None,
    seed: int = 0,
    tolerance: float = 1e-6,
) -> GradientCheck:
    """Compare derivatives with central differences in float64.

    The outputs are weighted by a random cotangent: one of all ones would pass a wrong softmax.

    Parameters
    ----------
    what : Network, Activation, Loss or callable
        Whose derivatives are checked.
    *arrays : array_like
        For a network x (n, inputs): derivatives by all weights, biases and x are checked. For an activation x, of any
        shape. For a loss outputs (n, k) and targets, checked by the outputs. For a function its arguments.
    backward : callable, optional
        ``backward(cotangent, *arrays)`` of a function: one derivative per array, in its shape. Needed for functions.
    seed : int, default 0
        Of the cotangent.
    tolerance : float, default 1e-6
        The largest relative difference that passes (absolute for derivatives below 1).

    Returns
    -------
    GradientCheck

    Raises
    ------
    BadInput
        Where a function comes without ``backward``.
    ShapeError
        Where ``backward`` gives derivatives of other shapes.

    Examples
    --------
    >>> import numpy as np, unbend as ub
    >>> net = ub.Network([ub.Dense(2, 3, "tanh"), ub.Dense(3, 1)], seed=0)
    >>> bool(ub.check_gradient(net, [[0.5, -1.0], [2.0, 0.3]]))
    True
    >>> bool(ub.check_gradient(np.sin, [0.3, 1.0], backward=lambda c, x: [c * np.sin(x)]))
    False
    """
    rng = np.random.default_rng(seed)
    function, vjp, points, names = _as_function(what, arrays, backward)
    cotangent = rng.standard_normal(np.shape(function(*points)))
    given = [np.asarray(derivative) for derivative in vjp(cotangent, *points)]
    if [g.shape for g in given] != [p.shape for p in points]:
        raise ShapeError("network.backward_shapes", got=[g.shape for g in given], wanted=[p.shape for p in points])
    worst, where, kinks, count = 0.0, "", 0, 0
    for i, (point, derivative) in enumerate(zip(points, given, strict=True)):
        for at in np.ndindex(point.shape):
            left, middle, right = _slopes(function, points, i, at, cotangent)
            value = float(derivative[at])
            size = max(1.0, abs(middle))
            low, high = min(left, right), max(left, right)
            if high - low > 1e-3 * size and low - tolerance * size <= value <= high + tolerance * size:
                kinks += 1
                error = 0.0
            else:
                error = abs(value - middle) / size
            count += 1
            error = math.inf if math.isnan(error) else error
            if error > worst:
                worst, where = error, f"{names[i]}{list(at)}"
    return GradientCheck(worst=worst, where=where, coordinates=count, kinks=kinks, tolerance=tolerance)


def _slopes(
    function: Function, points: Sequence[Array], i: int, at: tuple[int, ...], cotangent: Array
) -> tuple[float, float, float]:
    """The slope of <cotangent, function> along one coordinate: from the left, central, from the right."""
    # far from 0 a longer step, for the rounding there, but not in proportion: sin(x) at 1000 has its period of 6 still
    step = 6e-6 * math.sqrt(max(1.0, abs(float(points[i][at]))))
    values = []
    for shift in (-step, 0.0, step):
        moved = list(points)
        moved[i] = points[i].copy()
        moved[i][at] += shift
        values.append(np.asarray(function(*moved)))
    below, here, above = values
    # differences first, then the sum: at ±1000 the sums themselves would drown the difference
    left = float(np.sum(cotangent * (here - below))) / step
    right = float(np.sum(cotangent * (above - here))) / step
    return left, float(np.sum(cotangent * (above - below))) / (2 * step), right


def _as_function(
    what: Any, arrays: Sequence[Any], backward: Backward | None
) -> tuple[Function, Backward, list[Array], list[str]]:
    """What is checked: the function, its vector-Jacobian product, the arguments in float64, and their names."""
    points = [np.array(a, dtype=np.float64) for a in arrays]
    if isinstance(what, Activation):
        return what, lambda c, x: [c * what.derivative(x)], points, ["x"]
    if isinstance(what, Loss):
        target = np.asarray(arrays[1])
        return (
            lambda o: what.per_row(o, target)[0],
            lambda c, o: [c[..., None] * what.per_row(o, target)[1]],
            points[:1],
            ["output"],
        )
    if isinstance(what, Network):
        return _network(what, points[0])
    if backward is None:
        raise BadInput("network.backward_missing")
    return what, backward, points, [f"argument {i + 1}" for i in range(len(points))]


def _network(net: Network, x: Array) -> tuple[Function, Backward, list[Array], list[str]]:
    records = [layer.activation for layer in net.layers]
    flat = [np.array(a, dtype=np.float64) for pair in net.arrays for a in pair]

    def pairs(arrays: Sequence[Array]) -> list[tuple[Array, Array]]:
        return [(arrays[i], arrays[i + 1][None]) for i in range(0, len(arrays), 2)]

    def value(x: Array, *arrays: Array) -> Array:
        return gradient.forward(records, pairs(arrays), x)[0]

    def vjp(cotangent: Array, x: Array, *arrays: Array) -> list[Array]:
        _, tape = gradient.forward(records, pairs(arrays), x)
        gradients, by_x = gradient.backward(pairs(arrays), tape, cotangent)
        return [by_x, *(a.reshape(f.shape) for a, f in zip([a for g in gradients for a in g], arrays, strict=True))]

    return value, vjp, [np.atleast_2d(x), *flat], ["x", *net.parameters]
