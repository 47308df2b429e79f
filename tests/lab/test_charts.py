"""`unbend.lab.charts`: numbers as text."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from unbend.lab.charts import affine_text

coefficient = st.one_of(st.just(0.0), st.floats(-1e4, 1e4).filter(lambda v: abs(v) > 1e-3))


@given(st.lists(coefficient, min_size=1, max_size=4), coefficient, st.data())
def test_an_affine_map_reads_back(coefficients: list[float], constant: float, data: st.DataObject) -> None:
    """To four digits; no zero, no plus at the front."""
    names = [f"x{i}" for i in range(len(coefficients))]
    text = affine_text(np.array(coefficients), names, constant)
    place = {name: data.draw(st.floats(-2, 2)) for name in names}
    code = text.replace("−", "-").replace("·", "*")
    size = sum(abs(a * v) for a, v in zip(coefficients, place.values(), strict=True)) + abs(constant)
    exact = sum(a * v for a, v in zip(coefficients, place.values(), strict=True)) + constant
    assert eval(code, {}, place) == pytest.approx(exact, abs=1e-3 * size)
    assert not text.startswith("+") and "0·" not in text.replace("10·", "").replace("00·", "")[:2]
    assert text.count("x") == sum(a != 0 for a in coefficients)
