"""Networks as compiled functions: array in, array out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from ..activations import Activation
from ..network.dense import Array
from ..network.epoch import Recipe
from ..network.gradient import Pair
from ..network.network import Network
from .generate import Pieces, distinct, panel
from .kernels import kernel
from .machine import lanes, threads
from .panel_packing import CHUNK_ROWS, layout, pack
from .threads import each, team

_WORTH = 20_000_000  # multiplications that are worth waking another thread


def compiled(net: Network) -> Callable[[Any], Array]:
    """The network as a function: (n, inputs) -> (n, outputs), or one row (inputs,) -> (outputs,).

    It gives what ``net(x)`` gives, up to rounding, in a fraction of the time: a small network answers a few rows in
    about a microsecond. An array of the network's dtype, C-ordered, is taken as it is; anything else goes by
    ``net.rows``, which casts or raises ``ShapeError``. The first network with some choice of activations takes a
    second or two to compile; from then on the code lies in the cache folder.
    """
    pairs = [(W[None], b[None, None]) for W, b in net.arrays]
    run, plan, packed = _prepared([layer.activation for layer in net.layers], pairs, net.dtype)
    p = packed[0]
    inputs, outputs, dtype = net.inputs, net.outputs, net.dtype
    few = max(CHUNK_ROWS, _WORTH // max(1, sum(W.size for W, _ in net.arrays)))
    empty, array_type = np.empty, np.ndarray

    def answer(x: Any) -> Array:
        if type(x) is array_type and x.ndim == 2 and x.dtype is dtype and x.flags.c_contiguous:
            n, columns = x.shape
            if columns == inputs and n <= few:
                out = empty((n, outputs), dtype)
                run(x, 0, n, plan, p, out)
                return out
        rows = np.ascontiguousarray(net.rows(x))
        out = empty((len(rows), outputs), dtype)
        spread(run, rows, plan, p, out, few)
        return out if np.ndim(x) == 2 else out[0]

    return answer


def spread(run: Any, x: Array, plan: Array, p: Array, out: Array, few: int) -> None:
    """Run the kernel on all rows, by several threads where there are more than ``few``."""
    n = len(x)
    hands = min(threads(), -(-n // few)) if n else 1
    if hands == 1:
        run(x, 0, n, plan, p, out)
        return
    starts = iter(range(0, n, share := -(-n // (4 * hands) // CHUNK_ROWS) * CHUNK_ROWS + CHUNK_ROWS))

    def some() -> None:
        for start in starts:
            run(x, start, min(n, start + share), plan, p, out)

    team(some, hands)


def infer_members(recipe: Recipe, pairs: Sequence[Pair], x: Array) -> Array:
    """Every member's output (m, n, outputs) for x (n, inputs) or (m, n, inputs)."""
    run, plan, p = _prepared(recipe.activations, pairs, x.dtype)
    out = np.empty((len(p), x.shape[-2], recipe.layers[-1].outputs), x.dtype)

    def member(k: int) -> None:
        run(x if x.ndim == 2 else x[k], 0, x.shape[-2], plan, p[k], out[k])

    each(member, len(p), work=x.shape[-2] * p.shape[1])
    return out


def _prepared(
    activations: Sequence[Activation], pairs: Sequence[Pair], dtype: np.dtype[Any]
) -> tuple[Any, Array, Array]:
    """The kernel, its plan and the members' packed weights (m, floats)."""
    records = distinct(activations)
    pieces = Pieces(records, None, None, dtype.name, lanes(dtype.itemsize))
    run = kernel("answer", pieces)
    sizes = [(W.shape[1], W.shape[2]) for W, _ in pairs]
    plan = layout(sizes, [records.index(a) for a in activations], pieces.lanes)
    return run, plan, pack(plan, pairs, pieces.lanes, panel(pieces), dtype)
