"""The picture of a fit: points and curve above, residuals below."""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import Any

import numpy as np

from ..errors import BadInput
from ..formula.language.tokens import shorten
from ..words import say
from .result import Fit, left_side

_FORMATS = ("png", "svg", "pdf")
_KOREAN_FONTS = ("Noto Sans CJK KR", "Noto Sans KR", "NanumGothic", "Malgun Gothic", "AppleGothic", "UnDotum")
_BLUE, _RED, _GREY = "#1f5f99", "#c0392b", "#777777"


def draw(fit: Fit, path: Path) -> None:
    """Write the picture as PNG, SVG or PDF, by the path's ending.

    With one variable the curve runs over it; with several, fitted values stand against the data's. Raises
    ``BadInput`` for another ending or a folder that does not exist.
    """
    from matplotlib import rc_context

    path = Path(path)
    if path.suffix.lstrip(".").lower() not in _FORMATS:
        raise BadInput("solve.picture_format", got=path.suffix or path.name, known=", ".join(_FORMATS))
    if not path.parent.is_dir():
        raise BadInput("solve.no_folder", path=path.parent)
    settings: Any = {"font.family": _fonts(), "axes.unicode_minus": False, "axes.spines.top": False,
                "axes.spines.right": False, "svg.hashsalt": "unbend"}  # fmt: skip
    with rc_context(settings), warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Glyph .* missing")  # a font without Korean draws boxes
        figure = _figure(fit)
        figure.savefig(path, dpi=150, metadata={"Date": None} if path.suffix == ".svg" else None)


def _figure(fit: Fit) -> Any:
    from matplotlib.figure import Figure

    figure = Figure(figsize=(6.4, 5.6), layout="constrained")
    above, below = figure.subplots(2, 1, sharex=True, height_ratios=[3, 1])
    y, fitted = left_side(fit.formula, fit.columns), fit.fitted
    left = str(fit.formula).partition(" = ")[0]
    if len(fit.formula.variables) == 1:
        name = fit.formula.variables[0]
        x = fit.columns[name]
        grid = np.linspace(x.min(), x.max(), 600)
        curve = np.broadcast_to(fit.formula(**{name: grid}, **fit.values), grid.shape)
        above.vlines(x, fitted, y, color=_RED, linewidth=0.8, alpha=0.7)
        above.plot(grid, curve, color=_BLUE, linewidth=1.8, label=say("solve.curve"))
        above.plot(x, y, "o", color=_GREY, markersize=4, label=say("solve.points"))
        above.set_ylabel(left)
        below.set_xlabel(name)
    else:
        x = fitted
        ends = [min(fitted.min(), y.min()), max(fitted.max(), y.max())]
        above.plot(ends, ends, color=_BLUE, linewidth=1.8, label=say("solve.equality"))
        above.plot(x, y, "o", color=_GREY, markersize=4, label=say("solve.points"))
        above.set_ylabel(left)
        below.set_xlabel(say("solve.fitted_values"))
    above.set_title(shorten(str(fit.formula), 88), fontsize=10, loc="left")
    above.legend(frameon=False)
    below.axhline(0, color=_BLUE, linewidth=1)
    below.vlines(x, 0, y - fitted, color=_RED, linewidth=0.8)
    below.plot(x, y - fitted, "o", color=_RED, markersize=3)
    below.set_ylabel(say("solve.residuals"))
    return figure


def _fonts() -> list[str]:
    """The first Korean font of this machine, and Matplotlib's own."""
    from matplotlib import font_manager

    known = {font.name for font in font_manager.fontManager.ttflist}
    return ["DejaVu Sans", *[name for name in _KOREAN_FONTS if name in known][:1]]
