"""JAX on the CPU: the full epoch as one ``jit`` with ``lax.scan`` over the minibatches."""

from __future__ import annotations

import os
from importlib import import_module
from typing import Any

import numpy as np

from .workload import Epoch, NotAvailable, Workload


def jax_scan(workload: Workload) -> Epoch:
    """Rows are gathered inside the scan; a last, smaller minibatch gets one step of its own."""
    os.environ.setdefault("JAX_PLATFORMS", "cpu")
    try:
        jax: Any = import_module("jax")
    except ImportError as error:
        raise NotAvailable(str(error)) from None
    numpy, bend = jax.numpy, getattr(jax.nn, workload.activation)
    x, y = numpy.asarray(workload.x), numpy.asarray(workload.y)
    whole = workload.rows // workload.batch * workload.batch
    full, rest = workload.order[:whole].reshape(-1, workload.batch), workload.order[whole:]
    rate = workload.rate

    def loss(p: Any, rows: Any) -> Any:
        h = x[rows]
        for W, b in p[:-1]:
            h = bend(h @ W + b)
        z = h @ p[-1][0] + p[-1][1]
        return -numpy.take_along_axis(jax.nn.log_softmax(z), y[rows][:, None], axis=1).mean()

    def sgd(state: Any, rows: Any) -> Any:
        p, memory, t = state
        g = jax.grad(loss)(p, rows)
        return (jax.tree.map(lambda a, d: a - rate * d, p, g), memory, t), None

    def adam(state: Any, rows: Any) -> Any:
        p, (m, v), t = state
        g, t = jax.grad(loss)(p, rows), t + 1
        m = jax.tree.map(lambda a, d: 0.9 * a + 0.1 * d, m, g)
        v = jax.tree.map(lambda a, d: 0.999 * a + 0.001 * d * d, v, g)
        c1, c2 = 1 - 0.9**t, 1 - 0.999**t
        p = jax.tree.map(lambda a, m, v: a - rate * (m / c1) / (numpy.sqrt(v / c2) + 1e-8), p, m, v)
        return (p, (m, v), t), None

    step = {"sgd": sgd, "adam": adam}[workload.optimizer]

    def all_steps(state: Any) -> Any:
        state, _ = jax.lax.scan(step, state, numpy.asarray(full))
        return step(state, numpy.asarray(rest))[0] if len(rest) else state

    run = jax.jit(all_steps)
    p = [(numpy.asarray(W), numpy.asarray(b)) for W, b in workload.network.arrays]
    zeros = jax.tree.map(numpy.zeros_like, p)
    held = [(p, (zeros, zeros), numpy.asarray(np.float32(0)))]

    def epoch() -> None:
        held[0] = jax.block_until_ready(run(held[0]))

    return epoch
