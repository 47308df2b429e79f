"""`engine_script` and `page_script`: the static page's two scripts, from its modules, the records and the widgets."""

from __future__ import annotations

from importlib.resources import files

from .bundle import bundled
from .formulas import records_module

WIDGETS = ("network_view", "surface_view", "plot")  # the same as in notebooks and in the lab


def module(name: str) -> str:
    """The text of one module of the page."""
    if name == "records":
        return records_module()
    package = "unbend.widgets" if name in WIDGETS else "unbend.lab"
    folder = files(package) if name in WIDGETS else files(package).joinpath("static", "page")
    return folder.joinpath(f"{name}.js").read_text(encoding="utf-8")


def engine_script() -> str:
    """What trains: for a worker, and for the page where there can be no worker."""
    return '"use strict";\n' + bundled(["training", "data", "pieces"], module)
