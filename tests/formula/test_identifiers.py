"""Column names as formulas write them: always readable, never two alike, as they are where that will do."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import unbend as ub
from unbend.solve.named_functions import column_identifiers


@pytest.mark.parametrize(
    ("name", "want"),
    [("age", "age"), ("나이", "나이"), ("petal width (cm)", "petal_width_cm"), ("2020", "column_2020"), ("log", "log_"),
     ("in", "in_"), ("__x", "x"), ("(%)", "column"), ("x²", "x"), ("max", "max_"), ("e", "e"), ("relu", "relu_")],
)  # fmt: skip
def test_names(name: str, want: str) -> None:
    assert column_identifiers([name]) == {name: want}


def test_two_columns_never_share_a_name() -> None:
    assert column_identifiers(["a b", "a_b", "a-b"]) == {"a b": "a_b_2", "a_b": "a_b", "a-b": "a_b_3"}


@given(st.lists(st.text(max_size=12), min_size=1, max_size=6, unique=True))
@settings(max_examples=150, deadline=None)
def test_every_name_can_be_read(names: list[str]) -> None:
    found = column_identifiers(names)
    assert list(found) == names and len(set(found.values())) == len(names)
    right = " + ".join(found.values())
    assert set(ub.Formula(right, variables=list(found.values())).variables) == set(found.values())


def test_a_formula_is_fitted_to_columns_of_any_name() -> None:
    x = np.arange(1.0, 9.0)
    data = {"dose (mg)": x, "max": 2 * x**2, "answer [%]": 3 + 2 * np.log(x) + x**2}
    fit = ub.Formula("answer = a + b*log(dose_mg) + c*max_").fit({**data, "answer": data["answer [%]"]})
    assert fit.values == pytest.approx({"a": 3, "b": 2, "c": 0.5})
    assert fit.predict(data) == pytest.approx(data["answer [%]"])
