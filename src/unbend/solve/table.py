"""A fit as a table in plain text."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from ..words import say

if TYPE_CHECKING:
    from .fit import Fit


def rows(fit: Fit, digits: int = 10) -> list[tuple[str, str, str]]:
    """A head, then each parameter with its value, to so many digits, and standard error."""
    head = (say("solve.parameter"), say("solve.value"), say("solve.standard_error"))
    return [head, *((n, f"{v:.{digits}g}", number(fit.standard_errors[n], 4)) for n, v in fit.values.items())]


def summary(fit: Fit, digits: int = 10) -> str:
    """What the fit is worth, its sum of squares to so many digits."""
    return say("solve.summary", rss=f"{fit.rss:.{digits}g}", sd=number(fit.residual_sd, 6), r2=number(fit.r2, 6),
               rows=fit.rows, dof=fit.dof, method=say(f"solve.method_{fit.method}"))  # fmt: skip


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
    cells = rows(fit)
    widths = [max(_width(row[i]) for row in cells) for i in range(3)]
    lines = [f"{_pad(name, widths[0])}  {_pad(value, -widths[1])}  {_pad(error, -widths[2])}"
             for name, value, error in cells]  # fmt: skip
    return "\n".join([str(fit.formula), "", *lines, "", *remarks(fit)])


def number(value: float, digits: int) -> str:
    """So many digits; a dash where there is no number."""
    return "–" if math.isnan(value) else f"{value:.{digits}g}"


def _width(text: str) -> int:
    """Columns on a screen: Korean letters take two."""
    return sum(2 if c >= "ᄀ" else 1 for c in text)


def _pad(text: str, width: int) -> str:
    space = " " * (abs(width) - _width(text))
    return text + space if width > 0 else space + text
