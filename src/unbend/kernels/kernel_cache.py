"""`enable_caching`: a kernel's machine code on disk, loaded without all that Numba would need to compile."""

from __future__ import annotations

from typing import Any

from numba.core.caching import FunctionCache
from numba.core.runtime.nrt import rtsys


def enable_caching(kernel: Any) -> None:
    """Store the kernel's machine code beside its file, and look for it there."""
    kernel._cache = _KernelCache(kernel.py_func)


class _KernelCache(FunctionCache):
    """Numba's cache, which before loading a function also imports its implementations of NumPy's functions; these take
    five times as long as the kernel, and compiling imports them by itself."""  # fmt: skip

    def load_overload(self, sig: Any, target_context: Any) -> Any:
        """The compiled function, or None."""
        rtsys.initialize(target_context)
        with self._guard_against_spurious_io_errors():
            return self._load_overload(sig, target_context)
