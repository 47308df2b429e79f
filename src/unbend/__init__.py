"""unbend: where is it straight, and where does it bend? Asked of a formula, a network, a data set.

Everything named here loads when first used, so that ``import unbend`` costs little more than ``import numpy``.
"""

from __future__ import annotations

import sys
from importlib import import_module
from types import ModuleType
from typing import Any

__version__ = "0.1.0"

# name -> the room it lives in
_FACE = {
    "BadInput": "errors",
    "set_language": "words",
    "Activation": "activations",
    "activations": "activations",
    "Dense": "network",
    "Network": "network",
    "check_gradient": "network",
    "save": "network",
    "load": "network",
    "minibatches": "data",
    "train": "train",
    "fit": "verdict",
    "Formula": "formula",
    "linearity": "formula",
    "Space": "spaces",
    "basis": "spaces",
    "check_axioms": "spaces",
    "combine": "spaces",
    "in_span": "spaces",
    "independent": "spaces",
    "is_subspace": "spaces",
    "rank": "spaces",
    "spaces": "spaces",
    "diagram": "figures",
    "export": "export",
    "from_onnx": "export",
    "from_sklearn": "export",
    "from_torch": "export",
    "to_torch": "export",
    "collapse": "geometry",
    "draw_function": "geometry",
    "draw_regions": "geometry",
    "equal": "geometry",
    "explain": "geometry",
    "film": "geometry",
    "local_map": "geometry",
    "max_difference": "geometry",
    "output_range": "geometry",
    "regions": "geometry",
    "shrink": "geometry",
}

_ROOMS = ("widgets",)  # rooms that are named whole: unbend.widgets.NetworkView

__all__ = ["__version__", *_FACE, *_ROOMS]


def __getattr__(name: str) -> Any:
    if name in _ROOMS:
        return import_module(f".{name}", __name__)
    if name not in _FACE:
        raise AttributeError(f"module 'unbend' has no attribute {name!r}")
    value = getattr(import_module(f".{_FACE[name]}", __name__), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *_FACE, *_ROOMS})


class _Package(ModuleType):
    """A room and the function or table it is known for may share a name (``train``): the latter is the face.

    Python binds a submodule in its package when it is first imported; that binding is passed over for such names.
    """

    def __setattr__(self, name: str, value: Any) -> None:
        if not (name in _FACE and isinstance(value, ModuleType)):
            super().__setattr__(name, value)


sys.modules[__name__].__class__ = _Package
