"""Pictures of the report: no text outside of the picture or over another, whatever the names and the numbers."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from itertools import combinations
from typing import Any

import numpy as np
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from unbend.report import pictures
from unbend.verdict.effects import Effect

LONG = "the target: total revenue per customer and quarter, in thousands of won ($)"


def texts(fig: Figure) -> Iterator[tuple[str, Any]]:
    """Every text that is drawn, with its place in pixels."""
    canvas = FigureCanvasAgg(fig)
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Glyph")
        canvas.draw()
    for ax in fig.axes:
        ticks = []
        for axis, (low, high) in ((ax.xaxis, ax.get_xlim()), (ax.yaxis, ax.get_ylim())):
            ticks += [t.label1 for t in axis.get_major_ticks() if low <= t.get_loc() <= high]
        for text in (*ticks, ax.title, ax.xaxis.label, ax.yaxis.label):
            if text.get_text():
                yield text.get_text(), text.get_window_extent(canvas.get_renderer())


@pytest.mark.parametrize("size", [1e-3, 1.0, 150.0, 1e5, 123_456_789.0])
@pytest.mark.parametrize("target", ["y", LONG])
def test_every_text_is_inside_and_apart(size: float, target: str) -> None:
    x = np.random.default_rng(0).uniform(0.1, 1, 60) * size
    grid = np.linspace(0.07, 1, 20) * size
    values = Effect(column=LONG, kind="number", values=grid.tolist(), linear=grid, network=grid, of=None)
    with pictures.collect_figures() as drawn:
        pictures.predicted_against_actual(x, [("straight", x), ("network", x * 1.01)], target)
        pictures.effects([values, values], target, (0.0, size))
    assert len(drawn) == 4
    for _, fig in drawn:
        found = list(texts(fig))
        width, height = fig.bbox.width, fig.bbox.height
        for text, place in found:
            assert place.x0 > -1 and place.x1 < width + 1, text
            assert place.y0 > -1 and place.y1 < height + 1, text
        for (a, first), (b, second) in combinations(found, 2):
            assert not first.overlaps(second), (a, b)
