"""Sound bounds of every neuron over a box in any dimension: interval arithmetic, linear relaxation, matched neurons."""

from .intervals import Interval, LayerBounds, activation_interval, interval_bounds
from .linear_relaxation import linear_bounds
from .neuron_matching import matching_bound

__all__ = ["Interval", "LayerBounds", "activation_interval", "interval_bounds", "linear_bounds", "matching_bound"]
