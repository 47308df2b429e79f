"""Score tests: null models, added terms, and their p-values jointly and by the largest score."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ..arrays import Array

Scores = tuple[Array, Array]  # (terms,) of all rows; (clusters, terms): the contribution of each cluster under chance

MAX_TERMS = 500
DRAWS = 999
BLOCKS = 9  # of draws
CLIP = 2.5  # standard deviations from the mean at which columns are clipped before they are squared or multiplied


def orthonormal_basis(x: Array) -> Array:
    """(n, rank): an orthonormal basis of the columns of x."""
    u, s, _ = np.linalg.svd(x, full_matrices=False)
    return u[:, s > 1e-9 * s[0]]


def least_squares_null(basis: Array, y: Array) -> tuple[Array, Array, Array] | None:
    """Fitted values, residuals and weights (n,); None for an exact fit."""
    fitted = basis @ (basis.T @ y)
    residuals = y - fitted
    if float(residuals @ residuals) <= 1e-18 * float(y @ y):
        return None
    return fitted, residuals, np.ones(len(y))


def logistic_null(basis: Array, y: Array) -> tuple[Array, Array, Array] | None:
    """Log odds, residuals and weights (n,) of the unpenalised logistic model, by Newton's method with step halving;
    None where the classes are separable, so that the maximum does not exist."""  # fmt: skip
    basis = basis * np.sqrt(len(y))
    w = np.zeros(basis.shape[1])

    def loss(w: Array) -> float:
        predictor = basis @ w
        return float(np.mean(np.logaddexp(0, predictor) - y * predictor))

    current = loss(w)
    for _ in range(50):
        p = 1 / (1 + np.exp(-np.clip(basis @ w, -30, 30)))
        weight = np.maximum(p * (1 - p), 1e-10)
        gradient = basis.T @ (y - p)
        step = np.linalg.lstsq(basis.T @ (weight[:, None] * basis), gradient, rcond=1e-12)[0]
        factor = 1.0
        while (candidate := loss(w + factor * step)) > current and factor > 1e-6:
            factor /= 2
        if factor <= 1e-6:
            break
        w, previous, current = w + factor * step, current, candidate
        if previous - current < 1e-12:
            break
    if current < 1e-3:
        return None
    predictor = np.clip(basis @ w, -30, 30)
    p = 1 / (1 + np.exp(-predictor))
    return predictor, y - p, np.maximum(p * (1 - p), 1e-10)


def joint_p_value(scores: Scores) -> float | None:
    """The p-value of all terms jointly, by chi-squared; None where no term remains."""
    from scipy import special

    total, contributions = scores
    values, vectors = np.linalg.eigh(contributions.T @ contributions)
    positive = values > 1e-9 * max(values[-1], 1e-300)
    if values[-1] <= 0:
        return None
    standardised = (total @ vectors[:, positive]) / np.sqrt(values[positive])
    return float(special.chdtrc(int(positive.sum()), float(standardised @ standardised)))


def quadratic_terms(z: Array, names: Sequence[str]) -> tuple[Array, list[tuple[str, str]]]:
    """(n, terms) squares and products of standardised columns, and the two columns of each; squares alone, or none,
    where there would be more than ``MAX_TERMS``."""  # fmt: skip
    clipped = np.clip(z, -CLIP, CLIP)
    count = clipped.shape[1]
    if count > MAX_TERMS:
        return np.empty((len(z), 0)), []
    first, second = np.triu_indices(count) if count * (count + 1) // 2 <= MAX_TERMS else (np.arange(count),) * 2
    pairs = [(names[i], names[j]) for i, j in zip(first.tolist(), second.tolist(), strict=True)]
    return clipped[:, first] * clipped[:, second], pairs


def largest_p_value(scores: Scores, seed: int) -> tuple[float | None, int | None]:
    """The p-value of the largest standardised score, and the term's index; (None, None) where no term remains."""
    total, contributions = scores
    size = np.sqrt((contributions**2).sum(axis=0))
    tested = np.flatnonzero(size > 0)
    if not len(tested):
        return None, None
    contributions = contributions[:, tested] / size[tested]
    observed = np.abs(total[tested]) / size[tested]
    rng, shape = np.random.default_rng([seed, 6]), (DRAWS // BLOCKS, len(contributions))
    signs = (rng.integers(0, 2, shape) * 2.0 - 1 for _ in range(BLOCKS))  # of all draws at once they would be large
    maxima = np.concatenate([np.abs(own @ contributions).max(axis=1) for own in signs])
    at = int(observed.argmax())
    return float((1 + np.sum(maxima >= observed[at])) / (DRAWS + 1)), int(tested[at])
