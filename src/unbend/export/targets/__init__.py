"""The table of export targets: one module each, with its record as ``TARGET``.

To add a target, write its module and add its name here.
"""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from types import MappingProxyType

from .target import Target

_MODULES = (
    "onnx",
    "c",
    "javascript",
    "json",
    "python",
    "sql",
    "excel",
    "torch",
    "safetensors",
)

_RECORDS: list[Target] = [import_module(f".{module}", __name__).TARGET for module in _MODULES]
TARGETS: Mapping[str, Target] = MappingProxyType({target.name: target for target in _RECORDS})

__all__ = ["TARGETS", "Target"]
