"""The design matrix and the linear system: rows times parameters are the fitted values."""

import numpy as np
import pytest

from unbend.errors import ShapeError
from unbend.solve import Formula


def test_a14_a15_rows_times_coefficients_are_the_system() -> None:
    formula = Formula("y = a*x**2 + b*x + c")
    x = np.array([0.0, 1.0, 2.0, 3.0])
    system = formula.system({"x": x, "y": x + 1})
    assert system.A.tolist() == [[v**2, v, 1.0] for v in x]
    assert system.product([1, 2, 3]).tolist() == (x**2 + 2 * x + 3).tolist()
    assert "[ x**2  x  1 ]" in system.text()
    assert r"\begin{pmatrix} a \\ b \\ c \end{pmatrix}" in system.tex()
    with pytest.raises(ShapeError, match="columns of A must equal rows of B"):
        system.product([1, 2])
