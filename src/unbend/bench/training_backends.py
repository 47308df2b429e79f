"""Libraries timed at training: each function gives a call that runs one epoch. Here those with little set-up."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from importlib import import_module
from typing import Any

import numpy as np

from ..arrays import Array
from ..engine import run_epoch
from ..network import Stack
from ..network import run_epoch as plain_epoch
from .backends_jax import jax_scan
from .backends_tinygrad import tinygrad_steps
from .backends_torch import torch_compiled, torch_eager
from .workload import Epoch, NotAvailable, Workload

Builder = Callable[[Workload], Epoch]


def unbend(workload: Workload) -> Epoch:
    """The engine, with the kernel it chooses itself."""
    recipe, order = workload.recipe, workload.order[None]
    stack = Stack.begin([workload.network.arrays], recipe.optimizer)
    return lambda: run_epoch(recipe, stack, x=workload.x, y=workload.y, order=order, rate=workload.rate)


def plain(workload: Workload) -> Epoch:
    """The NumPy reference that the engine is tested against."""
    recipe, order = workload.recipe, workload.order[None]
    stack = Stack.begin([workload.network.arrays], recipe.optimizer)
    return lambda: plain_epoch(recipe, stack, x=workload.x, y=workload.y, order=order, rate=workload.rate)


def products(workload: Workload) -> Epoch:
    """The matrix products of every step by NumPy's ``matmul`` and nothing else: forward, deltas, gradients."""
    weights = [W.copy() for W, _ in workload.network.arrays]

    def buffers_for(n: int) -> list[tuple[Array, Array, Array, Array]]:
        return [(np.empty((n, W.shape[1]), W.dtype), np.ones((n, W.shape[1]), W.dtype) / 100,
                 np.empty((n, W.shape[0]), W.dtype), np.empty_like(W)) for W in weights]  # fmt: skip

    buffers = {n: buffers_for(n) for n in {workload.batch, workload.rows % workload.batch or workload.batch}}

    def epoch() -> None:
        for start in range(0, workload.rows, workload.batch):
            x = workload.x[start : start + workload.batch]
            h, buffer = x, buffers[len(x)]
            for W, (z, _, _, _) in zip(weights, buffer, strict=True):
                np.matmul(h, W, out=z)
                h = z
            for i in range(len(weights) - 1, -1, -1):
                before = x if i == 0 else buffer[i - 1][0]
                _, delta, back, gradient = buffer[i]
                np.matmul(before.T, delta, out=gradient)
                if i:
                    np.matmul(delta, weights[i].T, out=back)

    return epoch


def sklearn(workload: Workload) -> Epoch:
    """scikit-learn's ``MLPClassifier``: ``partial_fit`` is one epoch of minibatches."""
    try:
        neural: Any = import_module("sklearn.neural_network")
    except ImportError as error:
        raise NotAvailable(str(error)) from None
    model = neural.MLPClassifier(
        workload.sizes[1:-1], activation={"relu": "relu", "sigmoid": "logistic", "tanh": "tanh"}[workload.activation],
        solver=workload.optimizer, batch_size=workload.batch, learning_rate_init=workload.rate, alpha=0.0, momentum=0.0,
        nesterovs_momentum=False, random_state=0,
    )  # fmt: skip
    classes = np.arange(workload.sizes[-1])

    def epoch() -> None:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            model.partial_fit(workload.x, workload.y, classes=classes)

    return epoch


TRAINING_BACKENDS: dict[str, Builder] = {
    "unbend": unbend,
    "products alone": products,
    "PyTorch": torch_eager,
    "torch.compile": torch_compiled,
    "JAX": jax_scan,
    "scikit-learn": sklearn,
    "tinygrad": tinygrad_steps,
    "NumPy reference": plain,
}
SLOW = ("torch.compile", "tinygrad")
QUICK = ("unbend", "products alone", "PyTorch", "JAX", "scikit-learn")
