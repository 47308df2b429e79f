"""The report people read: the verdict in words, pictures, one HTML page; the views of objects in notebooks."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .html_page import page
    from .index import index_page
    from .notebook import view
    from .sentences import advice, explanation, headline, model_scores

# loaded when used: the view of a network needs nothing of what draws the report of a table
_MODULES = {
    "advice": "sentences",
    "explanation": "sentences",
    "headline": "sentences",
    "index_page": "index",
    "model_scores": "sentences",
    "page": "html_page",
    "view": "notebook",
}

__all__ = ["advice", "explanation", "headline", "index_page", "model_scores", "page", "view"]


def __getattr__(name: str) -> Any:
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(f".{_MODULES[name]}", __name__), name)
    globals()[name] = value
    return value
