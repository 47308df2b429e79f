"""Data sets of the playground: tables that cannot be trained on."""

from __future__ import annotations

import numpy as np
import pytest

from unbend.data.reader import parse_table
from unbend.errors import BadInput
from unbend.lab.dataset import table_dataset


def test_features_and_targets_that_cannot_be_learned() -> None:
    wide = {f"c{i}": np.random.default_rng(i).normal(size=20) for i in range(40)}
    with pytest.raises(BadInput, match="1 to 30"):
        table_dataset(parse_table(wide), "c0", 0.3, 0)
    with pytest.raises(BadInput):
        table_dataset(parse_table({"a": [1.0] * 20, "b": np.arange(20.0)}), "a", 0.3, 0)
