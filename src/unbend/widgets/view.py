"""The base class of the widgets: an anywidget with its ES module and style sheet beside its Python file."""

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
    """A widget drawn by ``MODULE.js`` and styled by ``view.css`` and, if it exists, ``MODULE.css``."""

    def __init_subclass__(cls, module: str = "", **options: Any) -> None:
        if module:
            cls._esm = _text(f"{module}.js")
            cls._css = _text("view.css") + _text(f"{module}.css")
        super().__init_subclass__(**options)


@cache
def _text(name: str) -> str:
    path = files("unbend.widgets").joinpath(name)
    return path.read_text(encoding="utf-8") if path.is_file() else ""
