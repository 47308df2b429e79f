"""Ranks against SciPy's."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from unbend.data.ranks import average_ranks, rank_correlation


@pytest.mark.parametrize("levels", [3, 20, 10**6])
def test_against_scipy(levels: int) -> None:
    a, b = np.random.default_rng(levels).integers(0, levels, (2, 200)).astype(float)
    np.testing.assert_array_equal(average_ranks(a), stats.rankdata(a))
    assert rank_correlation(a, a + b) == pytest.approx(stats.spearmanr(a, a + b).statistic, rel=1e-12)
