"""`Fit`: the result of a fit: parameters with standard errors, predictions, residuals, and its table as text."""

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
from .model_data import model_data, named_columns


@dataclass(frozen=True)
class Minimum:
    """Another local minimum of the residual sum of squares.

    Attributes
    ----------
    values : dict
        {parameter: value}.
    rss : float
        The (weighted) residual sum of squares there.
    """

    values: dict[str, float]
    rss: float


@dataclass(frozen=True, eq=False)
class Fit(Displayed):
    """A fitted formula. Parameters are named, in the formula's order.

    Attributes
    ----------
    formula : Formula
    values : dict
        {parameter: estimate}.
    standard_errors : dict
        {parameter: standard error}; NaN where the data do not determine the parameter.
    covariance : array (parameters, parameters)
        The estimated covariance of the estimates.
    rss : float
        The (weighted) residual sum of squares.
    residual_sd : float
        sqrt(rss/dof), the residual standard deviation; NaN if dof is 0.
    r2 : float
        R², about the mean, or about 0 where a linear formula has no intercept; NaN where the response is constant and
        where there are no parameters, so that nothing was fitted.
    rows, dof : int
        Rows in use; residual degrees of freedom.
    method : {"exact", "search"}
        Linear least squares, or a search with variable projection.
    digits_lost : float
        log10 of the condition number of the columns scaled to length 1.
    columns : dict
        {name: array (rows,)} of the rows in use.
    undetermined : tuple of str
        The directions in parameter space that the data leave open at their precision, in words.
    minima : tuple of Minimum
        Competing minima that the data do not rule out.
    converged : bool
        False if the search ended before it converged.
    starts : int
        Starting points that were evaluated.
    at_bounds : tuple of str
        Parameters at one of their bounds.
    notes : tuple of str
        What was done to the data, and what limits the result.

    Examples
    --------
    >>> import unbend as ub
    >>> fit = ub.Formula("y = a*x + b").fit({"x": [0, 1, 2, 3], "y": [1, 3, 5, 8]})
    >>> fit.values, round(fit.rss, 6), fit.dof
    ({'a': 2.3, 'b': 0.8}, 0.3, 2)
    >>> fit.predict({"x": [10]}).tolist()
    [23.8]
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
        """The fitted right side for other data.

        Parameters
        ----------
        data : dict of columns, path or table
            With the formula's variables; see ``unbend.data.read_table``.

        Returns
        -------
        array (rows,)
            NaN where a variable is missing.

        Raises
        ------
        DataError
            If a variable is not among the columns, is not numeric or is infinite.
        """
        columns, _ = named_columns(data)
        by_name = {name: model_data(columns, [name]) for name in self.formula.variables}
        rows = max((len(d.mask) for d in by_name.values()), default=1)
        values = {name: np.full(rows, np.nan) for name in by_name}
        for name, d in by_name.items():
            values[name][d.mask] = d.values[name]
        return np.broadcast_to(self.formula(**values, **self.values), (rows,)).copy()

    @property
    def fitted(self) -> Array:
        """The right side at the rows in use, (rows,)."""
        variables = {name: self.columns[name] for name in self.formula.variables}
        return np.broadcast_to(self.formula(**variables, **self.values), (self.rows,)).copy()

    @property
    def residuals(self) -> Array:
        """Left side minus right side at the rows in use, (rows,)."""
        return left_side(self.formula, self.columns) - self.fitted

    def __str__(self) -> str:
        return table(self)


def left_side(formula: Equation, values: Mapping[str, Array]) -> Array:
    """The formula's left side evaluated on the columns, (rows,) float64."""
    assert formula.response is not None
    with np.errstate(all="ignore"):
        return np.asarray(run(formula.response, values, Floats()), dtype=float)


def parameter_rows(fit: Fit, digits: int = 10) -> list[tuple[str, str, str]]:
    """A header, then each parameter with its value, to so many digits, and standard error."""
    header = (say("solve.parameter"), say("solve.value"), say("solve.standard_error"))
    return [header, *((n, f"{v:.{digits}g}", format_number(fit.standard_errors[n], 4)) for n, v in fit.values.items())]


def summary(fit: Fit, digits: int = 10) -> str:
    """The goodness of fit in one sentence, its sum of squares to so many digits."""
    return say(
        "solve.summary",
        rss=f"{fit.rss:.{digits}g}",
        sd=format_number(fit.residual_sd, 6),
        r2=format_number(fit.r2, 6),
        rows=fit.rows,
        dof=fit.dof,
        method=say(f"solve.method_{fit.method}"),
    )


def freedom_note(rows: int, parameters: int, determined: int) -> str:
    """What the counts alone say: no parameters, more of them than rows, or as many; "" where there are fewer.

    ``determined`` counts the parameters that the data determine.
    """
    if parameters == 0:
        return say("solve.nothing_fitted")
    if parameters > rows:
        return say("solve.more_parameters", rows=rows, parameters=parameters)
    return say("solve.no_freedom", rows=rows, parameters=determined) if determined >= rows else ""


def remarks(fit: Fit) -> list[str]:
    """The goodness of fit, then ill-conditioning, open directions, competing minima and notes."""
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
    lines = [
        f"{_pad(name, widths[0])}  {_pad(value, -widths[1])}  {_pad(error, -widths[2])}" for name, value, error in cells
    ]
    return "\n".join([str(fit.formula), "", *lines, "", *remarks(fit)])


def format_number(value: float, digits: int) -> str:
    """So many significant digits; a dash for NaN."""
    return "–" if math.isnan(value) else f"{value:.{digits}g}"


def _width(text: str) -> int:
    """The width on a terminal: Korean letters take two columns."""
    return sum(2 if c >= "ᄀ" else 1 for c in text)


def _pad(text: str, width: int) -> str:
    """The text padded to the width: left-aligned, or right-aligned for a negative width."""
    space = " " * (abs(width) - _width(text))
    return text + space if width > 0 else space + text
