"""`minimise`: SciPy's trust region from one starting point, then Gauss-Newton until the step is rounding error."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, NamedTuple

import numpy as np
from scipy import linalg, optimize

from ...arrays import Array
from ...errors import DataError
from ...formula.equation import Equation
from ...formula.evaluate.derivative import derivative
from ...formula.evaluate.floats import Floats
from ...formula.evaluate.tape import Tape
from ..precision import decimal_arithmetic
from ..precision.extended_precision import to_extended

_TOLERANCE = 1e-15
_MAX_DECIMAL_STEPS = 20_000  # operations on decimals, at most a second if all are functions


class LocalMinimum(NamedTuple):
    """All parameters (parameters,), the residual sum of squares, and whether the iteration converged."""

    beta: Array
    rss: float
    converged: bool


class FullModel:
    """The model as a function of all its parameters: weighted residuals (y - f)*sqrt(w) and their exact Jacobian."""

    def __init__(self, formula: Equation, values: Mapping[str, Array], weights: Array | None) -> None:
        assert formula.response is not None
        self.names = formula.parameters
        self.values = dict(values)
        rows = len(next(iter(values.values())))
        self.sqrt_weights = np.ones(rows) if weights is None else np.sqrt(weights)
        self._model: Tape[Any] = Tape([formula.tree])
        self._slopes: Tape[Any] = Tape([derivative(formula.tree, name) for name in self.names])
        self._response: Tape[Any] = Tape([formula.response])
        with np.errstate(all="ignore"):
            self.y = np.asarray(self._response.run(values, Floats())[0]) + np.zeros(rows)
            self._extended_values = {n: to_extended(v) for n, v in values.items()}
            response = self._response.run(self._extended_values, Floats(np.longdouble))[0]
            self._extended_y = response + np.zeros(rows)
        if not np.isfinite(self.y).all():
            raise DataError("solve.no_value", row=int(np.flatnonzero(~np.isfinite(self.y))[0]) + 1)

    def residuals(self, beta: Array) -> Array:
        """(rows,); NaN where undefined."""
        with np.errstate(all="ignore"):
            f = self._model.run({**self.values, **dict(zip(self.names, beta, strict=True))}, Floats())[0]
            return np.asarray((self.y - f) * self.sqrt_weights)

    def extended_residuals(self, beta: Array) -> Array:
        """The residuals computed in extended precision from the decimals that the data represent, then rounded."""
        parameters = {n: np.longdouble(b) for n, b in zip(self.names, beta, strict=True)}
        with np.errstate(all="ignore"):
            f = self._model.run({**self._extended_values, **parameters}, Floats(np.longdouble))[0]
            return np.asarray((self._extended_y - f) * self.sqrt_weights, dtype=float)

    def accurate_residuals(self, beta: Array) -> Array:
        """The residuals in extended precision, or in decimals of 100 digits where nearly all digits of y cancel."""
        residuals = self.extended_residuals(beta)
        cancels = np.linalg.norm(residuals) < 1e-9 * np.linalg.norm(self.y * self.sqrt_weights)
        if not cancels or len(self.y) * len(self._model.steps) > _MAX_DECIMAL_STEPS:
            return residuals
        try:
            with decimal_arithmetic.context():
                arithmetic = decimal_arithmetic.Decimals()
                values = {n: decimal_arithmetic.to_decimals(v) for n, v in self.values.items()}
                parameters = {n: Decimal(b) for n, b in zip(self.names, beta.tolist(), strict=True)}
                f = self._model.run({**values, **parameters}, arithmetic)[0]
                y = self._response.run(values, arithmetic)[0]
                return np.asarray((y - f).astype(float) * self.sqrt_weights)
        except decimal_arithmetic.NoValue:
            return residuals

    def jacobian(self, beta: Array) -> Array:
        """d residuals / d parameters, (rows, parameters)."""
        with np.errstate(all="ignore"):
            slopes = self._slopes.run({**self.values, **dict(zip(self.names, beta, strict=True))}, Floats())
        return np.stack([-np.broadcast_to(v, self.y.shape) * self.sqrt_weights for v in slopes], axis=1)

    def rss(self, beta: Array) -> float:
        """The residual sum of squares; infinite where undefined."""
        with np.errstate(all="ignore"):
            total = float(np.sum(self.residuals(beta) ** 2))
        return total if np.isfinite(total) else np.inf


def minimise(model: FullModel, beta: Array, low: Array, high: Array, max_evaluations: int = 2_000) -> LocalMinimum:
    """The local minimum reached from a starting point, inside the bounds ``low`` and ``high`` (parameters,)."""
    if not np.isfinite(model.rss(beta)) or not np.isfinite(model.jacobian(beta)).all():
        return LocalMinimum(beta, model.rss(beta), False)
    bounded = np.isfinite(low).any() or np.isfinite(high).any()
    try:
        with np.errstate(all="ignore"):
            result = optimize.least_squares(
                fun=model.residuals,
                x0=np.clip(beta, low, high) if bounded else beta,
                jac=model.jacobian,
                bounds=(low, high),
                x_scale="jac",
                ftol=_TOLERANCE,
                xtol=_TOLERANCE,
                gtol=_TOLERANCE,
                max_nfev=max_evaluations,
            )
    except (ValueError, np.linalg.LinAlgError):  # the Jacobian became infinite on the way
        return LocalMinimum(beta, model.rss(beta), False)
    at_bound = (result.x <= low) | (result.x >= high) | (result.active_mask != 0)
    start = np.where(result.active_mask < 0, low, np.where(result.active_mask > 0, high, result.x))
    return gauss_newton(model, start, ~at_bound)


def gauss_newton(model: FullModel, beta: Array, free: Array, max_steps: int = 60) -> LocalMinimum:
    """Gauss-Newton steps in the ``free`` parameters (a mask), until they are rounding error or no longer shrink.

    The criterion is the step, not the sum of squares, which is flat to half the digits around its minimum.
    """
    start, start_rss = beta, model.rss(beta)
    best, best_size, failures = beta, np.inf, 0
    for _ in range(max_steps):
        jacobian, residuals = model.jacobian(beta)[:, free], model.extended_residuals(beta)
        if not (np.isfinite(jacobian).all() and np.isfinite(residuals).all()):
            break
        step = np.zeros(len(beta))
        step[free] = scaled_least_squares(jacobian, -residuals)
        size = float(np.max(np.abs(step) / np.maximum(np.abs(beta), 1e-300), initial=0.0))
        if size < best_size:
            best, best_size, failures = beta + step, size, 0
        else:
            failures += 1
        if size < 2e-16 or failures > 3:
            break
        beta = beta + step
    rss = model.rss(best)
    if not rss <= start_rss * (1 + 1e-9) + 1e-300:
        return LocalMinimum(start, start_rss, False)
    return LocalMinimum(best, rss, best_size < 1e-8)


def scaled_least_squares(matrix: Array, right: Array) -> Array:
    """Least squares of matrix (rows, columns) and right (rows,) by pivoted QR on columns scaled to length 1."""
    norms = column_norms(matrix)
    return np.asarray(linalg.lstsq(matrix / norms, right, lapack_driver="gelsy", cond=1e-15)[0] / norms)


def column_norms(matrix: Array) -> Array:
    """The length of every column, 1 for columns of zeros; squares may leave the range of doubles."""
    largest = np.max(np.abs(matrix), axis=0, initial=0.0)
    largest = np.where(largest > 0, largest, 1.0)
    norms = np.linalg.norm(matrix / largest, axis=0) * largest
    return np.where(norms > 0, norms, 1.0)
