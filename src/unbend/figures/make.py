"""Draws the article's pictures and a plate for every activation, as PNG and SVG, with captions in both languages."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from ..activations import activations
from ..language import set_language
from ..words import LANGUAGES, language
from . import curves, models
from .fonts import hangul_family
from .scene import Scene

PICTURES: dict[str, Callable[[], Any]] = {
    "network": models.network,
    "linear_regression": curves.linear_regression,
    "dl_linear": models.dl_linear,
    "dl_linear_eg1": models.dl_linear_eg1,
    "dl_non_linear": models.dl_non_linear,
    "stair_function": curves.stair_function,
    "sigmoid": curves.sigmoid,
    "relu_function": curves.relu_function,
    "sigmoid_output": curves.sigmoid_output,
}


def draw(name: str) -> Any:
    """One picture in the language in use: a ``Scene`` or a Matplotlib figure. A plate is ``"plate_relu"``."""
    plates: dict[str, Callable[[], Any]] = {
        f"plate_{n}": partial(curves.plate, record) for n, record in activations.items()
    }
    return {**PICTURES, **plates}[name]()


def make_figures(out: str | Path, languages: Sequence[str] = LANGUAGES, plates: bool = True) -> Iterator[Path]:
    """Write every picture to the folder as ``network.en.png``, ``network.ko.svg``, …; the paths as they are written.

    Without a font that has Hangul, Korean captions cannot be drawn: English ones stand in the ``.ko`` files.
    """
    folder = Path(out)
    folder.mkdir(parents=True, exist_ok=True)
    before = language()
    names = [*PICTURES, *(f"plate_{n}" for n in activations if plates)]
    try:
        for name in names:
            for spoken in languages:
                set_language(spoken if hangul_family() else "en")
                picture = draw(name)
                for ending in ("png", "svg"):
                    place = folder / f"{name}.{spoken}.{ending}"
                    save(picture, place)
                    yield place
    finally:
        set_language(before)


def save(picture: Any, place: Path) -> None:
    """Write a scene or a Matplotlib figure; the same picture gives the same bytes."""
    if isinstance(picture, Scene):
        picture.save(place)
        return
    import matplotlib

    # letters as outlines, so that an SVG looks the same where the font is missing
    with matplotlib.rc_context({"svg.fonttype": "path", "svg.hashsalt": "unbend"}):
        plain = {"Software": None} if place.suffix == ".png" else {"Date": None, "Creator": None}
        picture.savefig(place, metadata=plain)
