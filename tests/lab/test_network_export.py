"""Exported networks: Python code, model files and the static page hold the same numbers."""

from __future__ import annotations

import runpy
from pathlib import Path

import numpy as np
import pytest

import unbend as ub
from unbend.lab import playground, training_report
from unbend.lab.network_export import FILES, as_python, file_writers
from unbend.lab.session import Session

from .conftest import defaults

pytestmark = pytest.mark.usefixtures("numpy_engine")


pytest.importorskip("anywidget")


def test_files_hold_the_network(tmp_path: Path) -> None:
    session = Session(playground.fields())
    session.configure(defaults(playground.fields))
    assert session.run is not None
    net = session.run.net
    space: dict[str, object] = {}
    exec(as_python(net).replace("print(", "answer = ("), space)
    assert np.array_equal(space["answer"], net([0.5, 0.5]))  # type: ignore[arg-type]
    for name, make in file_writers(lambda: net).items():
        (tmp_path / name).write_bytes(make())
        if name.endswith((".json", ".safetensors")):
            assert np.array_equal(ub.load(tmp_path / name)([0.5, 0.5]), net([0.5, 0.5]))
    assert np.allclose(runpy.run_path(str(tmp_path / "network.py"))["output"]([0.5, 0.5]), net([0.5, 0.5]))
    assert (tmp_path / "network.c").read_text().count("void network_output(") == 2
    assert set(file_writers(lambda: net)) == set(FILES)
    paper = "".join(training_report.sections(session))
    assert net.formula(1, 2, numbers=True) in paper and "disc in a ring" in paper and "Own formula" not in paper
