"""`ascend`: large values of piecewise affine functions on a box by local ascent from piece to piece."""

from __future__ import annotations

import numpy as np

from ..arrays import Array
from .bounds.batch_relaxation import JointNetwork

SAMPLES = 100_000  # random points; fewer for wide networks, whose values would fill the memory
STARTS, CLIMBS = 32, 4  # points that a local search starts from, and the best of these, climbed by linear programs
_STEPS, _MOVES, _NEIGHBOURS, _NUMBERS = 48, 24, 64, 1 << 25


def random_values(net: JointNetwork, box: Array, seed: int) -> tuple[Array, Array]:
    """Random points (n, inputs) of the box, its centre and some corners, and the rows' values there."""
    rng = np.random.default_rng(seed)
    samples = min(SAMPLES, _NUMBERS // max(max(layer.W.shape) for layer in net.layers))
    x = rng.uniform(box[:, 0], box[:, 1], (samples, len(box)))
    corners = np.where(rng.random((min(samples, 1024), len(box))) < 0.5, box[:, 0], box[:, 1])
    x = np.concatenate([x, corners, box.mean(axis=1)[None]])
    return x, net.values(x)


def ascend(net: JointNetwork, box: Array, x: Array, row: Array) -> tuple[Array, Array]:
    """Points and values after a local ascent of row ``row[i]`` from each point x[i].

    The slope of a piece points to a corner of the box; of steps towards it, each half the one before, and of moves
    along single coordinates the best is taken while it improves. The best few then climb from vertex to vertex.
    """
    index = np.arange(len(x))
    best = net.values(x)[index, row]
    fractions = 0.5 ** np.arange(24)
    for _ in range(_STEPS):
        slope = net.gradients(x, row)
        corner = np.where(slope > 0, box[:, 1], np.where(slope < 0, box[:, 0], x))
        steps = x[:, None, :] + (corner - x)[:, None, :] * fractions[:, None]
        moves = np.repeat(x[:, None, :], x.shape[1] * 8, axis=1)
        for d in range(x.shape[1]):
            moves[:, 8 * d : 8 * d + 8, d] += (corner[:, d] - x[:, d])[:, None] * fractions[[0, 1, 2, 4, 6, 9, 13, 18]]
        tried = np.concatenate([steps, moves], axis=1)
        values = net.values(tried.reshape(-1, x.shape[1])).reshape(*tried.shape[:2], -1)
        values = np.take_along_axis(values, row[:, None, None], axis=2)[..., 0]
        top = values.argmax(axis=1)
        better = values[index, top] > best
        if not better.any():
            break
        x = np.where(better[:, None], tried[index, top], x)
        best = np.where(better, values[index, top], best)
    for i in np.argsort(-best, kind="stable")[:CLIMBS]:
        x[i], best[i] = _climb(net, box, x[i], int(row[i]), float(best[i]))
    return x, best


def _climb(net: JointNetwork, box: Array, x: Array, row: int, best: float) -> tuple[Array, float]:
    """Maximise the row on the piece around x by a linear program, then on the pieces around that vertex, and so on."""
    rng = np.random.default_rng(0)
    width = box[:, 1] - box[:, 0]
    start = x
    for _ in range(_MOVES):
        vertex = _best_vertex(net, box, start, row)
        if vertex is None:
            break
        value = float(net.values(vertex[None])[0, row])
        if value > best:
            x, best = vertex, value
        # points around it, on the pieces that meet there
        around = rng.normal(size=(_NEIGHBOURS, len(box))) * width * 10.0 ** rng.uniform(-7, -3, (_NEIGHBOURS, 1))
        around = np.clip(x + around, box[:, 0], box[:, 1])
        values = net.values(around)[:, row]
        if not values.max() > best + 1e-13 * abs(best):
            break
        start = around[values.argmax()]
        x, best = start, float(values.max())
    return x, best


def _best_vertex(net: JointNetwork, box: Array, x: Array, row: int) -> Array | None:
    """Where the row is largest on the closed piece around x."""
    from scipy.optimize import linprog

    A, c = np.eye(len(box)), np.zeros(len(box))  # h = x A + c on the piece
    left, right = [], []
    for layer, slope in zip(net.layers, net.slopes(x[None]), strict=True):
        A, c = A @ layer.W, c @ layer.W + layer.b
        z = x @ A + c
        intercept = np.empty(len(z))
        for f, columns in layer.groups:
            kinks = np.array([-np.inf, *map(float, f.breaks), np.inf])
            piece = np.searchsorted(kinks[1:-1], z[columns])
            intercept[columns] = np.array([float(t) for _, t in f.lines])[piece]
            for end, sign in ((kinks[piece + 1], 1), (kinks[piece], -1)):
                bounded = np.flatnonzero(np.isfinite(end))
                left.append(sign * A[:, columns][:, bounded].T)
                right.append(sign * (end - c[columns])[bounded])
        A, c = A * slope[0], c * slope[0] + intercept
    program = linprog(-(A @ net.rows[row]), np.vstack(left), np.concatenate(right), bounds=box, method="highs")
    return None if program.x is None else np.clip(program.x, box[:, 0], box[:, 1])
