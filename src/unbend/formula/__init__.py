"""Formulas: parsed without ``eval``, evaluated, differentiated, judged linear or not, and printed as source code.

``language`` parses, ``printing`` writes, ``evaluate`` computes, ``proof`` judges; ``Equation`` combines all four. The
names below are imported when they are first used: networks print formulas and never prove anything of them.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .equation import Equation
    from .proof.judgement import Judgement
    from .proof.linearity import Linearity

__all__ = ["Equation", "Judgement", "Linearity"]
_MODULES = {"Equation": ".equation", "Judgement": ".proof.judgement", "Linearity": ".proof.linearity"}


def __getattr__(name: str) -> Any:
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_MODULES[name], __name__), name)
