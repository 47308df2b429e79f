"""Score tests of word pairs: of all pairs at once by an approximation, and of one of them exactly.

A pair's score is the sum of the straight model's residuals over the texts that have it. What the straight model could
still take up by itself is projected out: the two words, the two as neighbours, and the columns of its null model.
"""

from __future__ import annotations

import numpy as np

from ...arrays import Array
from .offset_fit import OffsetFit
from .word_table import Pairs, WordTable

LEAST_ROWS = 12  # texts with a pair, and texts that its score effectively rests on
LEAST_PAIRS = 20  # whose scores together tell about chance
LEAST_OWN = 0.02  # of a pair's variance must not be that of its words


def screen(pairs: Pairs, table: WordTable, null: OffsetFit, neighbours: bool) -> Array:
    """About the squared standardised score of every pair (pairs,).

    The two words are taken for being together only within the window, and the null model's columns for independent of
    the pair: both cost little, and spare a look at all texts that have the two anywhere.
    """
    r, r_near = pairs.sums(null.residual)
    w, w_near = pairs.sums(null.curvature)
    squares, _ = pairs.sums(null.residual**2)
    of_words = (table.word_sums(null.residual), table.word_sums(null.curvature))
    (r_first, r_second), (w_first, w_second) = ((sums[pairs.first], sums[pairs.second]) for sums in of_words)
    if not neighbours:
        r_near, w_near = np.zeros_like(r_near), np.zeros_like(w_near)
    joint = np.array([[w_first, w, w_near], [w, w_second, w_near], [w_near, w_near, w_near]])
    gram = np.moveaxis(joint, 2, 0) + 1e-9 * np.eye(3)
    own = np.stack([w, w, w_near], axis=1)
    share = np.linalg.solve(gram, own[:, :, None])[:, :, 0]
    score = r - (share * np.stack([r_first, r_second, r_near], axis=1)).sum(axis=1)
    variance = w - (share * own).sum(axis=1)
    known = variance > LEAST_OWN * w
    chi_squared: Array = np.where(known, score**2 / np.maximum(np.maximum(variance, squares * variance / w), 1e-300), 0)
    return chi_squared


def score_test(presence: Array, columns: Array, null: OffsetFit) -> float:
    """The squared standardised score of a column (rows,), with the sign of what it would add.

    ``columns`` (rows, k) are projected out. The variance is the larger one of the null model's and of White's (1980):
    the first alone is falsely sure where few events are expected, the second alone where none occurred. 0 where fewer
    than ``LEAST_ROWS`` texts effectively tell.
    """
    weighted = columns * null.curvature[:, None]
    share = np.linalg.lstsq(weighted.T @ columns, weighted.T @ presence, rcond=1e-10)[0]
    own = presence - columns @ share
    squares = own**2
    total = float(squares.sum())
    if total < LEAST_OWN * float(presence @ presence) or total**2 < LEAST_ROWS * float((squares**2).sum()):
        return 0.0
    score = float(own @ null.residual)
    variance = max(float(null.curvature @ squares), float(null.residual**2 @ squares))
    return score * abs(score) / max(variance, 1e-300)


def inflation(chi_squared: Array) -> float:
    """By how much chance scores are larger than theory says, at least 1 (genomic control, Devlin & Roeder 1999).

    Many pairs mean nothing together, so that the lower quartile of all is that of chance: where the straight model is
    not quite right in other ways, all scores grow.
    """
    from scipy import special

    tested = chi_squared[chi_squared > 0]
    if len(tested) < LEAST_PAIRS:
        return 1.0
    return max(1.0, float(np.quantile(tested, 0.25) / special.chdtri(1, 0.75)))
