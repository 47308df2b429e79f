"""Inference of any size: rows by panels of weights, layer after layer, some rows at a time.

The weights lie in panels (``panel_packing.py``). This is the text of a kernel, as ``tiles.py`` is.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from .lanes import lanes, load, store
from .panel_packing import CHUNK_ROWS, CODE, VECTORS, WIDEST
from .panels import product
from .pieces import LANES, activate, aside


@aside
def answer_rows(x: Any, first: int, end: int, plan: Any, p: Any, out: Any) -> None:
    """out[first … end] from x[first … end]."""
    like = lanes(p, LANES)
    most, width = min(CHUNK_ROWS, end - first), plan[0, WIDEST] * LANES
    h = np.empty(2 * most * width, p.dtype)
    for start in range(first, end, CHUNK_ROWS):
        rows = min(CHUNK_ROWS, end - start)
        product(p, plan[0], x, start * x.shape[1], x.shape[1], rows, h, 0, plan[0, VECTORS] * LANES)
        activate(plan[0, CODE], h, h, 0, 0, rows * plan[0, VECTORS])
        at = 0
        for n in range(1, plan.shape[0]):
            source, at = at, most * width - at
            product(p, plan[n], h, source, plan[n - 1, VECTORS] * LANES, rows, h, at,
                    plan[n, VECTORS] * LANES)  # fmt: skip
            activate(plan[n, CODE], h, h, at, 0, rows * plan[n, VECTORS])
        outputs = out.shape[1]
        whole = outputs // LANES * LANES
        for r in range(rows):
            source = at + r * plan[-1, VECTORS] * LANES
            for j in range(0, whole, LANES):
                store(out, (start + r) * outputs + j, load(h, source + j, like))
            for j in range(whole, outputs):
                out[start + r, j] = h[source + j]
