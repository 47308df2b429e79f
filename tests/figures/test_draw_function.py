"""The graph of a network along one input: its lines are the pieces, its dots the bends."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import unbend as ub
from unbend.geometry import Regions


def network(inputs: int) -> ub.Network:
    rng = np.random.default_rng(inputs)
    arrays = [(rng.normal(size=(a, b)), 0.3 * rng.normal(size=b)) for a, b in ((inputs, 6), (6, 6), (6, 1))]
    return ub.Network.from_arrays(arrays, ["relu", "relu", "identity"])


def test_lines_match_network_and_dots_mark_bends(tmp_path: Path) -> None:
    net = network(1)
    figure = ub.draw_function(net, tmp_path / "function.svg", box=[-2, 2])
    axes = figure.axes[0]
    found = ub.regions(net, box=[-2, 2])
    assert isinstance(found, Regions) and len(axes.lines) == found.count
    for line in axes.lines:
        x, y = line.get_data()
        assert np.allclose(net(np.asarray(x)[:, None])[:, 0], y, rtol=0, atol=1e-12)
    dots = np.concatenate([dots.get_offsets() for dots in axes.collections])
    assert len(dots) == found.count - 1
    assert np.allclose(net(dots[:, :1])[:, 0], dots[:, 1], rtol=0, atol=1e-12)
    assert (tmp_path / "function.svg").read_text().startswith("<?xml")


def test_a_rectangle_and_other_endings_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ub.BadInput, match="segment"):
        ub.draw_function(network(2))
    with pytest.raises(ub.BadInput, match="png"):
        ub.draw_function(network(1), tmp_path / "picture.exe")
