"""`fit_from_minima`: standard errors at the best minimum, undetermined directions, and competing minima."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from itertools import combinations
from typing import NamedTuple

import numpy as np

from ...arrays import Array
from ...errors import DataError
from ...formula.equation import Equation
from ...formula.evaluate.derivative import derivative
from ...words import say
from ..model_data import ModelData
from ..precision.data_rounding import DataRounding
from ..result import Fit, Minimum, freedom_note
from .polish import FullModel, LocalMinimum, column_norms, gauss_newton, scaled_least_squares

_SINGULAR = 1e-13  # relative singular value of the scaled Jacobian below which a direction is undetermined
_DATA_ROUNDING = 8 * 2.0**-53  # relative to the response: what rounding the data may do to it
_STATIONARY = 1e-6  # of the residuals: at a minimum no step of Gauss and Newton changes the fitted values by more
_MAX_COMPETING = 3
_FINAL_STEPS = 300  # with large residuals Gauss-Newton converges linearly, by a fraction of a digit a step

Bounds = tuple[Array, Array]  # lower and upper, each (parameters,)


def fit_from_minima(
    formula: Equation,
    data: ModelData,
    *,
    model: FullModel,
    minima: Sequence[LocalMinimum],
    bounds: Bounds,
    tie_break: Callable[[dict[str, float]], tuple[float, int, float]],
    nonlinear: Sequence[str],
    starts: int,
) -> Fit:
    """The fit at the best of the minima; ``tie_break`` is the sort key of equal ones, the smallest wins.

    ``nonlinear`` are names of parameters; ``starts`` is the number of starting points evaluated. Raises ``DataError``
    if no starting point had a finite sum of squares.
    """
    if not minima:
        raise DataError("solve.no_start_defined", text=str(formula))
    low, high = bounds
    rows, names = len(model.y), formula.parameters
    linear = np.array([n not in nonlinear for n in names])
    rounding = _DATA_ROUNDING * float(np.linalg.norm(model.y * model.sqrt_weights))
    if min(m.rss for m in minima) <= rounding**2:
        minima = [_without_negligible_terms(model, m, linear, rounding) for m in minima if m.rss <= rounding**2]
    ranked = sorted(
        minima,
        key=lambda m: (
            float(f"{max(m.rss, rounding**2):.9g}"),
            not m.converged,
            tie_break(dict(zip(names, m.beta.tolist(), strict=True))),
        ),
    )
    is_nonlinear = ~linear
    beta = _with_fewest_minus_signs(model, ranked[0].beta, bounds, is_nonlinear)
    best = gauss_newton(model, beta, (beta > low) & (beta < high), max_steps=_FINAL_STEPS)
    beta, converged = best.beta, best.converged or ranked[0].converged
    if ranked[0].rss <= rounding**2:
        beta = _without_negligible_terms(model, best, linear, rounding).beta
    free = ~((beta <= low) | (beta >= high))
    at_bounds = [n for n, inside in zip(names, free, strict=True) if not inside]
    jacobian, residuals = model.jacobian(beta), model.accurate_residuals(beta)
    slopes = [derivative(formula.tree, n) for n, inside in zip(names, free, strict=True) if inside]
    parameters = dict(zip(names, beta.tolist(), strict=True))
    data_names = [n for n in formula.variables if n in data.values]
    rounding_of_data = DataRounding(slopes, {**{n: data.values[n] for n in data_names}, **parameters}, data_names)
    precision = _precision(jacobian, free, names, rounding_of_data)
    if ranked[0].rss <= rounding**2:
        precision = _at_rounding(precision, beta, is_nonlinear, names, rounding / math.sqrt(rows))
    # beta is rounded to doubles; the part of the step lost by that belongs to the minimum's sum of squares
    change = jacobian[:, free] @ scaled_least_squares(jacobian[:, free], -residuals)
    converged = converged or bool(np.linalg.norm(change) <= _STATIONARY * np.linalg.norm(residuals) + rounding)
    rss = float(np.sum((residuals + change) ** 2))
    dof = rows - int(free.sum()) + len(precision.undetermined)
    sd = math.sqrt(rss / dof) if dof > 0 else math.nan
    with np.errstate(invalid="ignore"):
        covariance = precision.inverse_gram * sd**2
        errors = np.sqrt(np.diag(covariance))
    notes = list(data.notes)
    if note := freedom_note(rows, int(free.sum()), rows - dof) if free.any() else "":
        notes.append(note)
    if at_bounds:
        notes.append(say("solve.at_bounds", names=", ".join(at_bounds)))
    if not converged:
        notes.append(say("solve.not_converged"))
    tss = _total_sum_of_squares(model)
    tss = tss if tss > rounding**2 else 0.0  # a constant response
    return Fit(
        formula=formula,
        values=dict(zip(names, map(float, beta), strict=True)),
        standard_errors=dict(zip(names, map(float, errors), strict=True)),
        covariance=covariance,
        rss=rss,
        residual_sd=sd,
        r2=1 - rss / tss if tss > 0 else math.nan,
        rows=rows,
        dof=dof,
        method="search",
        digits_lost=math.log10(max(precision.condition, 1.0)),
        columns=data.values,
        undetermined=tuple(precision.undetermined),
        minima=_competing_minima(model, ranked, beta=beta, rss=rss, dof=dof, bounds=bounds, is_nonlinear=is_nonlinear),
        converged=converged,
        starts=starts,
        at_bounds=tuple(at_bounds),
        notes=tuple(notes),
    )


def _without_negligible_terms(model: FullModel, minimum: LocalMinimum, linear: Array, rounding: float) -> LocalMinimum:
    """Linear parameters set to 0 whose terms are rounding errors of the response; the others are left as they are.

    ``linear`` is a mask. What such a term contains is not determined, and shows as a column of zeros.
    """
    beta = minimum.beta.copy()
    with np.errstate(all="ignore"):
        terms = np.abs(model.jacobian(beta) * beta)
    for j in np.flatnonzero(linear & (beta != 0)):
        trial = np.where(np.arange(len(beta)) == j, 0.0, beta)
        if terms[:, j].max() <= rounding and model.rss(trial) <= rounding**2:
            beta = trial
    return minimum if (beta == minimum.beta).all() else LocalMinimum(beta, model.rss(beta), minimum.converged)


def _total_sum_of_squares(model: FullModel) -> float:
    """The weighted sum of squares of the response about its weighted mean."""
    weights = model.sqrt_weights**2
    mean = float(np.sum(model.y * weights) / np.sum(weights))
    return float(np.sum(weights * (model.y - mean) ** 2))


def _with_fewest_minus_signs(model: FullModel, beta: Array, bounds: Bounds, is_nonlinear: Array) -> Array:
    """Of equivalent parameters that differ in signs, such as a width of either sign, those with fewer minus signs.

    Signs of nonlinear parameters count first: an amplitude may be negative, a width or a period should not.
    """
    low, high = bounds
    residuals = model.residuals(beta)

    def minus_signs(values: Array) -> tuple[int, int]:
        return int(np.sum(values[is_nonlinear] < 0)), int(np.sum(values < 0))

    for size in (1, 2):
        for group in combinations(range(len(beta)), size):
            flipped = beta.copy()
            flipped[list(group)] *= -1
            if minus_signs(flipped) < minus_signs(beta) and (flipped >= low).all() and (flipped <= high).all():
                if np.array_equal(model.residuals(flipped), residuals):
                    beta = flipped
    return beta


class _Precision(NamedTuple):
    """(J'J)^-1 (parameters, parameters), NaN where undetermined; the undetermined directions; a condition number."""

    inverse_gram: Array
    undetermined: list[str]
    condition: float


def _precision(jacobian: Array, free: Array, names: Sequence[str], rounding: DataRounding) -> _Precision:
    """The precision of the ``free`` parameters (a mask), from the Jacobian with columns scaled to length 1.

    ``rounding``: of the slopes of the free parameters, for data in single precision.
    """
    k = len(names)
    inverse_gram = np.full((k, k), np.nan)
    free_jacobian = jacobian[:, free]
    free_names = [n for n, m in zip(names, free, strict=True) if m]
    if not np.isfinite(free_jacobian).all() or not len(free_names):
        return _Precision(inverse_gram, [], 1.0)
    norms = column_norms(free_jacobian)
    scaled = free_jacobian / norms
    _, s, vt = np.linalg.svd(scaled, full_matrices=len(scaled) < len(free_names))
    s = np.concatenate([s, np.zeros(len(free_names) - len(s))])
    determined = s > _SINGULAR * s[0]
    if rounding.is_single:
        for i in np.flatnonzero(determined & (s < rounding.near * s[0])):
            determined[i] = not _is_rounding(free_jacobian, vt[i] / norms, rounding)
    undetermined: list[str] = []
    involved = np.zeros(len(free_names), dtype=bool)
    for direction in vt[~determined]:
        part = np.abs(direction) > 1e-6 * np.max(np.abs(direction))
        involved |= part
        undetermined.append(_direction(direction / norms, part, free_names))
    # from the triangular factor the inverse keeps more digits than from the Gram matrix
    half = np.linalg.inv(np.linalg.qr(scaled)[1]) if determined.all() else (vt[determined].T / s[determined])
    with np.errstate(over="ignore"):
        inverse = half @ half.T / norms[:, None] / norms
    inverse[involved, :] = np.nan
    inverse[:, involved] = np.nan
    inverse_gram[np.ix_(free, free)] = inverse
    return _Precision(inverse_gram, undetermined, float(s[0] / s[-1]) if s[-1] > 0 else math.inf)


def _is_rounding(jacobian: Array, direction: Array, rounding: DataRounding) -> bool:
    """Whether moving the parameters in this direction changes the fit by rounding errors of the data alone."""
    j = int(np.argmax(np.abs(direction) * column_norms(jacobian)))
    others = [i for i in range(len(direction)) if i != j]
    factors = {i: np.longdouble(-direction[i] / direction[j]) for i in others}
    terms = jacobian * (direction / direction[j])
    noise = np.finfo(float).eps * np.abs(terms).sum(axis=1)
    return rounding.dependence(j, factors, terms.sum(axis=1), jacobian[:, others], noise) is not None


def _at_rounding(
    precision: _Precision, beta: Array, is_nonlinear: Array, names: Sequence[str], sd: float
) -> _Precision:
    """Where the fit is exact: nonlinear parameters that rounding errors ``sd`` of the response leave open.

    They have a standard error as large as themselves.
    """
    with np.errstate(invalid="ignore"):
        errors = sd * np.sqrt(np.diag(precision.inverse_gram))
        open_ones = np.flatnonzero(is_nonlinear & (errors >= np.abs(beta)))
    inverse_gram = precision.inverse_gram.copy()
    inverse_gram[open_ones, :] = inverse_gram[:, open_ones] = np.nan
    undetermined = [say("solve.open_parameter", name=names[j]) for j in open_ones.tolist()]
    return _Precision(inverse_gram, [*precision.undetermined, *undetermined], precision.condition)


def _direction(direction: Array, part: Array, names: Sequence[str]) -> str:
    """An undetermined direction in words: the parameters of the mask ``part``, relative to the largest."""
    if part.sum() == 1:
        return say("solve.open_parameter", name=str(np.array(names)[part][0]))
    largest = direction[part][np.argmax(np.abs(direction[part]))]
    text = ", ".join(f"{n} {v / largest:+.3g}" for n, v, p in zip(names, direction, part, strict=True) if p)
    return say("solve.open_direction", names=", ".join(np.array(names)[part]), direction=text)


def _competing_minima(
    model: FullModel,
    ranked: Sequence[LocalMinimum],
    *,
    beta: Array,
    rss: float,
    dof: int,
    bounds: Bounds,
    is_nonlinear: Array,
) -> tuple[Minimum, ...]:
    """Other minima that the data do not rule out: their sum of squares is within an F statistic of about 4."""
    limit = rss * (1 + 4 * len(beta) / max(dof, 1))
    same = 1e-6 * math.sqrt(rss) + 1e-12 * float(np.linalg.norm(model.y * model.sqrt_weights))
    listed = [model.residuals(beta)]
    competing: list[Minimum] = []
    for minimum in ranked:
        if minimum.rss > limit or len(competing) == _MAX_COMPETING or not minimum.converged:
            continue
        residuals = model.residuals(minimum.beta)
        if all(float(np.linalg.norm(residuals - other)) > same for other in listed):
            listed.append(residuals)
            parameters = _with_fewest_minus_signs(model, minimum.beta, bounds, is_nonlinear)
            values = dict(zip(model.names, map(float, parameters), strict=True))
            competing.append(Minimum(values=values, rss=minimum.rss))
    return tuple(competing)
