"""The base of all views: an anywidget whose ES module and style lie beside its Python file."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import Any

from ..errors import BadInput

try:
    import anywidget
except ModuleNotFoundError:
    raise BadInput("lab.install") from None


class View(anywidget.AnyWidget):
    """A view named ``module``: ``module.js`` draws it, ``view.css`` and ``module.css``, if any, style it."""

    def __init_subclass__(cls, module: str = "", **options: Any) -> None:
        if module:
            cls._esm = _text(f"{module}.js")
            cls._css = _text("view.css") + _text(f"{module}.css")
        super().__init_subclass__(**options)


@cache
def _text(name: str) -> str:
    place = files("unbend.widgets").joinpath(name)
    return place.read_text(encoding="utf-8") if place.is_file() else ""
