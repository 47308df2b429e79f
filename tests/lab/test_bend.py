"""The page Bend: one neuron, collapsed layers, counted pieces."""

from __future__ import annotations

import numpy as np
import pytest

import unbend as ub
from unbend.errors import BadInput
from unbend.lab import bend, bend_pieces

from .conftest import defaults, parse_svg


def test_a_chain_collapses_to_its_closed_form() -> None:
    said, html = bend.chain(defaults(bend.fields, depth=3, slope=2.0, shift=5.0))
    assert "8 x + 35" in said and "a³x + b(a² + a + 1) = 8 x + 35" in html


@pytest.mark.parametrize("inputs", ["1", "2"])
@pytest.mark.parametrize("h", ["identity", "relu", "step", "hard_tanh", "sigmoid", "gelu"])
def test_pieces_are_counted_and_drawn(h: str, inputs: str) -> None:
    values = defaults(bend.fields, bend=h, inputs=inputs, layers=2, neurons=4, seed=3)
    said, kind, html = bend_pieces.pieces(values)
    svg = parse_svg(html)
    if h == "identity":
        assert kind == "good" and "collapse" in said
    elif h in ("sigmoid", "gelu"):
        assert "no linear pieces" in said
    else:
        count = ub.regions(bend_pieces.network(values), box=[[-3, 3]] * int(inputs)).count
        assert f"{count} linear pieces" in said
        if inputs == "2":
            assert len(list(svg.iter("{http://www.w3.org/2000/svg}polygon"))) == count


def test_neuron_numbers_are_shown() -> None:
    said, html = bend.neuron(defaults(bend.fields, h="sigmoid", x=1.0, w=2.0, b=-1.0))
    z = 1 / (1 + np.exp(-1))
    assert f"{z:.4g}" in said and f"{z * (1 - z):.4g}" in said
    parse_svg(html)
    for name in (*ub.activations, "own"):
        bend.neuron(defaults(bend.fields, h=name, w=0.0))
    with pytest.raises(BadInput):
        bend.neuron(defaults(bend.fields, h="own", own="y + 1"))
