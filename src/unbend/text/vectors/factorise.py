"""Positive pointwise mutual information, and its truncated singular value decomposition (Levy & Goldberg 2014)."""

from __future__ import annotations

from typing import Any

import numpy as np

from ...arrays import Array
from .counting import PairCounts

_DENSE = 600  # words up to which the whole decomposition is computed


def cooccurrence(pairs: PairCounts, words: int) -> Any:
    """The symmetric matrix of counts (words, words), sparse: row i, column j: how often j stands near i."""
    from scipy.sparse import coo_array

    i, j = np.divmod(pairs.key, max(words, 1))  # each pair as (i, j) and (j, i): a word near itself counts for both
    both = (np.concatenate([i, j]), np.concatenate([j, i]))
    return coo_array((np.concatenate([pairs.count, pairs.count]), both), shape=(words, words)).tocsr()


def context_logs(counts: Any, smoothing: float) -> Array:
    """log P(context), each context's share of all counts, raised to ``smoothing`` and normalised again."""
    totals = np.asarray(counts.sum(axis=0), np.float64) ** smoothing
    with np.errstate(divide="ignore"):
        return np.asarray(np.log(totals) - np.log(totals.sum()))


def ppmi(counts: Any, contexts: Array, shift: float) -> Any:
    """max(0, log(P(context | row) / P(context)) - log shift) of each row's counts (rows, words), sparse."""
    from scipy.sparse import csr_array

    rows = np.repeat(np.arange(counts.shape[0]), np.diff(counts.indptr))
    totals = np.asarray(counts.sum(axis=1), np.float64)
    values = np.log(counts.data) - np.log(totals[rows]) - contexts[counts.indices] - np.log(shift)
    matrix = csr_array((np.maximum(values, 0), counts.indices, counts.indptr), shape=counts.shape)
    matrix.eliminate_zeros()
    return matrix


def truncated_svd(matrix: Any, dimension: int, seed: int) -> tuple[Array, Array, Array]:
    """U (rows, k), s (k,) descending, V (columns, k) of the best approximation of rank k.

    Lanczos iterations to machine precision (ARPACK) from a start that the seed draws, on one thread of BLAS: the same
    bits each time. Signs: the entry of largest magnitude of each column of U is positive.
    """
    from scipy.sparse.linalg import svds
    from threadpoolctl import threadpool_limits

    with threadpool_limits(1, "blas"):
        if min(matrix.shape) <= max(_DENSE, dimension + 1):
            U, s, Vt = np.linalg.svd(matrix.toarray(), full_matrices=False)
        else:
            start = np.random.default_rng(seed).normal(size=min(matrix.shape))
            U, s, Vt = svds(matrix, k=dimension, v0=start, tol=0, solver="arpack")
    order = np.argsort(-s, kind="stable")[:dimension]
    U, s, V = U[:, order], s[order], Vt[order].T
    signs = np.sign(U[np.abs(U).argmax(axis=0), np.arange(len(s))])
    signs[signs == 0] = 1
    return U * signs, s, V * signs
