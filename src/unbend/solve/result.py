"""What a fit gives back: the parameters with their errors, and what should be known of them."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from ..arrays import Array
from ..display import Displayed
from ..formula.equation import Equation
from ..formula.evaluate.floats import Floats
from ..formula.evaluate.tape import run
from ..words import say
from .model_data import columns, names_of


@dataclass(frozen=True)
class Minimum:
    """Another minimum of the sum of squares that the search met."""

    values: dict[str, float]
    rss: float


@dataclass(frozen=True, eq=False)
class Fit(Displayed):
    """A fitted formula. Parameters come by name, in the formula's order.

    ``standard_errors`` are NaN where the data leave a parameter open; ``undetermined`` says in words which directions
    those are. ``rss`` is the (weighted) residual sum of squares, ``residual_sd`` = sqrt(rss/dof) (NaN where dof is 0),
    ``r2`` about the mean, or about 0 where a linear formula holds no constant. ``method``: ``"exact"`` or ``"search"``.
    ``digits_lost`` is log10 of the condition number of the columns scaled to length 1. ``minima`` are competing
    minima; ``converged`` is False where the search ended before it stood still; ``notes`` tell what was done to the
    data.
    """

    formula: Equation
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

    def __str__(self) -> str:
        return table(self)


def left_side(formula: Equation, values: Mapping[str, Array]) -> Array:
    """The left side's value for the columns, in doubles."""
    assert formula.response is not None
    with np.errstate(all="ignore"):
        return np.asarray(run(formula.response, values, Floats()), dtype=float)


def parameter_rows(fit: Fit, digits: int = 10) -> list[tuple[str, str, str]]:
    """A head, then each parameter with its value, to so many digits, and standard error."""
    head = (say("solve.parameter"), say("solve.value"), say("solve.standard_error"))
    return [head, *((n, f"{v:.{digits}g}", format_number(fit.standard_errors[n], 4)) for n, v in fit.values.items())]


def summary(fit: Fit, digits: int = 10) -> str:
    """What the fit is worth, its sum of squares to so many digits."""
    return say(
        "solve.summary",
        rss=f"{fit.rss:.{digits}g}",
        sd=format_number(fit.residual_sd, 6),
        r2=format_number(fit.r2, 6),
        rows=fit.rows,
        dof=fit.dof,
        method=say(f"solve.method_{fit.method}"),
    )


def remarks(fit: Fit) -> list[str]:
    """What the fit is worth, then what should be known about it."""
    lines = [summary(fit)]
    if fit.digits_lost >= 6 and not fit.undetermined:
        lines.append(say("solve.digits_lost", digits=f"{fit.digits_lost:.0f}"))
    lines.extend(fit.undetermined)
    for minimum in fit.minima:
        values = ", ".join(f"{n} = {v:.6g}" for n, v in minimum.values.items())
        lines.append(say("solve.competing", rss=f"{minimum.rss:.6g}", values=values))
    return [*lines, *fit.notes]


def table(fit: Fit) -> str:
    """The formula, its parameters with standard errors, and the remarks."""
    cells = parameter_rows(fit)
    widths = [max(_width(row[i]) for row in cells) for i in range(3)]
    lines = [f"{_pad(name, widths[0])}  {_pad(value, -widths[1])}  {_pad(error, -widths[2])}"
             for name, value, error in cells]  # fmt: skip
    return "\n".join([str(fit.formula), "", *lines, "", *remarks(fit)])


def format_number(value: float, digits: int) -> str:
    """So many digits; a dash where there is no number."""
    return "–" if math.isnan(value) else f"{value:.{digits}g}"


def _width(text: str) -> int:
    """Columns on a screen: Korean letters take two."""
    return sum(2 if c >= "ᄀ" else 1 for c in text)


def _pad(text: str, width: int) -> str:
    space = " " * (abs(width) - _width(text))
    return text + space if width > 0 else space + text
