"""`screen_curves`, `screen_pairs`: columns and pairs that may explain some of the linear model's residuals."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ...arrays import Array
from .column_basis import ColumnBasis

SIGNIFICANCE = 0.01  # probability that anything at all passes by chance
CURVE_COSINES, MAX_COSINES = 12, 1500
MAX_ROWS = 4_000  # screening all pairs of a wide table takes rows * (cosines of all columns)²


def screen_curves(bases: Sequence[ColumnBasis], residuals: Array) -> dict[str, float]:
    """Columns whose curve may explain some of the residuals (n, outputs), with its χ² of one degree of freedom.

    For each cosine z² = (Σ cosine residual)² / Σ (cosine residual)², valid for heteroscedastic residuals (White 1980);
    the largest must be significant among all that were tried (Bonferroni).
    """
    with_curve = [basis for basis in bases if basis.curve.shape[1]]
    largest: dict[str, float] = {}
    for basis in with_curve:
        cosines = basis.cosines(CURVE_COSINES)
        largest[basis.name] = float(_squared_z(cosines.T @ residuals, (cosines**2).T @ residuals**2).max())
    critical = _critical_value(CURVE_COSINES * max(len(with_curve), 1) * residuals.shape[1])
    return {name: z for name, z in largest.items() if z > critical}


def screen_pairs(
    bases: Sequence[ColumnBasis], residuals: Array, rng: np.random.Generator
) -> dict[tuple[int, int], float]:
    """The same for products of the cosines of two columns: {(number, number): χ²}."""
    if len(bases) < 2:
        return {}
    count = int(np.clip(MAX_COSINES // len(bases), 2, 4))
    cosines = [basis.cosines(count) for basis in bases]
    rows = np.arange(len(residuals))
    if len(residuals) > MAX_ROWS and sum(c.shape[1] for c in cosines) > 300:
        rows = np.sort(rng.permutation(len(residuals))[:MAX_ROWS])
    joint = np.column_stack([c[rows] for c in cosines]).astype(np.float32)
    starts = np.cumsum([0, *(c.shape[1] for c in cosines)])[:-1]
    best = np.zeros((len(bases), len(bases)))
    for output in (residuals[rows] / max(float(np.abs(residuals).max()), 1e-300)).T.astype(np.float32):
        numerator = joint.T @ (joint * output[:, None])
        denominator = (joint**2).T @ (joint**2 * output[:, None] ** 2)
        z = _squared_z(numerator, denominator)
        np.maximum(best, np.maximum.reduceat(np.maximum.reduceat(z, starts, axis=0), starts, axis=1), out=best)
    tried = joint.shape[1] ** 2 / 2 * residuals.shape[1]
    a, b = np.nonzero(np.triu(best > _critical_value(tried), 1))
    return {(int(i), int(j)): float(best[i, j]) for i, j in zip(a, b, strict=True)}


def _squared_z(numerator: Array, denominator: Array) -> Array:
    return np.asarray(numerator.astype(np.float64) ** 2 / np.maximum(denominator, 1e-300))


def _critical_value(tried: float) -> float:
    from scipy import special

    return float(special.chdtri(1, SIGNIFICANCE / tried))
