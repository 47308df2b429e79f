"""The same network as in ``network/``, fast: one call trains an epoch, one call infers.

``run_epoch`` and ``infer`` stand in for those of ``unbend.network``; ``compiled`` turns a network into a function.
Small networks train in a loop of their own (``tiles.py``), larger ones by products of blocks (``rows.py``); both are
Python text, completed from the records of activations, losses and optimisers (``generate.py``) and compiled once for a
machine (``kernels.py``).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ..arrays import Array
from ..network import Network
from .epoch import infer, run_epoch

__all__ = ["compiled", "infer", "run_epoch"]


def compiled(net: Network) -> Callable[[Any], Array]:
    """The network as a compiled function of an array; see ``inference.compiled``."""
    from .inference import compiled as of

    return of(net)
