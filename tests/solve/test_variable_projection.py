"""Variable projection: the split into linear and nonlinear parameters, and Kaufman's Jacobian."""

import numpy as np
import pytest

from unbend.solve import Formula
from unbend.solve.nonlinear_least_squares.variable_projection import SeparableModel, largest_linear_subset

PEAKS = "b1*exp(-b2*x) + b3*exp(-(x - b4)**2/b5**2) + b6*exp(-(x - b7)**2/b8**2)"
TRUTH = [98.9, 0.0109, 100.7, 111.6, 23.3, 73.7, 147.8, 19.7]


@pytest.mark.parametrize(
    ("text", "linear"),
    [("b1*(1 - exp(-b2*x))", ("b1",)), ("a*b*x", ("a",)), ("(a + b*x)/(1 + c*x)", ("a", "b")),
     ("a*exp(b*x) + c*exp(d*x)", ("a", "c")), ("exp(-a*x)/(b + c*x)", ())],
)  # fmt: skip
def test_largest_linear_subset(text: str, linear: tuple[str, ...]) -> None:
    formula = Formula(text)
    assert largest_linear_subset(formula.tree, formula.parameters) == linear


def test_jacobian_of_the_projected_residuals() -> None:
    """Kaufman's Jacobian omits a term that vanishes with the residuals: exact on data without noise."""
    formula = Formula("y = " + PEAKS, variables=["x"])
    x = np.arange(1.0, 251)
    y = formula(x=x, **{f"b{i + 1}": v for i, v in enumerate(TRUTH)})
    model = SeparableModel(formula, {"x": x}, y, None)
    assert model.linear == ("b1", "b3", "b6")
    alpha = np.array([[TRUTH[int(n[1:]) - 1] for n in model.nonlinear]])
    slope = model.projected_residuals(alpha)[2]
    for j in range(alpha.shape[1]):
        step = 1e-6 * alpha[0, j]
        shifted = [alpha + sign * step * np.eye(alpha.shape[1])[j] for sign in (1, -1)]
        up, down = (model.projected_residuals(s)[1] for s in shifted)
        assert np.allclose((up - down)[0] / (2 * step), slope[0, :, j], atol=1e-5 * np.abs(slope[0, :, j]).max() + 1e-9)
