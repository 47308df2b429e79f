"""From minima to a ``Fit``: the best one, standard errors or what stays open, and minima that compete with it."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from itertools import combinations

import numpy as np

from ...arrays import Array
from ...errors import DataError
from ...formula.equation import Equation
from ...words import say
from ..model_data import Columns
from ..result import Fit, Minimum
from .polish import Local, Whole, gauss_newton, solve_scaled

_OPEN = 1e-13  # smallest singular value of the slopes scaled to length 1, below which a direction is open
_SHOWN = 3  # competing minima
_LAST_STEPS = 300  # with large residuals Gauss-Newton gains a constant share of a digit a step


def outcome(
    formula: Equation,
    found: Columns,
    model: Whole,
    minima: Sequence[Local],
    edges: tuple[Array, Array],
    odd: Callable[[dict[str, float]], tuple[float, int, float]],
    bending: Sequence[str],
    tried: int,
) -> Fit:
    """The fit at the best of the minima; ``odd`` chooses among equal ones.

    Raises ``DataError`` where no start had a finite sum of squares.
    """
    low, high = edges
    if not minima:
        raise DataError("solve.no_start_defined", text=str(formula))
    rows, names = len(model.y), formula.parameters
    ranked = sorted(
        minima,
        key=lambda m: (float(f"{m.rss:.9g}"), not m.converged, odd(dict(zip(names, m.beta.tolist(), strict=True)))),
    )
    bends = np.array([n in bending for n in names])
    beta = _upright(model, ranked[0].beta, edges, bends)
    best = gauss_newton(model, beta, (beta > low) & (beta < high), steps=_LAST_STEPS)
    beta = best.beta
    J, residual = model.slope(beta), model.fine_residual(beta)
    at_bounds = [n for n, b, lo, hi in zip(names, beta, low, high, strict=True) if b <= lo or b >= hi]
    moving = np.array([n not in at_bounds for n in names])
    inverse, undetermined, condition = _spread(J, moving, names)
    # the parameters are rounded to doubles; the step that is lost by that belongs to the minimum's sum of squares
    rss = float(np.sum((residual + J[:, moving] @ solve_scaled(J[:, moving], -residual)) ** 2))
    dof = rows - int(moving.sum()) + len(undetermined)
    sd = math.sqrt(rss / dof) if dof > 0 else math.nan
    covariance = inverse * sd**2
    with np.errstate(invalid="ignore"):
        errors = np.sqrt(np.diag(covariance))
    notes = list(found.notes)
    if dof <= 0:
        notes.append(say("solve.no_freedom", rows=rows, parameters=int(moving.sum())))
    if at_bounds:
        notes.append(say("solve.at_bounds", names=", ".join(at_bounds)))
    if not (best.converged or ranked[0].converged):
        notes.append(say("solve.not_converged"))
    weights = model.root**2
    mean = float(np.sum(model.y * weights) / np.sum(weights))
    total = float(np.sum(weights * (model.y - mean) ** 2))
    return Fit(
        formula, dict(zip(names, map(float, beta), strict=True)), dict(zip(names, map(float, errors), strict=True)),
        covariance, rss, sd, 1 - rss / total if total > 0 else math.nan, rows, dof, "search",
        math.log10(max(condition, 1.0)), found.values, tuple(undetermined),
        _competing(model, ranked, beta, rss, dof, edges, bends),
        best.converged or ranked[0].converged, tried, tuple(at_bounds), tuple(notes),
    )  # fmt: skip


def _upright(model: Whole, beta: Array, edges: tuple[Array, Array], bending: Array) -> Array:
    """Of mirror images with the same fitted values, such as a width of either sign, the one with fewer minus signs.

    Signs of bending parameters count first: an amplitude may be negative, a width or a period should not.
    """
    low, high = edges
    before = model.residual(beta)

    def signs(values: Array) -> tuple[int, int]:
        return int(np.sum(values[bending] < 0)), int(np.sum(values < 0))

    for size in (1, 2):
        for group in combinations(range(len(beta)), size):
            turned = beta.copy()
            turned[list(group)] *= -1
            if signs(turned) < signs(beta) and (turned >= low).all() and (turned <= high).all():
                if np.array_equal(model.residual(turned), before):
                    beta = turned
    return beta


def _spread(J: Array, moving: Array, names: Sequence[str]) -> tuple[Array, list[str], float]:
    """(J'J)^-1 with NaN where open, the open directions in words, and the condition number of the scaled slopes."""
    k = len(names)
    inverse = np.full((k, k), np.nan)
    inside = J[:, moving]
    size = np.linalg.norm(inside, axis=0)
    free = [n for n, m in zip(names, moving, strict=True) if m]
    if not np.isfinite(size).all() or not len(free):
        return inverse, [], 1.0
    scaled = inside / np.where(size > 0, size, 1.0)
    _, s, vt = np.linalg.svd(scaled, full_matrices=len(scaled) < len(free))
    s = np.concatenate([s, np.zeros(len(free) - len(s))])
    closed = s > _OPEN * s[0]
    undetermined: list[str] = []
    involved = np.zeros(len(free), dtype=bool)
    for direction in vt[~closed]:
        with np.errstate(divide="ignore"):
            raw = direction / np.where(size > 0, size, 1.0)
        part = np.abs(direction) > 1e-6 * np.max(np.abs(direction))
        involved |= part
        largest = raw[part][np.argmax(np.abs(raw[part]))]
        text = ", ".join(f"{n} {v / largest:+.3g}" for n, v, p in zip(free, raw, part, strict=True) if p)
        undetermined.append(say("solve.open_direction", names=", ".join(np.array(free)[part]), direction=text))
    # from the triangular factor the inverse keeps more digits than from the squared matrix
    half = np.linalg.inv(np.linalg.qr(scaled)[1]) if closed.all() else (vt[closed].T / s[closed])
    spread = half @ half.T / np.where(size > 0, size, 1.0)[:, None] / np.where(size > 0, size, 1.0)
    spread[involved, :] = np.nan
    spread[:, involved] = np.nan
    place = np.flatnonzero(moving)
    inverse[np.ix_(place, place)] = spread
    return inverse, undetermined, float(s[0] / s[-1]) if s[-1] > 0 else math.inf


def _competing(
    model: Whole, ranked: Sequence[Local], beta: Array, rss: float, dof: int, edges: tuple[Array, Array], bends: Array
) -> tuple[Minimum, ...]:
    """Other minima that the data do not rule out: their sum of squares is within what noise may do (F about 4)."""
    limit = rss * (1 + 4 * len(beta) / max(dof, 1))
    tiny = 1e-6 * math.sqrt(rss) + 1e-12 * float(np.linalg.norm(model.y * model.root))
    seen = [model.residual(beta)]
    others: list[Minimum] = []
    for m in ranked:
        if m.rss > limit or len(others) == _SHOWN or not m.converged:
            continue
        values = model.residual(m.beta)
        if all(float(np.linalg.norm(values - s)) > tiny for s in seen):
            seen.append(values)
            upright = _upright(model, m.beta, edges, bends)
            others.append(Minimum(dict(zip(model.names, map(float, upright), strict=True)), m.rss))
    return tuple(others)
