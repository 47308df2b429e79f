"""`load_kernel`: a network's compiled kernel, from the cache folder where it was compiled before."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from types import ModuleType

from ...formula.language.erfc_series import ERFC_SERIES
from ...kernels.cache import Kernel, compiled_module
from .generate import KernelSpec, kernel_text


def load_kernel(name: str, spec: KernelSpec, function: str | None = None) -> Kernel:
    """The compiled kernel of that name, or another entry point of its file; compiled now unless it is cached."""
    entry: Kernel = getattr(_module(name, spec), function or name)
    return entry


@cache
def _module(name: str, spec: KernelSpec) -> ModuleType:
    return compiled_module(f"{name}_{spec.dtype}", lambda stored: kernel_text(name, spec, stored), _dependencies())


@cache
def _dependencies() -> str:
    """What compiled code depends on beside its kernel file: sources of this package and constants."""
    folders = (files("unbend.engine"), files("unbend.kernels"))
    return "\n".join([repr(ERFC_SERIES), *(text for folder in folders for text in _sources(folder))])


def _sources(folder: Traversable) -> Iterator[str]:
    """The text of every module below a folder, in the order of their names."""
    for item in sorted(folder.iterdir(), key=lambda item: item.name):
        if item.name.endswith(".py"):
            yield item.read_text(encoding="utf-8")
        elif item.is_dir():
            yield from _sources(item)
