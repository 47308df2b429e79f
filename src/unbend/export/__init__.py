"""Networks for other programs, and networks from them; ``targets`` has one module for each kind of file."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .distillation import distill
    from .onnx.reader import from_onnx
    from .pytorch.modules import state_dict, to_torch
    from .pytorch.reader import from_torch
    from .sklearn_reader import from_sklearn
    from .targets import TARGETS
    from .write import export, exported

# loaded when used: the command line lists the targets without loading what reads and writes models
_MODULES = {
    "TARGETS": "targets",
    "distill": "distillation",
    "export": "write",
    "exported": "write",
    "from_onnx": "onnx.reader",
    "from_sklearn": "sklearn_reader",
    "from_torch": "pytorch.reader",
    "state_dict": "pytorch.modules",
    "to_torch": "pytorch.modules",
}

__all__ = [
    "TARGETS",
    "distill",
    "export",
    "exported",
    "from_onnx",
    "from_sklearn",
    "from_torch",
    "state_dict",
    "to_torch",
]


def __getattr__(name: str) -> Any:
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(f".{_MODULES[name]}", __name__), name)
    globals()[name] = value
    return value
