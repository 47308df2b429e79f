"""Films of pieces: one frame per network, and the number of pieces in each."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import unbend as ub


def test_one_frame_per_network(tmp_path: Path) -> None:
    from PIL import Image

    nets = [ub.Network([ub.Dense(2, 8, "relu"), ub.Dense(8, 1)], seed=seed) for seed in (0, 1)]
    counts = ub.film(nets, tmp_path / "film.gif", data=np.zeros((3, 2)), seconds=0.2)
    assert counts == [ub.regions(net).count for net in nets]
    with Image.open(tmp_path / "film.gif") as film:
        assert film.n_frames == 2 and film.info["duration"] == 200


def test_no_network_and_other_endings_are_refused(tmp_path: Path) -> None:
    net = ub.Network([ub.Dense(2, 3, "relu"), ub.Dense(3, 1)], seed=0)
    for nets, name in (([], "film.gif"), ([net], "film.mp4")):
        with pytest.raises(ub.BadInput, match="gif"):
            ub.film(nets, tmp_path / name)
