"""The picture of a fit: points, curve and residuals are those of the fit."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import unbend as ub
from unbend.figures.fit import _figure, draw_fit

X = np.arange(8.0)
Y = X**2 - 2 * X + 1 + 0.01 * (-1.0) ** X


def test_points_curve_and_residuals() -> None:
    fit = ub.Formula("y = a*x**2 + b*x + c").fit({"x": X, "y": Y})
    above, below = _figure(fit).axes
    curve, points = above.lines
    assert np.array_equal(points.get_data(), [X, Y])
    assert np.allclose(curve.get_ydata(), np.polyval(np.polyfit(X, Y, 2), curve.get_xdata()))
    assert np.allclose(below.lines[-1].get_ydata(), Y - np.polyval(np.polyfit(X, Y, 2), X))


def test_several_variables_are_drawn_against_the_fitted_values() -> None:
    z = np.sin(X)
    fit = ub.Formula("y = a*x + b*z").fit({"x": X, "y": Y, "z": z})
    above = _figure(fit).axes[0]
    assert np.array_equal(above.lines[-1].get_data(), [fit.fitted, Y])


def test_other_endings_and_absent_folders_are_refused(tmp_path: Path) -> None:
    fit = ub.Formula("y = a*x").fit({"x": X, "y": Y})
    for path in (tmp_path / "p.bmp", tmp_path / "absent" / "p.png"):
        with pytest.raises(ub.BadInput):
            draw_fit(fit, path)
