"""Pieces seen by random points: a lower bound where there are too many dimensions to find them all."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..arrays import Array
from ..errors import BadInput
from ..network import Network
from ..words import say
from .pieces import need_pieces
from .trace import piece_numbers

BLOCK = 1 << 13  # points looked at together


@dataclass(frozen=True, eq=False)
class Sampled:
    """At least ``count`` pieces, seen from ``samples`` points: never proved to be all."""

    net: Network
    box: Array
    count: int
    samples: int
    proved: bool = False

    def __repr__(self) -> str:
        return say("geometry.sampled", count=f"{self.count:,}", samples=f"{self.samples:,}", net=self.net)


def sample_pieces(net: Network, box: Array, samples: int, seed: int) -> Sampled:
    """The number of different activation patterns at ``samples`` uniform points of ``box`` (inputs, 2)."""
    if isinstance(samples, bool) or not isinstance(samples, int | np.integer) or samples < 1:
        raise BadInput("geometry.samples", got=samples)
    need_pieces(net)
    rng = np.random.default_rng(seed)
    seen: set[bytes] = set()
    for low in range(0, samples, BLOCK):
        x = rng.uniform(box[:, 0], box[:, 1], (min(BLOCK, samples - low), len(box)))
        seen.update(row.tobytes() for row in np.packbits(piece_numbers(net, x, planes=True), axis=1))
    return Sampled(net, box, len(seen), int(samples))
