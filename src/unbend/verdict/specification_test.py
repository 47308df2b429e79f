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
from .score_tests import (
    Scores,
    joint_p_value,
    largest_p_value,
    least_squares_null,
    logistic_null,
    orthonormal_basis,
    quadratic_terms,
)

LEVEL = 0.05
MAX_FEATURES = 500
MAX_ROWS = 5_000  # more would only make a p-value smaller that is small already
LEAST_ROWS = 10  # rows beyond the linear model's coefficients, and effective rows of a term


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
    tested: too few rows for the features, more than ``MAX_FEATURES`` of them, or a linear model without residuals.
    """
    if x.shape[1] > MAX_FEATURES:  # all their products would be tested
        return None
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
    basis = orthonormal_basis(np.c_[np.ones(len(z)), z])
    if len(y) < basis.shape[1] + LEAST_ROWS:
        return None
    model = logistic_null(basis, y) if logistic else least_squares_null(basis, y)
    if model is None:
        return None
    predictor, residuals, weight = model
    root = np.sqrt(weight)[:, None]
    basis = orthonormal_basis(root * basis)
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
    powers = joint_p_value(scores(np.c_[level**2, level**3]))
    products, pairs = quadratic_terms(z, names)
    terms, at = largest_p_value(scores(products), seed) if pairs else (None, None)
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
