"""`draw_fit`: writes the picture of a fitted formula, points and curve above, residuals below."""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from ..errors import BadInput
from ..formula.language.tokens import shorten
from ..solve.result import Fit, left_side
from ..words import say
from .fonts import family

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_FORMATS = ("png", "svg", "pdf")
_BLUE, _RED, _GREY = "#1f5f99", "#c0392b", "#777777"


def draw_fit(fit: Fit, path: Path) -> None:
    """Write the picture as PNG, SVG or PDF, by the path's suffix.

    With one variable the curve runs over it; with several, the observed values are drawn against the fitted ones.
    Raises ``BadInput`` for another suffix or a folder that does not exist.
    """
    from matplotlib import rc_context

    path = Path(path)
    if path.suffix.lstrip(".").lower() not in _FORMATS:
        raise BadInput("solve.picture_format", got=path.suffix or path.name, known=", ".join(_FORMATS))
    if not path.parent.is_dir():
        raise BadInput("solve.no_folder", path=path.parent)
    settings: Any = {"font.family": family(), "axes.unicode_minus": False, "axes.spines.top": False,
                     "axes.spines.right": False, "svg.hashsalt": "unbend"}  # fmt: skip
    with rc_context(settings), warnings.catch_warnings():
        # without a font that has Hangul, Matplotlib draws boxes and warns once per letter
        warnings.filterwarnings("ignore", message="Glyph .* missing")
        figure = _figure(fit)
        figure.savefig(path, dpi=150, metadata={"Date": None} if path.suffix == ".svg" else None)


def _figure(fit: Fit) -> Figure:
    from matplotlib.figure import Figure

    figure = Figure(figsize=(6.4, 5.6), layout="constrained")
    above, below = figure.subplots(2, 1, sharex=True, height_ratios=[3, 1])
    observed, fitted = left_side(fit.formula, fit.columns), fit.fitted
    if len(fit.formula.variables) == 1:
        name = fit.formula.variables[0]
        x = fit.columns[name]
        grid = np.linspace(x.min(), x.max(), 600)
        curve = np.broadcast_to(fit.formula(**{name: grid}, **fit.values), grid.shape)
        above.vlines(x, fitted, observed, color=_RED, linewidth=0.8, alpha=0.7)
        above.plot(grid, curve, color=_BLUE, linewidth=1.8, label=say("solve.curve"))
        below.set_xlabel(name)
    else:
        x = fitted
        ends = [min(fitted.min(), observed.min()), max(fitted.max(), observed.max())]
        above.plot(ends, ends, color=_BLUE, linewidth=1.8, label=say("solve.equality"))
        below.set_xlabel(say("solve.fitted_values"))
    above.plot(x, observed, "o", color=_GREY, markersize=4, label=say("solve.points"))
    above.set_ylabel(str(fit.formula).partition(" = ")[0])
    above.set_title(shorten(str(fit.formula), 88), fontsize=10, loc="left")
    above.legend(frameon=False)
    below.axhline(0, color=_BLUE, linewidth=1)
    below.vlines(x, 0, observed - fitted, color=_RED, linewidth=0.8)
    below.plot(x, observed - fitted, "o", color=_RED, markersize=3)
    below.set_ylabel(say("solve.residuals"))
    return figure
