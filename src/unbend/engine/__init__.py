"""The compiled engine: the networks of ``network/``, trained and run by kernels compiled with Numba.

``run_epoch`` and ``infer`` replace those of ``unbend.network``; ``compiled`` turns a network into a function.

Where to look:

- ``dispatch.py`` chooses between NumPy and the two training kernels by the size of the job; ``job.py`` brings the
  arguments into the form that kernels take.
- ``small/`` trains small networks: 10-64-2 is trained by ``small/kernel.py``, called from ``small/epoch.py``.
- ``large/`` trains larger ones, such as 784-128-10 (``large/kernel.py``).
- ``binned/`` trains and runs networks of columns and their piecewise linear encoding (`BinnedRows`).
- ``inference/`` runs networks of any size.
- ``codegen/`` makes the kernels: their source from the records of activations, losses and optimizers, compiled and
  cached on disk.
- ``simd/`` has what the kernels compute with: SIMD vectors, elementary functions, atomics.
- ``layer_table.py`` names the columns of the layer table; ``machine.py`` has the SIMD width.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ..arrays import Array
from ..network import Network
from .binned.rows import BinnedRows
from .dispatch import infer, run_epoch

__all__ = ["BinnedRows", "compiled", "infer", "infer_rows", "run_epoch"]


def compiled(net: Network) -> Callable[[Any], Array]:
    """The network as a compiled function of an array; see ``inference.predict.compiled``."""
    from .inference.predict import compiled as of

    return of(net)


def infer_rows(net: Network, x: Any) -> Array:
    """The outputs of a table's network model for rows; see ``inference.block_predict.infer_rows``."""
    from .inference.block_predict import infer_rows as of

    return of(net, x)
