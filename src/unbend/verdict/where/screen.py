"""A first look at every column and every pair: is there anything in what the straight model leaves over?"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ...arrays import Array
from .shapes import Shape

CHANCE = 0.01  # that anything at all passes by luck
CURVE_WAVES, MOST_WAVES = 12, 1500
MOST_ROWS = 4_000  # a look at all pairs of a wide table takes rows * (waves of all columns)²


def curves_seen(shapes: Sequence[Shape], rest: Array) -> dict[str, float]:
    """Columns whose curve may explain some of the rest (n, outputs), with how clearly (a χ² of one degree).

    For each wave z² = (Σ wave rest)² / Σ (wave rest)², right for rests of any spread (White 1980); the largest must be
    too large for luck among all that were tried (Bonferroni).
    """
    with_curve = [s for s in shapes if s.curve.shape[1]]
    found: dict[str, float] = {}
    for shape in with_curve:
        waves = shape.waves(CURVE_WAVES)
        found[shape.name] = float(_squared_z(waves.T @ rest, (waves**2).T @ rest**2).max())
    least = _least(CURVE_WAVES * max(len(with_curve), 1) * rest.shape[1])
    return {name: z for name, z in found.items() if z > least}


def pairs_seen(shapes: Sequence[Shape], rest: Array, rng: np.random.Generator) -> dict[tuple[int, int], float]:
    """The same for products of the waves of two columns: {(number, number): χ²}."""
    if len(shapes) < 2:
        return {}
    count = int(np.clip(MOST_WAVES // len(shapes), 2, 4))
    waves = [s.waves(count) for s in shapes]
    kept = np.arange(len(rest))
    if len(rest) > MOST_ROWS and sum(w.shape[1] for w in waves) > 300:
        kept = np.sort(rng.permutation(len(rest))[:MOST_ROWS])
    whole = np.column_stack([w[kept] for w in waves]).astype(np.float32)
    starts = np.cumsum([0, *(w.shape[1] for w in waves)])[:-1]
    best = np.zeros((len(shapes), len(shapes)))
    for output in (rest[kept] / max(float(np.abs(rest).max()), 1e-300)).T.astype(np.float32):
        above = whole.T @ (whole * output[:, None])
        below = (whole**2).T @ (whole**2 * output[:, None] ** 2)
        z = _squared_z(above, below)
        np.maximum(best, np.maximum.reduceat(np.maximum.reduceat(z, starts, axis=0), starts, axis=1), out=best)
    tried = whole.shape[1] ** 2 / 2 * rest.shape[1]
    a, b = np.nonzero(np.triu(best > _least(tried), 1))
    return {(int(i), int(j)): float(best[i, j]) for i, j in zip(a, b, strict=True)}


def _squared_z(above: Array, below: Array) -> Array:
    return np.asarray(above.astype(np.float64) ** 2 / np.maximum(below, 1e-300))


def _least(tried: float) -> float:
    from scipy import stats

    return float(stats.chi2.isf(CHANCE / tried, 1))
