"""`Workload`: what is timed, one epoch of a network on synthetic rows, the same numbers for every backend."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

import numpy as np

from ..arrays import Array
from ..network import Dense, Network, Recipe, loss, optimizer

Epoch = Callable[[], object]  # trains one epoch; builders return it ready to run


class NotAvailable(Exception):
    """A backend cannot run on this machine; the message is the reason."""


@dataclass(frozen=True)
class Workload:
    """One epoch over ``rows`` rows in minibatches: float32, softmax with cross-entropy, no weight decay."""

    sizes: tuple[int, ...]
    batch: int
    rows: int = 20_000
    activation: str = "relu"
    optimizer: str = "sgd"
    rate: float = 0.01

    @property
    def name(self) -> str:
        """Such as ``2-4-3, 10``."""
        return f"{'-'.join(map(str, self.sizes))}, {self.batch}"

    @property
    def steps(self) -> int:
        """Minibatches in an epoch, the last one possibly smaller."""
        return -(-self.rows // self.batch)

    @cached_property
    def x(self) -> Array:
        """The rows (rows, inputs)."""
        return np.random.default_rng(0).standard_normal((self.rows, self.sizes[0]), dtype=np.float32)

    @cached_property
    def y(self) -> Array:
        """Class numbers (rows,)."""
        return np.random.default_rng(1).integers(0, self.sizes[-1], self.rows)

    @cached_property
    def order(self) -> Array:
        """The random order of the rows."""
        return np.random.default_rng(2).permutation(self.rows)

    @property
    def network(self) -> Network:
        """The network before training."""
        last = len(self.sizes) - 2
        return Network(
            [Dense(a, b, self.activation if i < last else "identity") for i, (a, b) in enumerate(pairwise(self.sizes))]
        )

    @property
    def recipe(self) -> Recipe:
        """Layers, loss, optimizer and batch size as the engine takes them."""
        layers = tuple(layer.dense for layer in self.network.layers)
        return Recipe(layers, loss("cross_entropy"), optimizer(self.optimizer), self.batch)
