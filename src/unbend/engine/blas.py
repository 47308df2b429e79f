"""BLAS products from inside a kernel, through the addresses SciPy publishes; one thread each."""

from __future__ import annotations

import contextlib
import ctypes
import sys
import threading
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

_NAMES = ["scipy_openblas_{}_num_threads", "openblas_{}_num_threads", "MKL_{}_Num_Threads"]


@cache
def gemm_address(dtype: str) -> int:
    """Where BLAS's ``sgemm`` or ``dgemm`` lies in memory."""
    from numba.extending import get_cython_function_address

    address: int = get_cython_function_address("scipy.linalg.cython_blas", "sgemm" if dtype == "float32" else "dgemm")
    return address


@cache
def yield_address() -> int:
    """Where the system's function lies that lets another thread run."""
    function = ctypes.windll.kernel32.SwitchToThread if sys.platform == "win32" else ctypes.CDLL(None).sched_yield
    return ctypes.cast(function, ctypes.c_void_p).value or 0


_lock = threading.Lock()
_users = 0
_before = 0


@contextlib.contextmanager
def one_thread_each() -> Iterator[bool]:
    """While inside, a product runs on the thread that asks for it. False where SciPy's BLAS cannot be told so."""
    global _users, _before
    control = _control()
    if control is None:
        yield False
        return
    get, set_ = control
    with _lock:
        _users += 1
        if _users == 1:
            _before = get()
            set_(1)
    try:
        yield True
    finally:
        with _lock:
            _users -= 1
            if _users == 0:
                set_(_before)


@cache
def _control() -> tuple[Callable[[], int], Callable[[int], Any]] | None:
    """The thread count of the BLAS that SciPy brought along: how to ask for it and how to set it."""
    import scipy.linalg.cython_blas  # loads the library

    package = Path(scipy.__file__).parent
    beside = [*package.parent.glob("scipy.libs/*openblas*"), *package.glob(".dylibs/*openblas*")]
    for path in [*beside, None]:  # None: a library the whole process sees
        with contextlib.suppress(OSError):
            library = ctypes.CDLL(None if path is None else str(path))
            for name in _NAMES:
                get, set_ = (getattr(library, name.format(verb), None) for verb in ("get", "set"))
                get = get or getattr(library, name.format("Get").replace("Num", "Max"), None)
                set_ = set_ or getattr(library, name.format("Set"), None)
                if get is not None and set_ is not None:
                    return get, set_
    return None
