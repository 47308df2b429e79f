"""`screen_columns`: the columns of a wide table that the networks of each fold take, chosen on its training rows.

A network of thousands of columns learns slowly, mostly noise. Columns that may matter to it are seen before: those with
the largest weights in the linear model, those whose curves, and those whose products with another column, correlate
with the linear model's residuals.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import zip_longest

import numpy as np

from ..arrays import Array
from ..network import Scaler
from .folds import Fold

MANY = 300  # columns, beyond which the networks take a part of them
TAKEN, FEW = 64, 16  # columns that the two kinds of networks take then: few suit few rows, and bends of few columns
CLIP = 2.5  # standard deviations at which columns are clipped: a few far values would make any curve stand out
BLOCK = 256  # columns at a time
PRODUCTS = 2e11  # multiplications for the products of two columns, at most; where there are more, in fewer rows
LEAST_ROWS = 500
PAIRED = 5_000  # columns whose products are looked at, at most


def screen_columns(x: Array, folds: Sequence[Fold], residuals: Array, weights: Array) -> Array:
    """(folds, ``TAKEN``) column numbers, those that say most first.

    Parameters
    ----------
    x : array (n, columns)
    folds : sequence of (training rows, held-out rows)
    residuals : array (folds, n, outputs)
        Those of each fold's linear model; only those of its training rows are looked at.
    weights : array (folds, columns, outputs)
        Its weights.

    References
    ----------
    Sure independence screening: Fan & Lv (2008), J. R. Statist. Soc. B 70. Of products: Hao & Zhang (2014),
    "Interaction screening for ultrahigh-dimensional data", J. Am. Statist. Assoc. 109.
    """
    r = training_residuals(residuals, folds)
    z = clipped(x)
    strength = (np.abs(weights) * z.std(axis=0)[:, None]).max(axis=2)
    curves, pairs = curve_scores(z, r), pair_scores(z, r)
    return np.stack([by_turns(own, TAKEN) for own in zip(strength, curves, pairs, strict=True)])


def training_residuals(residuals: Array, folds: Sequence[Fold]) -> Array:
    """(folds, n, outputs) float32, in units of their size in the training rows; 0 in all others."""
    r = np.zeros(residuals.shape, np.float32)
    for k, (train, _) in enumerate(folds):
        part = residuals[k, train] - residuals[k, train].mean(axis=0)
        r[k, train] = part / np.maximum(np.sqrt((part**2).sum(axis=0)), 1e-300)
    return r


def clipped(x: Array) -> Array:
    """Standardised columns (n, columns) clipped at ``CLIP``, float32."""
    scaler, z = Scaler.of(x), np.empty(x.shape, np.float32)
    size = max(1, (1 << 22) // x.shape[1])
    for start in range(0, len(x), size):
        np.clip(scaler(x[start : start + size]), -CLIP, CLIP, out=z[start : start + size], casting="same_kind")
    return z


def curves(z: Array) -> Iterator[Array]:
    """Curves of standardised columns (n, columns), each without its mean and its straight part, of length 1."""
    centred = z - z.mean(axis=0)
    squares = np.maximum((centred**2).sum(axis=0), 1e-6)
    for curve in (np.abs(z), z * z, np.sin(1.5 * z), np.sin(3 * z), np.cos(3 * z)):
        remainder = curve - curve.mean(axis=0)
        remainder -= (remainder * centred).sum(axis=0) / squares * centred
        size = np.sqrt((remainder**2).sum(axis=0))
        yield remainder / np.where(size > 1e-3 * np.sqrt(len(z)), size, np.inf)


def curve_scores(z: Array, residuals: Array) -> Array:
    """(folds, columns): the largest correlation of a column's curves with the residuals (folds, n, outputs)."""
    folds, n, outputs = residuals.shape
    joint = residuals.transpose(1, 0, 2).reshape(n, -1)
    scores = np.zeros((folds, z.shape[1]), np.float32)
    for start in range(0, z.shape[1], BLOCK):
        own = scores[:, start : start + BLOCK]
        for curve in curves(z[:, start : start + BLOCK]):
            found = np.abs(joint.T @ curve).reshape(folds, outputs, -1).max(axis=1)
            np.maximum(own, found, out=own)
    return scores


def pair_scores(z: Array, residuals: Array) -> Array:
    """(folds, columns): the largest |Σ r z_i z_j| over all other columns j; 0 for columns not `_paired`."""
    folds, n, outputs = residuals.shape
    rows = int(np.clip(PRODUCTS / (folds * outputs * min(PAIRED, z.shape[1]) ** 2), LEAST_ROWS, n))
    scores = np.zeros((folds, z.shape[1]), np.float32)
    for k in range(folds):
        known = np.flatnonzero(residuals[k].any(axis=1))
        known = known[:: -(-len(known) // rows)]
        columns = _paired(z[known], residuals[k, known])
        own = np.ascontiguousarray(z[np.ix_(known, columns)])
        best = np.zeros(len(columns), np.float32)
        for r in residuals[k, known].T:
            for start, products in _products(own, r):
                part = best[start : start + BLOCK]
                np.maximum(part, products.max(axis=1), out=part)
                np.maximum(best[start:], products.max(axis=0), out=best[start:])
        scores[k, columns] = best
    return scores


def best_pair(z: Array, residuals: Array) -> tuple[int, int]:
    """The two columns of z (n, columns) with the largest |Σ r z_i z_j|, for residuals (n,)."""
    best, pair, r = 0.0, (0, 0), residuals.astype(np.float32)
    columns = _paired(z, r[:, None])
    for start, products in _products(z if len(columns) == z.shape[1] else z[:, columns], r):
        i, j = divmod(int(products.argmax()), products.shape[1])
        if products[i, j] > best:
            best, pair = float(products[i, j]), (int(columns[start + i]), int(columns[start + j]))
    return pair


def _paired(z: Array, residuals: Array) -> Array:
    """The columns whose products are looked at: all, or of very many those on which the size of the residuals (n,
    outputs) depends most, as it does on the columns of a product of which neither shows by itself."""  # fmt: skip
    if z.shape[1] <= PAIRED:
        return np.arange(z.shape[1])
    size = (residuals**2).sum(axis=1)
    size = size - size.mean()
    scores = np.concatenate([np.abs(size @ z[:, start : start + BLOCK] ** 2) for start in range(0, z.shape[1], BLOCK)])
    return np.sort(np.argsort(-scores, kind="stable")[:PAIRED])


def _products(z: Array, r: Array) -> Iterator[tuple[int, Array]]:
    """(start, |Σ r z_i z_j|) for the columns i = start, … of a block and j = start, …; 0 for squares."""
    weighted = z * r[:, None]
    for start in range(0, z.shape[1], BLOCK):
        products = np.abs(weighted[:, start : start + BLOCK].T @ z[:, start:])
        np.fill_diagonal(products, 0)
        yield start, products


def by_turns(scores: Sequence[Array], count: int) -> Array:
    """So many columns, the best of each list of scores (columns,) in turn."""
    ranked = [np.argsort(-own, kind="stable").tolist() for own in scores]
    order = dict.fromkeys(column for turn in zip_longest(*ranked) for column in turn)
    return np.array(list(order)[:count])
