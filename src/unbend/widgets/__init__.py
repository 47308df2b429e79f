"""Widgets for notebooks: the same in Jupyter, VS Code, marimo and the lab. Needs ``pip install 'unbend[lab]'``.

Each is an anywidget with one plain ES module beside it, without a framework.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

_HOME = {
    "Controls": "controls",
    "ExportButtons": "export_buttons",
    "NetworkView": "network_view",
    "Plot": "plot",
    "Progress": "progress",
    "Runner": "runner",
    "SurfaceView": "surface_view",
    "TableDrop": "table_drop",
}

__all__ = list(_HOME)


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module 'unbend.widgets' has no attribute {name!r}")
    return getattr(import_module(f".{_HOME[name]}", __name__), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *_HOME})
