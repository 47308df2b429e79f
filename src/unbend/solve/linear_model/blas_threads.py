"""`one_blas_thread`: matrix products on one thread for a while.

L-BFGS asks for thousands of small products. BLAS shares each among its threads, which then wait for each other; beside
a busy neighbour that makes a fit many times slower.
"""

from __future__ import annotations

from contextlib import AbstractContextManager
from functools import cache
from typing import Any


@cache
def _controller() -> Any:
    """The loaded BLAS libraries; looked up once, since that takes some milliseconds."""
    from threadpoolctl import ThreadpoolController

    return ThreadpoolController()


def one_blas_thread() -> AbstractContextManager[Any]:
    """A context in which BLAS uses one thread."""
    context: AbstractContextManager[Any] = _controller().limit(limits=1, user_api="blas")
    return context
