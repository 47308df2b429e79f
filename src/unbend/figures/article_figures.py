"""`make_figures`: writes the article's figures and one per activation as PNG and SVG, captions in both languages."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from ..activations import activations
from ..language import set_language
from ..words import LANGUAGES, language
from . import curves
from . import model_diagrams as models
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
    """One figure in the current language: a ``Scene`` or a Matplotlib figure. An activation's is ``"plate_relu"``."""
    plates: dict[str, Callable[[], Any]] = {
        f"plate_{n}": partial(curves.plate, record) for n, record in activations.items()
    }
    return {**PICTURES, **plates}[name]()


def make_figures(out: str | Path, languages: Sequence[str] = LANGUAGES, plates: bool = True) -> Iterator[Path]:
    """Write every figure to the folder as ``network.en.png``, ``network.ko.svg``, …; yields the paths as written.

    Without a font that has Hangul, Korean captions cannot be drawn: the ``.ko`` files have English ones.
    """
    folder = Path(out)
    folder.mkdir(parents=True, exist_ok=True)
    previous = language()
    names = [*PICTURES, *(f"plate_{n}" for n in activations if plates)]
    try:
        for name in names:
            for code in languages:
                set_language(code if hangul_family() else "en")
                picture = draw(name)
                for suffix in ("png", "svg"):
                    path = folder / f"{name}.{code}.{suffix}"
                    save(picture, path)
                    yield path
    finally:
        set_language(previous)


def save(picture: Any, path: Path) -> None:
    """Write a scene or a Matplotlib figure, reproducibly: the same figure gives the same bytes."""
    if isinstance(picture, Scene):
        picture.save(path)
        return
    import matplotlib

    # letters as outlines: the SVG looks the same without the font
    with matplotlib.rc_context({"svg.fonttype": "path", "svg.hashsalt": "unbend"}):
        metadata = {"Software": None} if path.suffix == ".png" else {"Date": None, "Creator": None}
        picture.savefig(path, metadata=metadata)
