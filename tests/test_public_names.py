"""What ``dir(unbend)`` offers, and what ``unbend.load`` gives back."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import unbend as ub


def test_dir_shows_public_names_only() -> None:
    names = {name for name in dir(ub) if not name.startswith("__")}
    assert names == set(ub.__all__) - {"__version__"}
    assert all(hasattr(ub, name) for name in names)


def test_a_bare_network_loads_as_a_network_without_the_table_models(tmp_path: Path) -> None:
    net = ub.Network([ub.Dense(2, 3, "tanh"), ub.Dense(3, 1)], seed=0)
    path = ub.save(net, tmp_path / "model.safetensors")
    for place in (path, tmp_path, str(path)):
        np.testing.assert_array_equal(ub.load(place)([1.0, 2.0]), net([1.0, 2.0]))
    code = f"import sys, unbend as ub; ub.load({str(path)!r}); print('unbend.verdict' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True).stdout == "False\n"


def test_a_folder_without_a_model_says_what_is_missing(tmp_path: Path) -> None:
    with pytest.raises(ub.BadInput, match=r"model\.safetensors"):
        ub.load(tmp_path)
