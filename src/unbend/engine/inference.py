"""Networks as compiled functions: array in, array out."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from ..activations import Activation
from ..arrays import Array
from ..network.epoch import Recipe
from ..network.gradient import Pair
from ..network.network import Network
from .generate import Pieces, distinct, panel
from .helper import Helper
from .kernels import kernel
from .machine import lanes, threads
from .panel_packing import CHUNK_ROWS, layout, pack
from .threads import each, team

# multiplications that are worth a helper who is awake, and worth waking other threads
_HELPED, _WORTH = 1_500_000, 25_000_000
_PORTIONS = 16  # for each thread at most: nobody waits long for the last one


def compiled(net: Network) -> Callable[[Any], Array]:
    """The network as a function: (n, inputs) -> (n, outputs), or one row (inputs,) -> (outputs,).

    It gives what ``net(x)`` gives, up to rounding, in a fraction of the time: a small network answers a few rows in
    about a microsecond. An array of the network's dtype, C-ordered, is taken as it is; anything else goes by
    ``net.rows``, which casts or raises ``ShapeError``. The first network with some choice of activations takes a
    second or two to compile; from then on the code lies in the cache folder.
    """
    records = [layer.activation for layer in net.layers]
    pieces = _pieces(records, net.dtype)
    plan, packed = _packed(records, [(W[None], b[None, None]) for W, b in net.arrays], pieces)
    run, p = kernel("answer", pieces), packed[0]
    inputs, outputs, dtype = net.inputs, net.outputs, net.dtype
    weights = sum(W.size for W, _ in net.arrays)
    few = _HELPED // weights
    empty, array_type = np.empty, np.ndarray
    several = _several(pieces, plan, p, max(CHUNK_ROWS, _WORTH // weights))

    def answer(x: Any) -> Array:
        if type(x) is array_type and x.ndim == 2 and x.dtype is dtype and x.flags.c_contiguous:
            n, columns = x.shape
            if columns == inputs and n <= few:
                out = empty((n, outputs), dtype)
                run(x, 0, n, plan, p, out)
                return out
        rows = np.ascontiguousarray(net.rows(x))
        out = empty((len(rows), outputs), dtype)
        if len(rows) <= few or not several(rows, out):
            run(rows, 0, len(rows), plan, p, out)
        return out if np.ndim(x) == 2 else out[0]

    return answer


def _several(pieces: Pieces, plan: Array, p: Array, many: int) -> Callable[[Array, Array], bool]:
    """Answers by more than one thread, where there are more: up to ``many`` rows with a helper, beyond by all."""
    helpers: list[Helper] = []

    def answer(x: Array, out: Array) -> bool:
        hands = threads()
        if hands == 1:
            return False
        if len(x) > many:
            _spread(kernel("answer", pieces), x, plan, p, out, hands)
            return True
        if not helpers:
            shared, along = (kernel("answer_shared", pieces, name) for name in ("answer_shared", "help_along"))
            helpers.append(Helper(shared, along, plan, p))
        return helpers[0].answer(x, out)

    return answer


def _spread(run: Any, x: Array, plan: Array, p: Array, out: Array, hands: int) -> None:
    """Portions of rows to all threads."""
    portion = -(-len(x) // (_PORTIONS * hands * CHUNK_ROWS)) * CHUNK_ROWS
    starts = deque(range(0, len(x), portion))

    def some() -> None:
        while starts:
            try:
                start = starts.popleft()
            except IndexError:  # another thread took the last one
                return
            run(x, start, min(len(x), start + portion), plan, p, out)

    team(some, hands)


def infer_members(recipe: Recipe, pairs: Sequence[Pair], x: Array) -> Array:
    """Every member's output (m, n, outputs) for x (n, inputs) or (m, n, inputs)."""
    pieces = _pieces(recipe.activations, x.dtype)
    plan, p = _packed(recipe.activations, pairs, pieces)
    run = kernel("answer", pieces)
    out = np.empty((len(p), x.shape[-2], recipe.layers[-1].outputs), x.dtype)

    def member(k: int) -> None:
        run(x if x.ndim == 2 else x[k], 0, x.shape[-2], plan, p[k], out[k])

    each(member, len(p), work=x.shape[-2] * p.shape[1])
    return out


def _pieces(activations: Sequence[Activation], dtype: np.dtype[Any]) -> Pieces:
    return Pieces(distinct(activations), None, None, dtype.name, lanes(dtype.itemsize))


def _packed(activations: Sequence[Activation], pairs: Sequence[Pair], pieces: Pieces) -> tuple[Array, Array]:
    """The plan and the members' packed weights (m, floats)."""
    sizes = [(W.shape[1], W.shape[2]) for W, _ in pairs]
    plan = layout(sizes, [pieces.activations.index(a) for a in activations], pieces.lanes)
    return plan, pack(plan, pairs, pieces.lanes, panel(pieces), pieces.dtype)
