"""Ranks of values, ties sharing their mean, and the correlation of ranks."""

from __future__ import annotations

import numpy as np


def average_ranks(values: np.ndarray) -> np.ndarray:
    """(n,) ranks 1…n of values (n,); equal ones share the mean of theirs."""
    _, positions, counts = np.unique(values, return_inverse=True, return_counts=True)
    return ranks_of_levels(positions, counts)


def ranks_of_levels(positions: np.ndarray, counts: np.ndarray) -> np.ndarray:
    """The same of values given by their positions (n,) among the distinct ones and their ``counts``."""
    ranks: np.ndarray = (np.cumsum(counts) - (counts - 1) / 2)[positions]
    return ranks


def rank_correlation(a: np.ndarray, b: np.ndarray) -> float:
    """Spearman's correlation of values (n,) and (n,), neither of them constant."""
    return float(np.corrcoef(average_ranks(a), average_ranks(b))[0, 1])
