"""`load_kernels`: a kernel module of this package, compiled. Parts of such modules' source, for files made of several.

A kernel module imports its decorators and type names from ``declare.py`` and nothing else of this package.
"""

from __future__ import annotations

import ast
import threading
from functools import cache
from importlib.resources import files
from types import ModuleType

from .cache import compiled_module

_loading = threading.RLock()  # one thread reads and compiles, others wait for it


def load_kernels(module: str) -> ModuleType:
    """The kernel module of that name (``unbend.text.hashing_kernel``), its entry points compiled, or from the cache."""
    with _loading:
        return _loaded(module)


@cache
def _loaded(module: str) -> ModuleType:
    def text(stored: bool) -> str:
        header = [
            *plain_imports(module),
            "from typing import Any",
            "from unbend.arrays import Array",
            "from unbend.kernels.compiling import entry_points, inlined, vector_types",
            "globals().update(vector_types())",
            f"entry_point = entry_points({tuple(_entry_points(module))}, cache={stored})",
        ]
        return "\n".join(header) + "\n\n\n" + body(module) + "\n"

    return compiled_module(module.rpartition(".")[2], text, module_text("unbend.kernels.compiling"))


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
