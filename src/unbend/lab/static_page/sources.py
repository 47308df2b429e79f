"""`engine_modules` and `page_modules`: the static page's modules, its own, the generated ones and the widgets'."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

from ... import json_text
from .bundle import bundled
from .fields import page_fields
from .formulas import helper_functions, records_module
from .texts import texts_of

WIDGETS = ("network_view", "surface_view", "plot")  # the same as in notebooks and in the lab
_GENERATED = {
    "records": records_module,
    "fields": lambda: f"export const FIELDS = {json_text.dumps(page_fields())};\n",
    "helpers": lambda: f"export const HELPERS = {json_text.dumps(helper_functions())};\n",
    "texts": lambda: f"export const TEXTS = {json_text.dumps(texts_of(_scripts()))};\n",
}


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
