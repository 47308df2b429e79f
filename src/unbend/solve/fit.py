"""What a fit gives back, and the choice of how to fit: exactly where all parameters are linear, else by search."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from ..errors import DataError, FormulaError
from .columns import Columns, columns, names_of

if TYPE_CHECKING:
    from ..formula.formula import Formula

Array = np.ndarray[Any, np.dtype[Any]]
Bounds = Mapping[str, tuple[float | None, float | None]]


@dataclass(frozen=True)
class Minimum:
    """Another minimum of the sum of squares that the search met."""

    values: dict[str, float]
    rss: float


@dataclass(frozen=True, eq=False)
class Fit:
    """A fitted formula. Parameters come by name, in the formula's order.

    ``standard_errors`` are NaN where the data leave a parameter open; ``undetermined`` says in words which directions
    those are. ``rss`` is the (weighted) residual sum of squares, ``residual_sd`` = sqrt(rss/dof) (NaN where dof is 0),
    ``r2`` about the mean, or about 0 where a linear formula holds no constant. ``method``: ``"exact"`` or ``"search"``.
    ``digits_lost`` is log10 of the condition number of the columns scaled to length 1. ``minima`` are competing
    minima; ``converged`` is False where the search ended before it stood still; ``notes`` tell what was done to the
    data.
    """

    formula: Formula
    values: dict[str, float]
    standard_errors: dict[str, float]
    covariance: Array
    rss: float
    residual_sd: float
    r2: float
    rows: int
    dof: int
    method: str
    digits_lost: float
    columns: dict[str, Array] = field(repr=False)
    undetermined: tuple[str, ...] = ()
    minima: tuple[Minimum, ...] = ()
    converged: bool = True
    starts: int = 0
    at_bounds: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    def predict(self, data: Any) -> Array:
        """The fitted right side for other data: a dict of columns or any table, (rows,). Missing values give NaN."""
        table, _ = names_of(data)
        found = {name: columns(table, [name]) for name in self.formula.variables}
        rows = max((len(c.kept) for c in found.values()), default=1)
        whole = {name: np.full(rows, np.nan) for name in found}
        for name, c in found.items():
            whole[name][c.kept] = c.values[name]
        return np.broadcast_to(self.formula(**whole, **self.values), (rows,)).copy()

    @property
    def fitted(self) -> Array:
        """The right side at the rows that were fitted, (rows,)."""
        inside = {name: self.columns[name] for name in self.formula.variables}
        return np.broadcast_to(self.formula(**inside, **self.values), (self.rows,)).copy()

    @property
    def residuals(self) -> Array:
        """Left side minus right side, (rows,)."""
        return left_side(self.formula, self.columns) - self.fitted

    def _repr_html_(self) -> str:
        from ..report.notebook import fit

        return fit(self)

    def __str__(self) -> str:
        from .table import table

        return table(self)


def fit_formula(
    formula: Formula,
    data: Any,
    *,
    start: Mapping[str, float] | Sequence[float] | None,
    sigma: Any,
    bounds: Bounds | None,
    seed: int,
) -> Fit:
    """See ``Formula.fit``."""
    if formula.response is None:
        raise FormulaError("solve.no_response", at=0, text=str(formula))
    table, names = names_of(data)
    formula = formula.with_columns(names)
    if not formula.variables and len(formula.parameters) > 1:
        raise DataError("solve.no_variable", names=", ".join(formula.parameters), known=", ".join(names))
    response = [n for n in formula.response_names if n not in formula.variables]
    extra: dict[str, Any] = {}
    wanted = [*response, *formula.variables]
    if isinstance(sigma, str):
        wanted.append(sigma)
    elif sigma is not None:
        rows = len(table[wanted[0]])
        extra["sigma"] = np.full(rows, float(sigma)) if np.ndim(sigma) == 0 else sigma
    found = columns(table, list(dict.fromkeys(wanted)), extra)
    deviations = found.values.get(sigma if isinstance(sigma, str) else "sigma") if sigma is not None else None
    return _fit(formula, found, deviations, start, bounds, seed)


def _fit(formula: Formula, found: Columns, sigma: Array | None, start: Any, bounds: Bounds | None, seed: int) -> Fit:
    from .checks import check_bounds, check_sigma, check_start
    from .linear import fit_linear

    weights = check_sigma(sigma)
    limits = check_bounds(formula, bounds)
    first = check_start(formula, start, limits)
    together = formula.linearity.parameters
    if together is None or (together.verdict in ("linear", "affine") and not limits):
        return fit_linear(formula, found, weights)
    from .search import fit_search

    return fit_search(formula, found, weights, first, limits, seed)


def left_side(formula: Formula, values: Mapping[str, Array]) -> Array:
    """The left side's value for the columns, in doubles."""
    from ..formula.floats import Floats
    from ..formula.tape import run

    assert formula.response is not None
    with np.errstate(all="ignore"):
        return np.asarray(run(formula.response, values, Floats()), dtype=float)
