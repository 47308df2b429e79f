"""Pictures of pieces: written in both languages, coloured by slope, refused where the pieces lie on a segment."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import unbend as ub
from unbend.figures.regions import slope_colours
from unbend.geometry import Regions
from unbend.words import LANGUAGES


@pytest.fixture
def pieces() -> Regions:
    net = ub.Network([ub.Dense(2, 8, "relu"), ub.Dense(8, 8, "relu"), ub.Dense(8, 1)], seed=0, dtype="float64")
    found = ub.regions(net)
    assert isinstance(found, Regions)
    return found


@pytest.mark.parametrize("language", LANGUAGES)
def test_pieces_and_points_are_drawn(pieces: Regions, language: str, tmp_path: Path) -> None:
    from PIL import Image

    ub.set_language(language)
    points = np.random.default_rng(0).uniform(-1, 1, (30, 2))
    figure = ub.draw_regions(pieces, tmp_path / "pieces.png", data=points, labels=points[:, 0] > 0)
    polygons, dots = figure.axes[0].collections
    assert len(polygons.get_paths()) == pieces.count
    assert np.array_equal(dots.get_offsets(), points)
    assert f"{pieces.count:,}" in figure.axes[0].get_title()
    with Image.open(tmp_path / "pieces.png") as picture:
        colours = np.unique(np.asarray(picture.convert("RGB")).reshape(-1, 3), axis=0)
    assert len(colours) > len(np.unique(pieces.maps.A[:, 0], axis=0))


def test_colours_encode_direction_and_steepness() -> None:
    from matplotlib.colors import rgb_to_hsv

    flat, right, steeper, up = rgb_to_hsv(slope_colours(np.array([[0.0, 0.0], [1.0, 0.0], [3.0, 0.0], [0.0, 1.0]])))
    assert flat[1] == 0  # white
    assert right[0] == pytest.approx(steeper[0]) and right[1] < steeper[1]
    assert up[0] == pytest.approx(0.25)  # a quarter turn


def test_a_segment_and_other_points_are_refused(pieces: Regions) -> None:
    line = ub.regions(ub.Network([ub.Dense(1, 4, "relu"), ub.Dense(4, 1)], seed=0))
    with pytest.raises(ub.BadInput, match="rectangle"):
        ub.draw_regions(line)  # type: ignore[arg-type]
    with pytest.raises(ub.BadInput, match="3"):
        ub.draw_regions(pieces, data=np.ones((5, 3)))
