"""`engine_modules` and `page_modules`: the static page's modules, its own, the generated ones and the widgets'."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from importlib.resources import files
from typing import Any

from ... import json_text
from .bundle import bundled
from .fields import page_fields
from .formulas import helper_functions, records_module
from .texts import texts_of

WIDGETS = ("network_view", "surface_view", "plot")  # the same as in notebooks and in the lab


def engine_modules() -> dict[str, str]:
    """What trains, {module: script}: for a worker, and for the page where there can be none."""
    return bundled("engine", module)


def page_modules() -> dict[str, str]:
    """The rest of the page, {module: script}; it uses the engine's modules."""
    return bundled("main", module, engine_modules())


@cache
def module(name: str) -> str:
    """The text of one module."""
    if name in _GENERATED:
        return _GENERATED[name]()
    folder = files("unbend.widgets") if name in WIDGETS else files("unbend.lab").joinpath("static", "page")
    return folder.joinpath(f"{name}.js").read_text(encoding="utf-8")


def _scripts() -> str:
    """All that may name messages."""
    folder = files("unbend.lab").joinpath("static", "page")
    return "\n".join(sorted(file.read_text(encoding="utf-8") for file in folder.iterdir() if file.name.endswith(".js")))


def _constant(name: str, value: Callable[[], Any]) -> Callable[[], str]:
    """What makes a module that exports one constant."""
    return lambda: f"export const {name} = {json_text.dumps(value())};\n"


_GENERATED: dict[str, Callable[[], str]] = {
    "records": records_module,
    "fields": _constant("FIELDS", page_fields),
    "helpers": _constant("HELPERS", helper_functions),
    "texts": _constant("TEXTS", lambda: texts_of(_scripts())),
}
