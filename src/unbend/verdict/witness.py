"""A second witness, apart from the network: tests on the rows themselves of whether the straight model leaves a bend.

Score tests of terms added to the straight model, robust against unequal spread (White 1980) and rows that hang together
(whole groups, copies and stretches of time count as one draw each), and aware of rank: dummies and collinear columns
are projected out, never inverted. Two of them, and the smaller p-value counts twice:

- *powers*: the square and the cube of the fitted values (RESET, Ramsey 1969); for classes those of the fitted log odds
  (the link test of Pregibon 1980, as a score test);
- *terms*: the squares and products of the columns one by one, the largest score against what random signs make of the
  largest (multiplier bootstrap), so that a bend shows which the fitted values do not know of.

More than two classes are tested in pairs with the most frequent one (Begg & Gray 1984).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from ..arrays import Array

Scores = tuple[Array, Array]  # (terms,) of all rows; (clusters, terms): what each cluster may add to it by chance

LEVEL = 0.05
MOST_ROWS = 5_000  # more would only make a p-value smaller that is small already
MOST_TERMS = 500
DRAWS = 999
LEAST_ROWS = 10  # rows beyond the straight model's coefficients, and rows that a term must rest on
REACH = 2.5  # standard deviations from the mean at which columns are cut before they are squared or multiplied


@dataclass(frozen=True)
class Witness:
    """What the tests say: ``p_value`` that the straight model leaves no bend, ``powers`` and ``terms`` of each.

    ``strongest`` are the two columns (twice the same for a square) of the term that shows most, None where no term
    could be tested; ``bends`` is whether the p-value lies below ``LEVEL``.
    """

    test: Literal["RESET", "link test"]
    p_value: float
    powers: float
    terms: float | None
    strongest: tuple[str, str] | None

    @property
    def bends(self) -> bool:
        """Whether the tests see a bend."""
        return self.p_value < LEVEL

    def to_json(self) -> dict[str, object]:
        """The numbers by name."""
        strongest = None if self.strongest is None else list(self.strongest)
        return {"test": self.test, "p_value": self.p_value, "bends": self.bends, "powers": self.powers,
                "terms": self.terms, "strongest": strongest}  # fmt: skip


def witness(
    x: Array, y: Array, classes: int, sources: Sequence[str], together: Array | None = None, seed: int = 0
) -> Witness | None:
    """Test the straight model of x (n, features) and y (n,), values when ``classes`` is 0, else class numbers.

    ``sources`` names the column of each feature, ``together`` (n,) numbers rows that hang together. None where nothing
    can be tested: too few rows for the features, or a straight model that leaves nothing over.
    """
    rows = np.random.default_rng([seed, 5]).permutation(len(y))[:MOST_ROWS]
    if together is None:
        together = np.arange(len(y))
    if not classes:
        return _one(x[rows], y[rows], False, sources, together[rows], seed)
    counts = np.bincount(y[rows], minlength=classes)
    most = int(counts.argmax())
    found = []
    for other in np.flatnonzero(counts >= LEAST_ROWS):
        pair = rows[(y[rows] == most) | (y[rows] == other)]
        if other != most:
            said = _one(x[pair], (y[pair] == other).astype(np.float64), True, sources, together[pair], seed)
            found += [] if said is None else [said]
    if not found:
        return None
    least = min(found, key=lambda said: said.p_value)
    return Witness(least.test, min(1.0, len(found) * least.p_value), least.powers, least.terms, least.strongest)


def _one(x: Array, y: Array, labels: bool, sources: Sequence[str], together: Array, seed: int) -> Witness | None:
    z = x - x.mean(axis=0)
    size = z.std(axis=0)
    z, names = z[:, size > 0] / size[size > 0], [s for s, varies in zip(sources, size > 0, strict=True) if varies]
    basis = _orthonormal(np.c_[np.ones(len(z)), z])
    if len(y) < basis.shape[1] + LEAST_ROWS:
        return None
    model = _logistic(basis, y) if labels else _least_squares(basis, y)
    if model is None:
        return None
    index, error, weight = model
    root = np.sqrt(weight)[:, None]
    basis = _orthonormal(root * basis)
    leverage = np.minimum((basis**2).sum(axis=1), 0.99)
    spread = error / np.sqrt(1 - leverage)  # HC2: errors of the size they would have were their own row not fitted
    cluster = np.unique(together, return_inverse=True)[1]

    def scores(added: Array) -> Scores:
        """The scores of added terms (n, terms); 0 for terms that the columns span already or that rest on few rows."""
        left = added - (basis / root) @ (basis.T @ (root * added))
        weighed = weight[:, None] * left**2
        spanned = weighed.sum(axis=0) <= 1e-10 * (weight[:, None] * added**2).sum(axis=0)
        few = weighed.sum(axis=0) ** 2 < LEAST_ROWS * (weighed**2).sum(axis=0)
        left[:, spanned | few] = 0
        each = np.zeros((cluster.max() + 1, added.shape[1]))
        np.add.at(each, cluster, left * spread[:, None])
        return left.T @ error, each

    level = (index - index.mean()) / max(float(index.std()), 1e-300)
    powers = _together(scores(np.c_[level**2, level**3]))
    products, pairs = _terms(z, names)
    terms, at = _largest(scores(products), seed) if pairs else (None, None)
    if powers is None and terms is None:
        return None
    least = min(p for p in (powers, terms) if p is not None)
    p = least if powers is None or terms is None else min(1.0, 2 * least)
    strongest = None if at is None else pairs[at]
    return Witness("link test" if labels else "RESET", p, 1.0 if powers is None else powers, terms, strongest)


def _orthonormal(x: Array) -> Array:
    """(n, rank): an orthonormal basis of the columns of x."""
    u, s, _ = np.linalg.svd(x, full_matrices=False)
    return u[:, s > 1e-9 * s[0]]


def _least_squares(basis: Array, y: Array) -> tuple[Array, Array, Array] | None:
    """Fitted values, errors and weights (n,); None for an exact fit."""
    fitted = basis @ (basis.T @ y)
    error = y - fitted
    if float(error @ error) <= 1e-18 * float(y @ y):
        return None
    return fitted, error, np.ones(len(y))


def _logistic(basis: Array, y: Array) -> tuple[Array, Array, Array] | None:
    """Log odds, errors and weights (n,) of the unpenalised logistic model, by Newton's method with steps halved where
    they do not help; None where the classes can be parted exactly, so that there is no such model."""  # fmt: skip
    basis = basis * np.sqrt(len(y))
    w = np.zeros(basis.shape[1])

    def loss(w: Array) -> float:
        index = basis @ w
        return float(np.mean(np.logaddexp(0, index) - y * index))

    now = loss(w)
    for _ in range(50):
        p = 1 / (1 + np.exp(-np.clip(basis @ w, -30, 30)))
        weight = np.maximum(p * (1 - p), 1e-10)
        slope = basis.T @ (y - p)
        step = np.linalg.lstsq(basis.T @ (weight[:, None] * basis), slope, rcond=1e-12)[0]
        factor = 1.0
        while (then := loss(w + factor * step)) > now and factor > 1e-6:
            factor /= 2
        if factor <= 1e-6:
            break
        w, before, now = w + factor * step, now, then
        if before - now < 1e-12:
            break
    if now < 1e-3:
        return None
    index = np.clip(basis @ w, -30, 30)
    p = 1 / (1 + np.exp(-index))
    return index, y - p, np.maximum(p * (1 - p), 1e-10)


def _together(scores: Scores) -> float | None:
    """The p-value of all terms at once, by chi-squared; None where no term is left."""
    from scipy import stats

    total, each = scores
    values, vectors = np.linalg.eigh(each.T @ each)
    kept = values > 1e-9 * max(values[-1], 1e-300)
    if values[-1] <= 0:
        return None
    along = (total @ vectors[:, kept]) / np.sqrt(values[kept])
    return float(stats.chi2.sf(float(along @ along), int(kept.sum())))


def _terms(z: Array, names: Sequence[str]) -> tuple[Array, list[tuple[str, str]]]:
    """(n, terms) squares and products of standardised columns, and the two columns of each; squares alone, or none,
    where there would be more than ``MOST_TERMS``."""  # fmt: skip
    cut = np.clip(z, -REACH, REACH)
    count = cut.shape[1]
    if count > MOST_TERMS:
        return np.empty((len(z), 0)), []
    first, second = np.triu_indices(count) if count * (count + 1) // 2 <= MOST_TERMS else (np.arange(count),) * 2
    return cut[:, first] * cut[:, second], [
        (names[i], names[j]) for i, j in zip(first.tolist(), second.tolist(), strict=True)
    ]


def _largest(scores: Scores, seed: int) -> tuple[float | None, int | None]:
    """The p-value of the largest term's score among all, and which it is; (None, None) where no term is left."""
    total, each = scores
    size = np.sqrt((each**2).sum(axis=0))
    alive = np.flatnonzero(size > 0)
    if not len(alive):
        return None, None
    each = each[:, alive] / size[alive]
    found = np.abs(total[alive]) / size[alive]
    signs = np.random.default_rng([seed, 6]).integers(0, 2, (DRAWS, len(each))) * 2.0 - 1
    chance = np.abs(signs @ each).max(axis=1)
    at = int(found.argmax())
    return float((1 + np.sum(chance >= found[at])) / (DRAWS + 1)), int(alive[at])
