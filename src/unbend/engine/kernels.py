"""Kernel files: written once into the cache folder, compiled once, from then on only loaded.

The folder is ``$UNBEND_CACHE``, else the system's place for caches. A file's name tells everything its compiled code
depends on, so a file never changes; it is written under another name first, so that processes may race. Where
nothing can be written, kernels are compiled anew in each process.
"""

from __future__ import annotations

import contextlib
import hashlib
import importlib.util
import os
import sys
import tempfile
from collections.abc import Callable
from functools import cache
from importlib.resources import files
from pathlib import Path
from types import ModuleType
from typing import Any

from ..words import say
from .generate import Pieces, kernel_text

Kernel = Callable[..., Any]
_said = False


def cache_folder() -> Path:
    """Where compiled kernels are kept."""
    if chosen := os.environ.get("UNBEND_CACHE"):
        return Path(chosen).expanduser()
    if sys.platform == "win32":
        base = os.environ.get("LOCALAPPDATA") or "~/AppData/Local"
    elif sys.platform == "darwin":
        base = "~/Library/Caches"
    else:
        base = os.environ.get("XDG_CACHE_HOME") or "~/.cache"
    return Path(base).expanduser() / "unbend"


def kernel(name: str, pieces: Pieces, function: str | None = None) -> Kernel:
    """The compiled kernel of that name, or another ``function`` of its file; compiled now unless it lies in the cache
    folder."""  # fmt: skip
    found: Kernel = getattr(_module(name, pieces), function or name)
    return found


@cache
def _module(name: str, pieces: Pieces) -> ModuleType:
    text = kernel_text(name, pieces)
    stem = f"{name}_{pieces.dtype}_{_digest(text)}"
    path = _written(cache_folder() / "kernels", stem, text)
    if path is None:
        _say_compiling()
        module = ModuleType(stem)
        text = kernel_text(name, pieces, keep=False)
        exec(compile(text, f"<{stem}>", "exec", dont_inherit=True), module.__dict__)
    else:
        if not any((path.parent / "__pycache__").glob(f"{stem}.*.nbi")):
            _say_compiling()
        module = _imported(stem, path)
    return module


def _written(folder: Path, stem: str, text: str) -> Path | None:
    """The kernel file, written if it is not there yet; None where it cannot be."""
    path = folder / f"{stem}.py"
    try:
        if path.is_file() and path.read_text(encoding="utf-8") == text:
            return path if os.access(folder, os.W_OK) else None
        folder.mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(dir=folder, suffix=".tmp")
        try:
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                file.write(text)
            os.replace(temporary, path)
        except OSError:
            with contextlib.suppress(OSError):
                os.unlink(temporary)
            raise
    except OSError:
        return None
    return path


def _imported(stem: str, path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(f"unbend_kernels.{stem}", path)
    if spec is None or spec.loader is None:
        raise ImportError(str(path))
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # Numba looks the functions' globals up there
    spec.loader.exec_module(module)
    return module


def _digest(text: str) -> str:
    return hashlib.sha256((text + _surroundings()).encode()).hexdigest()[:16]


@cache
def _surroundings() -> str:
    """What the kernel files do not say themselves: the engine's other modules and the compiler's version."""
    import llvmlite
    import numba

    modules = sorted((f for f in files(__package__).iterdir() if f.name.endswith(".py")), key=lambda f: f.name)
    texts = [f.read_text(encoding="utf-8") for f in modules]
    return "\n".join([numba.__version__, llvmlite.__version__, sys.version, *texts])


def _say_compiling() -> None:
    global _said
    if not _said:
        _said = True
        print(say("engine.compiling"), file=sys.stderr)
