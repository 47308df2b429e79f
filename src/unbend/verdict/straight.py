"""The straight side: exact least squares or logistic regression, as a network of one layer without a bend."""

from __future__ import annotations

from ..network import Network
from ..network.dense import Array
from ..solve.logistic import logistic
from ..solve.ridge import ridge


def fit_straight(x: Array, y: Array, classes: int, seed: int) -> tuple[Network, float]:
    """The straight model of x (n, features) and y (n,), and the penalty it chose; outputs as those of `fit_bent`."""
    found = ridge(x, y) if classes == 0 else logistic(x, y, classes, seed)
    return Network.from_arrays([(found.W, found.b)], dtype="float64"), found.penalty
