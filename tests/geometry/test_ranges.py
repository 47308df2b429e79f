"""Output ranges: exact ones against Fractions, bounds against brute force."""

from __future__ import annotations

import numpy as np
import pytest
from nets import exact_cells, he, one_layer

import unbend as ub


@pytest.mark.parametrize("activations", [None, ["leaky_relu", "hard_tanh"]])
def test_the_range_is_that_in_fractions(activations: list[str] | None) -> None:
    net = he([2, 7, 6, 1], 5, activations)
    box = [[-1, 2], [-0.5, 1]]
    values = [float(a * x + b * y + c) for polygon, [(a, b, c)] in exact_cells(net, box) for x, y in polygon]
    found = ub.output_range(net, box)
    assert found.exact
    assert np.allclose([found.low[0], found.high[0]], [min(values), max(values)], rtol=0, atol=1e-13)
    assert np.allclose([net(found.low_at[0])[0], net(found.high_at[0])[0]], [found.low[0], found.high[0]], atol=1e-13)


def test_a_jump_counts_with_its_limits() -> None:
    found = ub.output_range(one_layer([[1], [0]], [0], "where(x > 0, x + 1, x)"), [[-1, 1], [-1, 1]])
    assert (found.low[0], found.high[0]) == (-1, 2)


def test_more_inputs_get_bounds_and_values_that_are_reached() -> None:
    net = he([6, 16, 16, 2], 1)
    found = ub.output_range(net)
    assert not found.exact
    x = np.random.default_rng(0).uniform(-1, 1, (200_000, 6))
    y = net(x)
    assert (found.low <= y.min(axis=0)).all() and (y.max(axis=0) <= found.high).all()
    # the search finds more than 200,000 random points do
    assert (found.attained_low <= y.min(axis=0)).all() and (found.attained_high >= y.max(axis=0)).all()
    assert np.allclose([net(p)[k] for k, p in enumerate(found.high_at)], found.attained_high)
