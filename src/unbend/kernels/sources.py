"""`load_kernels`: a kernel module of this package, compiled. Parts of such modules' source, for files made of several.

A kernel module imports its decorators and type names from ``declare.py``, SIMD vectors from ``vector.py`` and functions
from other kernel modules, and nothing else of this package.
"""

from __future__ import annotations

import ast
import threading
from functools import cache
from importlib.resources import files
from importlib.util import resolve_name
from types import ModuleType

from .cache import compiled_module

_VECTOR = "unbend.kernels.vector"
_NO_KERNELS = {"__future__", "typing", "unbend.arrays", "unbend.kernels.declare", _VECTOR}
_loading = threading.RLock()  # one thread reads and compiles, others wait for it


def load_kernels(module: str) -> ModuleType:
    """The kernel module of that name (``unbend.text.hashing_kernel``), its entry points compiled, or from the cache."""
    with _loading:
        return _loaded(module)


@cache
def _loaded(module: str) -> ModuleType:
    def text(stored: bool) -> str:
        modules = _with_imported(module)
        header = [
            *sorted({line for one in modules for line in plain_imports(one)}),
            "from typing import Any",
            "from unbend.arrays import Array",
            "from unbend.kernels.compiling import entry_points, inlined, vector_types",
            *sorted({line for one in modules for source, line in _imports(one) if source == _VECTOR}),
            "globals().update(vector_types())",
            f"entry_point = entry_points({tuple(_entry_points(module))}, cache={stored})",
        ]
        return "\n".join(header) + "\n\n\n" + "\n\n\n".join(map(body, modules)) + "\n"

    dependencies = [
        module_text(f"unbend.kernels.{one}") for one in ("compiling", "compilers", "kernel_cache", "vector")
    ]
    return compiled_module(module.rpartition(".")[2], text, "\n".join(dependencies))


def _with_imported(module: str) -> list[str]:
    """The kernel module behind those that it imports from."""
    own = [source for source, _ in _imports(module) if source not in _NO_KERNELS]
    return [*dict.fromkeys(one for source in own for one in _with_imported(source)), module]


@cache
def _imports(module: str) -> list[tuple[str, str]]:
    """(module, statement) of the statements ``from module import …`` of a module."""
    package = module.rpartition(".")[0]
    nodes = [node for node in ast.parse(module_text(module)).body if isinstance(node, ast.ImportFrom)]
    found = []
    for node in nodes:
        source = resolve_name("." * node.level + (node.module or ""), package)
        found.append((source, f"from {source} import {', '.join(alias.name for alias in node.names)}"))
    return found


@cache
def module_text(module: str) -> str:
    """A module's text."""
    package, _, name = module.rpartition(".")
    return files(package).joinpath(f"{name}.py").read_text(encoding="utf-8")


@cache
def plain_imports(module: str) -> list[str]:
    """A module's statements ``import module``."""
    return [ast.unparse(node) for node in ast.parse(module_text(module)).body if isinstance(node, ast.Import)]


@cache
def body(module: str) -> str:
    """A module's text after its imports: constants and functions."""
    text = module_text(module)
    imports = [node for node in ast.parse(text).body if isinstance(node, ast.Import | ast.ImportFrom)]
    return "\n".join(text.splitlines()[imports[-1].end_lineno :]).strip("\n")


def _entry_points(module: str) -> list[str]:
    """The functions that are declared ``@entry_point``."""
    functions = [node for node in ast.parse(module_text(module)).body if isinstance(node, ast.FunctionDef)]
    return [f.name for f in functions if any(ast.unparse(one) == "entry_point" for one in f.decorator_list)]
