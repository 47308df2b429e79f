"""`draw_words`: words as points of a plane, and the sum that an analogy is as arrows."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from ..text.vectors import WordVectors
from ..words import say
from .canvas import figure_with_axes, font, label_axes, write_figure

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_POINT, _ARROW = "#2f6db3", "#c1432e"


def draw_words(
    vectors: WordVectors,
    words: Sequence[str],
    path: str | Path | None = None,
    *,
    arrows: Sequence[tuple[str, str]] = (),
) -> Figure:
    """Draw words in the plane that shows most of their differences (`WordVectors.plane`).

    Parameters
    ----------
    vectors : WordVectors
    words : sequence of str
        At least two.
    path : str or Path, optional
        File to write, ending in .png, .svg or .pdf.
    arrows : sequence of (str, str)
        Pairs of the words that an arrow joins, such as ``("man", "king")``: equal arrows are equal differences.

    Returns
    -------
    matplotlib.figure.Figure

    Raises
    ------
    BadInput
        For a word that is not known, fewer than two words, or another ending.
    """
    places = vectors.plane([*words])
    figure, axes = figure_with_axes((6.4, 5.2))
    axes.scatter(places[:, 0], places[:, 1], s=18, color=_POINT, zorder=3)
    at = dict(zip(words, places, strict=True))
    for start, end in arrows:
        style = {"arrowstyle": "->", "color": _ARROW, "shrinkA": 4, "shrinkB": 4}
        axes.annotate("", xy=at[end], xytext=at[start], arrowprops=style)
    for word, place in at.items():
        axes.annotate(word, xy=place, xytext=(5, 4), textcoords="offset points", fontproperties=font(9))
    axes.margins(0.15)
    axes.set_aspect("equal", adjustable="datalim")
    label_axes(axes, say("figures.words_first"), say("figures.words_second"), say("figures.words_title"))
    if path is not None:
        write_figure(figure, path)
    return figure
