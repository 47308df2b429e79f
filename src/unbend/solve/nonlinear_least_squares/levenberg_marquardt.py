"""Levenberg-Marquardt on the projected residual, for many starts at once."""

from __future__ import annotations

import numpy as np

from ...arrays import Array
from .variable_projection import Separable


def descend(
    model: Separable, alpha: Array, steps: int, low: Array, high: Array, drop: float = 0.0
) -> tuple[Array, Array]:
    """Improve every start by so many steps; returns (starts, bending) and the residual sums of squares.

    Marquardt's damping with the scale of the columns (Marquardt, SIAM J. Appl. Math. 11, 1963), its size steered by
    whether the step lowered the sum (Nielsen, IMM-REP-1999-05). ``drop``: a start whose sum falls by less than this
    share in one accepted step is left where it is.
    """
    alpha = alpha.copy()
    if not len(model.bending):
        return alpha, model.rss(alpha)[0]
    rss, _, residual, slope = model.project(alpha)
    damping = np.full(len(alpha), 1e-2)
    growth = np.full(len(alpha), 2.0)
    active = np.isfinite(rss)
    for _ in range(steps):
        at = np.flatnonzero(active)
        if not len(at):
            break
        J, r = slope[at], residual[at]
        hessian = np.swapaxes(J, 1, 2) @ J
        gradient = (np.swapaxes(J, 1, 2) @ r[:, :, None])[:, :, 0]
        diagonal = np.einsum("sjj->sj", hessian)
        scale = np.sqrt(np.where(diagonal > 0, diagonal, 1.0))
        scaled = hessian / (scale[:, :, None] * scale[:, None, :])
        damped = scaled + damping[at, None, None] * np.eye(J.shape[2])
        damped = np.where(np.isfinite(damped), damped, np.eye(J.shape[2]))
        step = -np.linalg.solve(damped, np.nan_to_num(gradient / scale)[:, :, None])[:, :, 0] / scale
        trial = np.clip(alpha[at] + step, low, high)
        new_rss, _, new_residual, new_slope = model.project(trial)
        better = new_rss < rss[at]
        won, lost = at[better], at[~better]
        stalled = new_rss[better] > (1 - drop) * rss[won]
        alpha[won], rss[won] = trial[better], new_rss[better]
        residual[won], slope[won] = new_residual[better], new_slope[better]
        damping[won] = np.maximum(damping[won] / 5, 1e-12)
        growth[won] = 2.0
        damping[lost] *= growth[lost]
        growth[lost] *= 2
        active[won[stalled]] = False
        active[lost[damping[lost] > 1e12]] = False
    return alpha, rss
