"""`right_singular_vectors`: of a tall matrix, from its Gram matrix, without loss of digits in small singular values.

The eigenvalues of AᵀA are the squares of A's singular values; those below ``eps`` times the largest are lost in
rounding errors. Eigenvectors with small eigenvalues span nearly the right space all the same, so that A times these is
decomposed once more, by QR factors of its blocks (Demmel et al. 2012) and a singular value decomposition of the last.
"""

from __future__ import annotations

import numpy as np

from ...arrays import Array
from .row_blocks import Blocks

CLEAR = 1e-6  # of the largest eigenvalue: above, eigenvalues have at least nine digits


def gram_matrix(blocks: Blocks, columns: int) -> Array:
    """AᵀA (columns, columns) of the matrix whose rows come in ``blocks``."""
    total = np.zeros((columns, columns))
    for block in blocks():
        total += block.T @ block
    return total


def right_singular_vectors(gram: Array, blocks: Blocks, rows: int) -> tuple[Array, Array, float]:
    """Singular values and right singular vectors of a matrix A (rows, columns) with rows >= columns.

    Parameters
    ----------
    gram : array (columns, columns)
        AᵀA.
    blocks : callable
        Gives the rows of A in blocks; called twice where there are small singular values.
    rows : int

    Returns
    -------
    array (rank,)
        Singular values, from large to small; those of exactly dependent columns are left out.
    array (columns, rank)
        Right singular vectors.
    float
        By how much the columns of A V / s may fail to be orthonormal.
    """
    values, vectors = np.linalg.eigh(gram)
    values, vectors = values[::-1], vectors[:, ::-1]
    eps, largest = float(np.finfo(np.float64).eps), float(values[0])
    clear = int(np.sum(values > CLEAR * largest)) if largest > 0 else 0
    if not clear:
        return np.empty(0), np.empty((len(gram), 0)), eps
    singular, error = np.sqrt(values[:clear]), eps * largest / float(values[clear - 1])
    if clear == len(gram):
        return singular, vectors, error
    first, rest = vectors[:, :clear], vectors[:, clear:]
    # A rest is made orthogonal to A first: eigenvectors mix by the rounding of the largest eigenvalue
    product = np.zeros_like(rest)
    for block in blocks():
        product += block.T @ (block @ rest)
    rest = rest - first @ ((first.T @ product) / values[:clear, None])
    factor: Array = np.empty((0, rest.shape[1]))
    for block in blocks():
        factor = np.asarray(np.linalg.qr(np.vstack([factor, block @ rest]), mode="r"))
    _, small, rotation = np.linalg.svd(factor)
    known = small > singular[0] * max(rows, len(gram)) * eps
    small, rest = small[known], rest @ rotation[: len(small)][known].T
    if len(small):
        error = max(error, eps * float(singular[0] / small[-1]))
    return np.concatenate([singular, small]), np.hstack([first, rest]), error
