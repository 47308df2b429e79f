"""Matplotlib figures without a display: making one, labelling its axes, writing it to a file."""

from __future__ import annotations

import io
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..errors import BadInput
from ..file_access import write_file
from .fonts import family

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_FORMATS = ("png", "svg", "pdf")


def new_figure(size: tuple[float, float], dpi: float, layout: Any = None) -> Figure:
    """An empty figure of ``size`` inches on the Agg canvas, outside pyplot's list of open figures."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=size, dpi=dpi, layout=layout)
    FigureCanvasAgg(figure)
    return figure


def figure_with_axes(size: tuple[float, float], dpi: float = 130) -> tuple[Figure, Axes]:
    """A figure in constrained layout with one pair of axes."""
    figure = new_figure(size, dpi, "constrained")
    return figure, figure.add_subplot()


def font(size: float) -> Any:
    """Font properties of ``size`` points that cover Latin letters and Hangul."""
    from matplotlib.font_manager import FontProperties

    return FontProperties(family=family(), size=size)


def label_axes(axes: Axes, x: str, y: str, title: str) -> None:
    """Both axis labels and the title, in a font with Hangul."""
    axes.set_xlabel(x, fontproperties=font(10))
    axes.set_ylabel(y, fontproperties=font(10))
    axes.set_title(title, fontproperties=font(12))


def write_figure(figure: Figure, path: str | Path) -> None:
    """Write a figure as PNG, SVG or PDF, by the suffix. Raises ``BadInput`` for another suffix."""
    suffix = Path(path).suffix.lower().lstrip(".")
    if suffix not in _FORMATS:
        raise BadInput("geometry.picture_ending", got=suffix or "—", known=", ".join(_FORMATS))
    buffer = io.BytesIO()
    figure.savefig(buffer, format=suffix)
    write_file(path, buffer.getvalue())
