"""`levenberg_marquardt`: minimises the projected residuals from many starting points simultaneously."""

from __future__ import annotations

import numpy as np

from ...arrays import Array
from .variable_projection import SeparableModel

_INITIAL_DAMPING, _MIN_DAMPING, _MAX_DAMPING = 1e-2, 1e-12, 1e12


def levenberg_marquardt(
    model: SeparableModel, alpha: Array, iterations: int, low: Array, high: Array
) -> tuple[Array, Array]:
    """Improve every starting point; returns alpha (starts, nonlinear) and the residual sums of squares (starts,).

    Marquardt's damping with the scale of the columns (Marquardt, SIAM J. Appl. Math. 11, 1963), updated by whether the
    step lowered the sum (Nielsen, IMM-REP-1999-05). Steps are clipped to the bounds ``low`` and ``high`` (nonlinear,).
    """
    alpha = alpha.copy()
    if not len(model.nonlinear):
        return alpha, model.rss(alpha)[0]
    rss, residuals, jacobian = model.projected_residuals(alpha)
    damping = np.full(len(alpha), _INITIAL_DAMPING)
    growth = np.full(len(alpha), 2.0)
    active = np.isfinite(rss)
    for _ in range(iterations):
        current = np.flatnonzero(active)
        if not len(current):
            break
        step = _damped_steps(jacobian[current], residuals[current], damping[current])
        trial = np.clip(alpha[current] + step, low, high)
        trial_rss, trial_residuals, trial_jacobian = model.projected_residuals(trial)
        better = trial_rss < rss[current]
        accepted, rejected = current[better], current[~better]
        alpha[accepted], rss[accepted] = trial[better], trial_rss[better]
        residuals[accepted], jacobian[accepted] = trial_residuals[better], trial_jacobian[better]
        damping[accepted] = np.maximum(damping[accepted] / 5, _MIN_DAMPING)
        growth[accepted] = 2.0
        damping[rejected] *= growth[rejected]
        growth[rejected] *= 2
        active[rejected[damping[rejected] > _MAX_DAMPING]] = False
    return alpha, rss


def _damped_steps(jacobian: Array, residuals: Array, damping: Array) -> Array:
    """The steps (starts, nonlinear) that solve the damped, scaled normal equations."""
    transposed = np.swapaxes(jacobian, 1, 2)
    hessian = transposed @ jacobian
    gradient = (transposed @ residuals[:, :, None])[:, :, 0]
    diagonal = np.einsum("sjj->sj", hessian)
    scale = np.sqrt(np.where(diagonal > 0, diagonal, 1.0))
    identity = np.eye(jacobian.shape[2])
    damped = hessian / (scale[:, :, None] * scale[:, None, :]) + damping[:, None, None] * identity
    damped = np.where(np.isfinite(damped), damped, identity)
    steps = -np.linalg.solve(damped, np.nan_to_num(gradient / scale)[:, :, None])[:, :, 0] / scale
    return np.asarray(steps)
