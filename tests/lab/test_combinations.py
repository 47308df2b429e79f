"""Linear combinations and matrix products: sentences and tables."""

from __future__ import annotations

import pytest

from unbend.errors import BadInput
from unbend.lab import combinations, spaces

from .conftest import defaults


def test_combinations_and_products() -> None:
    values = defaults(spaces.fields, vectors="1 0 2; 0 1 1", coefficients="2 -1", wanted="0 0 1")
    said, shown = combinations.combination(values)
    assert "(2, −1, 3)" in said and "no: w" in shown
    said, shown = combinations.combination({**values, "wanted": "2 -1 3", "vectors": "1 0 2; 0 1 1; 2 -1 3",
                                         "coefficients": "1 1 1"})  # fmt: skip
    assert "yes: (2, −1, 3)" in shown and "no: the coefficients" in shown
    said, kind, _ = combinations.products(values)
    assert kind == "bad" and "A B ≠ B A" in said
    assert combinations.products({**values, "A": "2 0; 0 2"})[1] == "good"
    with pytest.raises(BadInput):
        combinations.products({**values, "A": "1 2 3"})
