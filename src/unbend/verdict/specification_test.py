"""Specification tests of the linear model on the rows themselves, independent of the network.

Score tests of terms added to the linear model, robust to heteroscedasticity (White 1980) and to correlated rows
(clusters: groups, duplicates and blocks of time count as one draw each), and to rank deficiency: dummies and collinear
columns are projected out, never inverted. Two of them, and the smaller p-value counts twice (Bonferroni):

- *powers*: the square and the cube of the fitted values (RESET, Ramsey 1969); for classes those of the fitted log odds
  (the link test of Pregibon 1980, as a score test);
- *terms*: the squares and products of the columns one by one, the largest score against its distribution under random
  signs (multiplier bootstrap), which also detects nonlinearity that the fitted values do not reflect.

More than two classes are tested in pairs with the most frequent one (Begg & Gray 1984).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from ..arrays import Array

Scores = tuple[Array, Array]  # (terms,) of all rows; (clusters, terms): the contribution of each cluster under chance

LEVEL = 0.05
MAX_ROWS = 5_000  # more would only make a p-value smaller that is small already
MAX_TERMS = 500
DRAWS = 999
LEAST_ROWS = 10  # rows beyond the linear model's coefficients, and effective rows of a term
CLIP = 2.5  # standard deviations from the mean at which columns are clipped before they are squared or multiplied


@dataclass(frozen=True)
class SpecificationTest:
    """The result of the tests: ``p_value`` of the linear model's specification, ``powers`` and ``terms`` of each test.

    ``strongest`` are the two columns (twice the same for a square) of the most significant term, None where no term
    could be tested; ``bends`` is whether the p-value lies below ``LEVEL``.
    """

    test: Literal["RESET", "link test"]
    p_value: float
    powers: float
    terms: float | None
    strongest: tuple[str, str] | None

    @property
    def bends(self) -> bool:
        """Whether the tests reject the linear model."""
        return self.p_value < LEVEL

    def to_json(self) -> dict[str, object]:
        """The numbers by name."""
        return {
            "test": self.test,
            "p_value": self.p_value,
            "bends": self.bends,
            "powers": self.powers,
            "terms": self.terms,
            "strongest": None if self.strongest is None else list(self.strongest),
        }


def specification_test(
    x: Array,
    y: Array,
    classes: int,
    sources: Sequence[str],
    *,
    clusters: Array | None = None,
    seed: int = 0,
) -> SpecificationTest | None:
    """Test the linear model of x (n, features) and y (n,), values when ``classes`` is 0, else class numbers.

    ``sources`` names the column of each feature, ``clusters`` (n,) numbers correlated rows. None where nothing can be
    tested: too few rows for the features, or a linear model without residuals.
    """
    rows = np.random.default_rng([seed, 5]).permutation(len(y))[:MAX_ROWS]
    if clusters is None:
        clusters = np.arange(len(y))
    if not classes:
        return _test(x[rows], y[rows], False, sources=sources, clusters=clusters[rows], seed=seed)
    counts = np.bincount(y[rows], minlength=classes)
    most_frequent = int(counts.argmax())
    results = []
    for other in np.flatnonzero(counts >= LEAST_ROWS):
        pair = rows[(y[rows] == most_frequent) | (y[rows] == other)]
        if other != most_frequent:
            labels = (y[pair] == other).astype(np.float64)
            result = _test(x[pair], labels, True, sources=sources, clusters=clusters[pair], seed=seed)
            results += [] if result is None else [result]
    if not results:
        return None
    best = min(results, key=lambda result: result.p_value)
    return SpecificationTest(
        test=best.test,
        p_value=min(1.0, len(results) * best.p_value),
        powers=best.powers,
        terms=best.terms,
        strongest=best.strongest,
    )


def _test(
    x: Array, y: Array, logistic: bool, *, sources: Sequence[str], clusters: Array, seed: int
) -> SpecificationTest | None:
    z = x - x.mean(axis=0)
    size = z.std(axis=0)
    z, names = z[:, size > 0] / size[size > 0], [s for s, varies in zip(sources, size > 0, strict=True) if varies]
    basis = _orthonormal(np.c_[np.ones(len(z)), z])
    if len(y) < basis.shape[1] + LEAST_ROWS:
        return None
    model = _logistic(basis, y) if logistic else _least_squares(basis, y)
    if model is None:
        return None
    predictor, residuals, weight = model
    root = np.sqrt(weight)[:, None]
    basis = _orthonormal(root * basis)
    leverage = np.minimum((basis**2).sum(axis=1), 0.99)
    hc2 = residuals / np.sqrt(1 - leverage)  # HC2: residuals of the size they would have in a fit without their row
    cluster = np.unique(clusters, return_inverse=True)[1]

    def scores(added: Array) -> Scores:
        """The scores of added terms (n, terms); 0 for terms that the columns span already or with too few rows."""
        projected = added - (basis / root) @ (basis.T @ (root * added))
        squares = weight[:, None] * projected**2
        spanned = squares.sum(axis=0) <= 1e-10 * (weight[:, None] * added**2).sum(axis=0)
        few = squares.sum(axis=0) ** 2 < LEAST_ROWS * (squares**2).sum(axis=0)
        projected[:, spanned | few] = 0
        contributions = np.zeros((cluster.max() + 1, added.shape[1]))
        np.add.at(contributions, cluster, projected * hc2[:, None])
        return projected.T @ residuals, contributions

    level = (predictor - predictor.mean()) / max(float(predictor.std()), 1e-300)
    powers = _joint_p_value(scores(np.c_[level**2, level**3]))
    products, pairs = _quadratic_terms(z, names)
    terms, at = _largest_p_value(scores(products), seed) if pairs else (None, None)
    if powers is None and terms is None:
        return None
    least = min(p for p in (powers, terms) if p is not None)
    return SpecificationTest(
        test="link test" if logistic else "RESET",
        p_value=least if powers is None or terms is None else min(1.0, 2 * least),
        powers=1.0 if powers is None else powers,
        terms=terms,
        strongest=None if at is None else pairs[at],
    )


def _orthonormal(x: Array) -> Array:
    """(n, rank): an orthonormal basis of the columns of x."""
    u, s, _ = np.linalg.svd(x, full_matrices=False)
    return u[:, s > 1e-9 * s[0]]


def _least_squares(basis: Array, y: Array) -> tuple[Array, Array, Array] | None:
    """Fitted values, residuals and weights (n,); None for an exact fit."""
    fitted = basis @ (basis.T @ y)
    residuals = y - fitted
    if float(residuals @ residuals) <= 1e-18 * float(y @ y):
        return None
    return fitted, residuals, np.ones(len(y))


def _logistic(basis: Array, y: Array) -> tuple[Array, Array, Array] | None:
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


def _joint_p_value(scores: Scores) -> float | None:
    """The p-value of all terms jointly, by chi-squared; None where no term remains."""
    from scipy import stats

    total, contributions = scores
    values, vectors = np.linalg.eigh(contributions.T @ contributions)
    positive = values > 1e-9 * max(values[-1], 1e-300)
    if values[-1] <= 0:
        return None
    standardised = (total @ vectors[:, positive]) / np.sqrt(values[positive])
    return float(stats.chi2.sf(float(standardised @ standardised), int(positive.sum())))


def _quadratic_terms(z: Array, names: Sequence[str]) -> tuple[Array, list[tuple[str, str]]]:
    """(n, terms) squares and products of standardised columns, and the two columns of each; squares alone, or none,
    where there would be more than ``MAX_TERMS``."""  # fmt: skip
    clipped = np.clip(z, -CLIP, CLIP)
    count = clipped.shape[1]
    if count > MAX_TERMS:
        return np.empty((len(z), 0)), []
    first, second = np.triu_indices(count) if count * (count + 1) // 2 <= MAX_TERMS else (np.arange(count),) * 2
    pairs = [(names[i], names[j]) for i, j in zip(first.tolist(), second.tolist(), strict=True)]
    return clipped[:, first] * clipped[:, second], pairs


def _largest_p_value(scores: Scores, seed: int) -> tuple[float | None, int | None]:
    """The p-value of the largest standardised score, and the term's index; (None, None) where no term remains."""
    total, contributions = scores
    size = np.sqrt((contributions**2).sum(axis=0))
    tested = np.flatnonzero(size > 0)
    if not len(tested):
        return None, None
    contributions = contributions[:, tested] / size[tested]
    observed = np.abs(total[tested]) / size[tested]
    signs = np.random.default_rng([seed, 6]).integers(0, 2, (DRAWS, len(contributions))) * 2.0 - 1
    maxima = np.abs(signs @ contributions).max(axis=1)
    at = int(observed.argmax())
    return float((1 + np.sum(maxima >= observed[at])) / (DRAWS + 1)), int(tested[at])
