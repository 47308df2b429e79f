"""One start brought to its minimum: SciPy's trust region, then Gauss-Newton until the step is down to rounding."""

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
from ..precision import decimal_arithmetic as decimals
from ..precision.extended_precision import extended

_TIGHT = 1e-15
_EXACT_STEPS = 20_000  # operations on decimals, at most a second if all are functions


class Local(NamedTuple):
    """A local minimum: all parameters, the sum of squares, and whether the search stood still there."""

    beta: Array
    rss: float
    converged: bool


class Whole:
    """The model with all its parameters on an equal footing: residuals and their exact slopes."""

    def __init__(self, formula: Equation, values: Mapping[str, Array], weights: Array | None) -> None:
        assert formula.response is not None
        self.names = formula.parameters
        self.values = dict(values)
        rows = len(next(iter(values.values())))
        self.root = np.ones(rows) if weights is None else np.sqrt(weights)
        slopes = [derivative(formula.tree, name) for name in self.names]
        self._model: Tape[Any] = Tape([formula.tree])
        self._slopes: Tape[Any] = Tape(slopes)
        self._response: Tape[Any] = Tape([formula.response])
        with np.errstate(all="ignore"):
            self.y = np.asarray(self._response.run(values, Floats())[0]) + np.zeros(rows)
            long = {n: extended(v) for n, v in values.items()}
            self.long_y = self._response.run(long, Floats(np.longdouble))[0] + np.zeros(rows)
        self.long = long
        if not np.isfinite(self.y).all():
            raise DataError("solve.no_value", row=int(np.flatnonzero(~np.isfinite(self.y))[0]) + 1)

    def residual(self, beta: Array) -> Array:
        """(y - f)*sqrt(w), (rows,); NaN where undefined."""
        with np.errstate(all="ignore"):
            f = self._model.run({**self.values, **dict(zip(self.names, beta, strict=True))}, Floats())[0]
            return np.asarray((self.y - f) * self.root)

    def long_residual(self, beta: Array) -> Array:
        """The residual computed in extended precision from the decimals the data stand for, rounded at the end."""
        long = {n: np.longdouble(b) for n, b in zip(self.names, beta, strict=True)}
        with np.errstate(all="ignore"):
            f = self._model.run({**self.long, **long}, Floats(np.longdouble))[0]
            return np.asarray((self.long_y - f) * self.root, dtype=float)

    def fine_residual(self, beta: Array) -> Array:
        """The residual as exactly as it pays: in decimals of 100 digits where nearly all digits of y cancel."""
        residual = self.long_residual(beta)
        delicate = np.linalg.norm(residual) < 1e-9 * np.linalg.norm(self.y * self.root)
        if not delicate or len(self.y) * len(self._model.steps) > _EXACT_STEPS:
            return residual
        try:
            with decimals.context():
                values = {n: decimals.read(v) for n, v in self.values.items()}
                fitted = {n: Decimal(b) for n, b in zip(self.names, beta.tolist(), strict=True)}
                f = self._model.run({**values, **fitted}, decimals.Decimals())[0]
                left = self._response.run(values, decimals.Decimals())[0]
                return np.asarray((left - f).astype(float) * self.root)
        except decimals.NoValue:
            return residual

    def slope(self, beta: Array) -> Array:
        """d residual / d parameters, (rows, parameters)."""
        with np.errstate(all="ignore"):
            found = self._slopes.run({**self.values, **dict(zip(self.names, beta, strict=True))}, Floats())
        return np.stack([-np.broadcast_to(v, self.y.shape) * self.root for v in found], axis=1)

    def rss(self, beta: Array) -> float:
        """The sum of squared residuals; infinite where undefined."""
        with np.errstate(all="ignore"):
            total = float(np.sum(self.residual(beta) ** 2))
        return total if np.isfinite(total) else np.inf


def minimise(model: Whole, beta: Array, low: Array, high: Array, evaluations: int = 2_000) -> Local:
    """The local minimum that a start leads to."""
    if not np.isfinite(model.rss(beta)) or not np.isfinite(model.slope(beta)).all():
        return Local(beta, model.rss(beta), False)
    free = not (np.isfinite(low).any() or np.isfinite(high).any())
    try:
        with np.errstate(all="ignore"):
            found = optimize.least_squares(
                model.residual, beta if free else np.clip(beta, low, high), model.slope, (low, high), x_scale="jac",
                ftol=_TIGHT, xtol=_TIGHT, gtol=_TIGHT, max_nfev=evaluations,
            )  # fmt: skip
    except (ValueError, np.linalg.LinAlgError):  # a slope that is not finite on the way
        return Local(beta, model.rss(beta), False)
    at_bound = (found.x <= low) | (found.x >= high) | (found.active_mask != 0)
    return gauss_newton(model, np.where(found.active_mask < 0, low, np.where(found.active_mask > 0, high, found.x)),
                        ~at_bound)  # fmt: skip


def gauss_newton(model: Whole, beta: Array, moving: Array, steps: int = 60) -> Local:
    """Gauss-Newton steps in the ``moving`` parameters, until they are rounding or no longer shrink.

    It stops on the step, not on the sum of squares, which is flat to half the digits around its minimum.
    """
    origin, start_rss = beta, model.rss(beta)
    best, best_size, worse = beta, np.inf, 0
    for _ in range(steps):
        J, r = model.slope(beta)[:, moving], model.long_residual(beta)
        if not (np.isfinite(J).all() and np.isfinite(r).all()):
            break
        step = np.zeros(len(beta))
        step[moving] = solve_scaled(J, -r)
        size = float(np.max(np.abs(step) / np.maximum(np.abs(beta), 1e-300), initial=0.0))
        if size < best_size:
            best, best_size, worse = beta + step, size, 0
        else:
            worse += 1
        if size < 2e-16 or worse > 3:
            break
        beta = beta + step
    rss = model.rss(best)
    if not rss <= start_rss * (1 + 1e-9) + 1e-300:
        return Local(origin, start_rss, False)
    return Local(best, rss, best_size < 1e-8)


def solve_scaled(J: Array, r: Array) -> Array:
    """Least squares by pivoted QR on columns scaled to length 1."""
    size = np.linalg.norm(J, axis=0)
    size = np.where(size > 0, size, 1.0)
    return np.asarray(linalg.lstsq(J / size, r, lapack_driver="gelsy", cond=1e-15)[0] / size)
