"""Pieces seen by random points are a lower bound, and say so."""

from __future__ import annotations

from nets import he

import unbend as ub
from unbend.geometry import Regions


def test_more_dimensions_are_never_a_bare_number() -> None:
    net = he([4, 8, 1], 0)
    seen = ub.regions(net, samples=20_000)
    assert not isinstance(seen, Regions) and not seen.proved
    assert repr(seen).startswith("Sampled(at least")
    # 8 hyperplanes in general position in 4 dimensions make at most this many pieces (Zaslavsky)
    assert 1 < seen.count <= 1 + 8 + 28 + 56 + 70
