"""The mean of several networks is itself a network: their layers side by side, the last one averaged."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from .dense import Array
from .network import Network


def mean_network(members: Sequence[Network]) -> Network:
    """The network that answers the mean of the members' outputs.

    The members have the same layers, the last one straight. First layer: all neurons next to each other; hidden layers:
    block-diagonal W; last layer: W of all members stacked and divided by their number. Exact up to float rounding.
    """
    if len(members) == 1:
        return members[0]
    if any(net.layers[-1].bends for net in members):
        raise ValueError("networks are averaged by their last layers, which must be straight")
    count, first = len(members), members[0]
    pairs: list[tuple[Array, Array]] = []
    last = len(first.layers) - 1
    for i in range(last + 1):
        Ws = [net.layers[i].W for net in members]
        bs = [net.layers[i].b for net in members]
        if i == last:
            W, b = np.concatenate(Ws) / count, np.mean(bs, axis=0)
        elif i == 0:
            W, b = np.concatenate(Ws, axis=1), np.concatenate(bs)
        else:
            W, b = _block_diagonal(Ws), np.concatenate(bs)
        pairs.append((W if last else np.mean(Ws, axis=0), b))
    dense = [
        replace(layer.dense, inputs=W.shape[0], outputs=W.shape[1])
        for layer, (W, _) in zip(first.layers, pairs, strict=True)
    ]
    return Network._from(dense, pairs, first.dtype)


def _block_diagonal(blocks: Sequence[Array]) -> Array:
    rows, columns = blocks[0].shape
    whole = np.zeros((rows * len(blocks), columns * len(blocks)), blocks[0].dtype)
    for k, block in enumerate(blocks):
        whole[k * rows : (k + 1) * rows, k * columns : (k + 1) * columns] = block
    return whole
