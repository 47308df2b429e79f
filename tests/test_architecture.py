"""The picture of the package layers in the documentation matches the current imports."""

from __future__ import annotations

import re
from pathlib import Path

import draw_architecture
import pytest
from import_graph import floors

ROOT = Path(__file__).resolve().parents[1]


def test_picture_matches_imports() -> None:
    if not draw_architecture.SOURCE.is_dir():
        pytest.skip("the installed package is tested without its source tree")

    def arrows(picture: str) -> list[str]:
        return re.sub(r">[\d,]+ lines<", "><", picture).splitlines()

    written = draw_architecture.PICTURE.read_text(encoding="utf-8")
    assert arrows(written) == arrows(draw_architecture.svg()), "run python tools/draw_architecture.py"


def test_reduced_graph_preserves_reachability() -> None:
    graph = draw_architecture.room_imports()
    assert set(graph) == set(floors(draw_architecture.TABLE))

    def reach(arrows: dict[str, set[str]], room: str) -> set[str]:
        return arrows[room].union(*(reach(arrows, target) for target in arrows[room]))

    few = draw_architecture.reduced(graph)
    for room in graph:
        assert few[room] <= graph[room] and reach(few, room) == reach(graph, room)
