"""`sample_pieces`: a lower bound of the number of pieces, from random points, where there are too many dimensions."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..arrays import Array
from ..errors import BadInput
from ..network import Network
from ..words import say
from .activation_pieces import require_exact_pieces
from .forward import activation_pattern

BLOCK = 1 << 13  # points processed at once


@dataclass(frozen=True, eq=False)
class Sampled:
    """A lower bound of the number of pieces, from random points: never proved to be all.

    Attributes
    ----------
    net : Network
        The network.
    box : ndarray of shape (inputs, 2)
        Where the points were drawn.
    count : int
        How many different pieces were seen: there are at least as many.
    samples : int
        How many points were drawn.
    proved : bool
        Always False.
    """

    net: Network
    box: Array
    count: int
    samples: int
    proved: bool = False

    def __repr__(self) -> str:
        return say("geometry.sampled", count=f"{self.count:,}", samples=f"{self.samples:,}", net=self.net)


def sample_pieces(net: Network, box: Array, samples: int, seed: int) -> Sampled:
    """Count the different activation patterns at ``samples`` uniform points of ``box`` (inputs, 2)."""
    if isinstance(samples, bool) or not isinstance(samples, int | np.integer) or samples < 1:
        raise BadInput("geometry.samples", got=samples)
    require_exact_pieces(net)
    rng = np.random.default_rng(seed)
    patterns: set[bytes] = set()
    for low in range(0, samples, BLOCK):
        x = rng.uniform(box[:, 0], box[:, 1], (min(BLOCK, samples - low), len(box)))
        patterns.update(row.tobytes() for row in np.packbits(activation_pattern(net, x, per_kink=True), axis=1))
    return Sampled(net, box, len(patterns), int(samples))
