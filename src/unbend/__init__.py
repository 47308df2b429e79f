"""unbend: where is it straight, and where does it bend? Asked of a formula, a network, a data set.

Everything named here loads when first used, so that ``import unbend`` costs little more than ``import numpy``.
"""

from __future__ import annotations

import sys
from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING, Any

from . import display
from .version import __version__

if TYPE_CHECKING:  # what editors and type checkers see of the names below
    from . import widgets as widgets
    from .activations import Activation as Activation
    from .activations import activations as activations
    from .data import minibatches as minibatches
    from .errors import BadInput as BadInput
    from .export import distill as distill
    from .export import export as export
    from .export import from_onnx as from_onnx
    from .export import from_sklearn as from_sklearn
    from .export import from_torch as from_torch
    from .export import to_torch as to_torch
    from .figures import diagram as diagram
    from .figures import draw_function as draw_function
    from .figures import draw_regions as draw_regions
    from .figures import draw_words as draw_words
    from .figures import film as film
    from .geometry import collapse as collapse
    from .geometry import equal as equal
    from .geometry import explain as explain
    from .geometry import local_map as local_map
    from .geometry import max_difference as max_difference
    from .geometry import output_range as output_range
    from .geometry import regions as regions
    from .geometry import shrink as shrink
    from .language import set_language as set_language
    from .linearity import linearity as linearity
    from .model_file import load as load
    from .network import Dense as Dense
    from .network import Network as Network
    from .network import check_gradient as check_gradient
    from .network import save as save
    from .scale import fit as fit
    from .solve import Formula as Formula
    from .spaces import Space as Space
    from .spaces import basis as basis
    from .spaces import check_axioms as check_axioms
    from .spaces import combine as combine
    from .spaces import in_span as in_span
    from .spaces import independent as independent
    from .spaces import is_subspace as is_subspace
    from .spaces import rank as rank
    from .spaces import spaces as spaces
    from .text.vectors import WordVectors as WordVectors
    from .text.vectors import vectors as vectors
    from .train import train as train
    from .verdict import Model as Model

# public name -> module
_LAZY_NAMES = {
    "BadInput": "errors",
    "set_language": "language",
    "Activation": "activations",
    "activations": "activations",
    "Dense": "network",
    "Network": "network",
    "check_gradient": "network",
    "save": "network",
    "load": "model_file",
    "minibatches": "data",
    "train": "train",
    "fit": "scale",
    "Model": "verdict",
    "Formula": "solve",
    "linearity": "linearity",
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
    "draw_function": "figures",
    "draw_regions": "figures",
    "draw_words": "figures",
    "film": "figures",
    "vectors": "text.vectors",
    "WordVectors": "text.vectors",
    "distill": "export",
    "export": "export",
    "from_onnx": "export",
    "from_sklearn": "export",
    "from_torch": "export",
    "to_torch": "export",
    "collapse": "geometry",
    "equal": "geometry",
    "explain": "geometry",
    "local_map": "geometry",
    "max_difference": "geometry",
    "output_range": "geometry",
    "regions": "geometry",
    "shrink": "geometry",
}

_LAZY_PACKAGES = ("widgets",)  # subpackages that are public as such: unbend.widgets.NetworkView

__all__ = ["__version__", *_LAZY_NAMES, *_LAZY_PACKAGES]


def __getattr__(name: str) -> Any:
    if name in _LAZY_PACKAGES:
        return import_module(f".{name}", __name__)
    if name not in _LAZY_NAMES:
        raise AttributeError(f"module 'unbend' has no attribute {name!r}")
    value = getattr(import_module(f".{_LAZY_NAMES[name]}", __name__), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    """The public names, as in ``__all__``, and the module's own attributes such as ``__doc__``."""
    return sorted({*__all__, *(name for name in globals() if name.startswith("__") and name.endswith("__"))})


class _Package(ModuleType):
    """The package's module type: a public function or table takes precedence over a submodule of the same name.

    Python binds a submodule in its package when it is first imported; for names such as ``train`` that binding is
    suppressed.
    """

    def __reduce__(self) -> tuple[Any, ...]:
        """Pickled by name, as cloudpickle pickles modules of the plain class (joblib, Dask, Ray and Spark need it)."""
        return import_module, (self.__name__,)

    def __setattr__(self, name: str, value: Any) -> None:
        if not (name in _LAZY_NAMES and isinstance(value, ModuleType)):
            super().__setattr__(name, value)


sys.modules[__name__].__class__ = _Package
display.provider = lambda: import_module(".report", __name__)
