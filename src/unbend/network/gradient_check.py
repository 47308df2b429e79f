"""A gradient check users can call too: central differences in float64 against a random cotangent."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..activations import Activation
from ..arrays import Array
from ..errors import BadInput, ShapeError
from .gradient import backward, forward
from .losses import Loss
from .network import Network

Function = Callable[..., Array]
Backward = Callable[..., Sequence[Array]]


@dataclass(frozen=True)
class GradientCheck:
    """What came out: ``worst`` is the largest |given - measured| / max(1, |measured|) over all coordinates.

    At a kink, where the slopes from the left and the right differ, every slope between the two is right; ``kinks``
    counts those coordinates. ``passed`` is True when ``worst`` is at most the tolerance.
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
    """Compare derivatives with central differences in float64, weighted by a random cotangent.

    An all-ones cotangent would pass a wrong softmax; a random one does not. ``what`` may be a ``Network`` with x (all
    weights, biases and x are checked), an ``Activation`` with x, a ``Loss`` with outputs and targets (checked by the
    outputs), or any function of float arrays together with ``backward(cotangent, *arrays)``, which gives one
    derivative per array, in its shape. Raises ``BadInput`` where a function comes without ``backward``.
    """
    rng = np.random.default_rng(seed)
    function, pull, points, names = _as_function(what, arrays, backward)
    cotangent = rng.standard_normal(np.shape(function(*points)))
    given = [np.asarray(gradient) for gradient in pull(cotangent, *points)]
    if [g.shape for g in given] != [p.shape for p in points]:
        raise ShapeError("network.backward_shapes", got=[g.shape for g in given], wanted=[p.shape for p in points])
    worst, where, kinks, count = 0.0, "", 0, 0
    for i, (point, gradient) in enumerate(zip(points, given, strict=True)):
        for at in np.ndindex(point.shape):
            left, middle, right = _slopes(function, points, i, at, cotangent)
            value = float(gradient[at])
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
    return GradientCheck(worst, where, count, kinks, tolerance)


def _slopes(
    function: Function, points: Sequence[Array], i: int, at: tuple[int, ...], cotangent: Array
) -> tuple[float, float, float]:
    """The slope of <cotangent, function> along one coordinate: from the left, central, from the right."""
    # far from 0 a longer step, for the rounding there, but not in proportion: sin(x) at 1000 still turns once in 6
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
    what: Any, arrays: Sequence[Any], pull: Backward | None
) -> tuple[Function, Backward, list[Array], list[str]]:
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
    if pull is None:
        raise BadInput("network.backward_missing")
    return what, pull, points, [f"argument {i + 1}" for i in range(len(points))]


def _network(net: Network, x: Array) -> tuple[Function, Backward, list[Array], list[str]]:
    records = [layer.activation for layer in net.layers]
    flat = [np.array(a, dtype=np.float64) for pair in net.arrays for a in pair]

    def pairs(arrays: Sequence[Array]) -> list[tuple[Array, Array]]:
        return [(arrays[i], arrays[i + 1][None]) for i in range(0, len(arrays), 2)]

    def value(x: Array, *arrays: Array) -> Array:
        return forward(records, pairs(arrays), x)[0]

    def pull(cotangent: Array, x: Array, *arrays: Array) -> list[Array]:
        _, tape = forward(records, pairs(arrays), x)
        gradients, by_x = backward(pairs(arrays), tape, cotangent)
        return [by_x, *(a.reshape(f.shape) for a, f in zip([a for g in gradients for a in g], arrays, strict=True))]

    return value, pull, [np.atleast_2d(x), *flat], ["x", *net.parameters]
