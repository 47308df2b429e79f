"""Formulas: text to tree without ``eval``, which parts are linear and why, slopes, and prints in other languages."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .formula import Formula as Formula
    from .judgement import Judgement as Judgement
    from .judgement import Linearity as Linearity
    from .subjects import linearity as linearity

# loaded when first used: the activations need the grammar, and the formulas need the activations
_ROOMS = {"Formula": "formula", "linearity": "subjects", "Judgement": "judgement", "Linearity": "judgement"}

__all__ = ["Formula", "Judgement", "Linearity", "linearity"]


def __getattr__(name: str) -> Any:
    if name not in _ROOMS:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f".{_ROOMS[name]}", __name__), name)
