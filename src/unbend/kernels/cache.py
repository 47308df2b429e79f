"""`compiled_module`: kernel files are written and compiled once, then loaded from the cache folder.

The folder is ``$UNBEND_CACHE``, else the system's cache folder. A file's name contains a digest of everything that its
compiled code depends on, so a file never changes; it is written under a temporary name first, so that processes may
race. Where nothing can be written, kernels are compiled in each process.
"""

from __future__ import annotations

import contextlib
import gc
import hashlib
import importlib.util
import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

from .. import log
from ..words import say

Kernel = Callable[..., Any]
_announced = False


def cache_folder() -> Path:
    """The folder of compiled kernels."""
    if chosen := os.environ.get("UNBEND_CACHE"):
        return Path(chosen).expanduser()
    if sys.platform == "win32":
        base = os.environ.get("LOCALAPPDATA") or "~/AppData/Local"
    elif sys.platform == "darwin":
        base = "~/Library/Caches"
    else:
        base = os.environ.get("XDG_CACHE_HOME") or "~/.cache"
    try:
        return Path(base).expanduser() / "unbend"
    except RuntimeError:  # a user without a home, as in some containers
        return Path(os.devnull) / "unbend"  # cannot be written; a folder in a shared /tmp could be another user's


def compiled_module(prefix: str, text: Callable[[bool], str], dependencies: str = "") -> ModuleType:
    """The module of a kernel file, compiled now unless it is cached.

    ``text`` gives the file's source, for compiled code that is stored on disk (True) or not (False); ``dependencies``
    are the texts of what it imports from this package. ``prefix`` begins the file's name.
    """
    source = text(True)
    stem = f"{prefix}_{_digest(source + dependencies)}"
    path = _write(cache_folder() / "kernels", stem, source)
    began = time.monotonic()
    compiling = path is None or not any((path.parent / "__pycache__").glob(f"{stem}.*.nbi"))
    if compiling:
        _announce_compiling(stored=path is not None)
    with _without_garbage_collection() if compiling else contextlib.nullcontext():
        if path is None:
            module = ModuleType(stem)
            exec(compile(text(False), f"<{stem}>", "exec", dont_inherit=True), module.__dict__)
        else:
            module = _import(stem, path)
    key = "log.kernel_compiled" if compiling else "log.kernel_loaded"
    log.info(key, kernel=stem, seconds=f"{time.monotonic() - began:.1f}")
    return module


@contextlib.contextmanager
def _without_garbage_collection() -> Iterator[None]:
    """A context without garbage collection, which would search the millions of objects that compiling makes."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


def _write(folder: Path, stem: str, text: str) -> Path | None:
    """The path of the kernel file, which is written if it does not exist yet; None where it cannot be."""
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


def _import(stem: str, path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(f"unbend_kernels.{stem}", path)
    if spec is None or spec.loader is None:
        raise ImportError(str(path))
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # Numba looks up the functions' globals there
    spec.loader.exec_module(module)
    return module


def _digest(text: str) -> str:
    return hashlib.sha256((text + _versions()).encode()).hexdigest()[:16]


@cache
def _versions() -> str:
    """What compiled code depends on beside its source: the versions of the compiler and of Python."""
    import llvmlite
    import numba

    return "\n".join([numba.__version__, llvmlite.__version__, sys.version])


def _announce_compiling(stored: bool) -> None:
    global _announced
    if not _announced:
        _announced = True
        log.notice(say("kernels.compiling") if stored else say("kernels.compiling_unstored", folder=cache_folder()))
